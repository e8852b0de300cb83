// The article's loop: look, then forward again and backward through everything, the weights' gradients included.
#include "caffe.hpp"

void step(const Given& given, const Found& found) {
  static caffe::Blobs blobs;
  static std::vector<float> dweights(kOut * kIn * kTaps), dbias(kOut);

  caffe::forward(given, found.y, blobs);  // what does the network say now?
  caffe::forward(given, found.y, blobs);

  caffe::max_pool_backward(given.dy, blobs.where.data(), blobs.dx.data());
  caffe::relu_backward(blobs.x.data(), blobs.dx.data());
  caffe::weight_gradient(given, blobs.dx.data(), dweights.data(), dbias.data());  // nobody reads them
  caffe::convolution_backward(given, blobs.dx.data(), found.dx);
}
