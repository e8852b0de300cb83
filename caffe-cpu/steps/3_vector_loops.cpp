// ReLU and pooling by whole registers. They want blocks of channels, so numbers are packed before and unpacked after.
#include "caffe.hpp"
#include "wheel.hpp"

void step(const Given& given, const Found& found) {
  static caffe::Blobs blobs;
  static wheel::Whole x, dx;
  static wheel::Pooled y, dy;
  static wheel::Places where;

  caffe::convolution(given, blobs.x.data());
  wheel::pack(blobs.x.data(), x);
  wheel::relu(x);
  wheel::max_pool(x, y, where);
  wheel::unpack(y, found.y);

  wheel::pack(given.dy, dy);
  wheel::max_pool_backward(dy, where, dx);
  wheel::relu_backward(x, dx);
  wheel::unpack(dx, blobs.dx.data());
  caffe::convolution_backward(given, blobs.dx.data(), found.dx);
}
