// Nothing that nobody reads: one forward pass serves both questions, and no weight's gradient is computed.
#include "caffe.hpp"

void step(const Given& given, const Found& found) {
  static caffe::Blobs blobs;

  caffe::forward(given, found.y, blobs);

  caffe::max_pool_backward(given.dy, blobs.where.data(), blobs.dx.data());
  caffe::relu_backward(blobs.x.data(), blobs.dx.data());
  caffe::convolution_backward(given, blobs.dx.data(), found.dx);
}
