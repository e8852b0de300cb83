// ReLU and pooling by whole registers. They want blocks of channels, so numbers are packed before and unpacked after.
#include "caffe.hpp"
#include "lanes.hpp"

void step(const Given& given, const Found& found) {
  static caffe::Blobs blobs;
  static lanes::Whole x, dx;
  static lanes::Pooled y, dy;
  static lanes::Places where;

  caffe::convolution(given, blobs.x.data());
  lanes::pack(blobs.x.data(), x);
  lanes::relu(x);
  lanes::max_pool(x, y, where);
  lanes::unpack(y, found.y);

  lanes::pack(given.dy, dy);
  lanes::max_pool_backward(dy, where, dx);
  lanes::relu_backward(x, dx);
  lanes::unpack(dx, blobs.dx.data());
  caffe::convolution_backward(given, blobs.dx.data(), found.dx);
}
