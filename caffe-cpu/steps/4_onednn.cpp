// The convolution is oneDNN's. Every layer still takes plain numbers and gives plain numbers, as Caffe's blobs do.
#include "caffe.hpp"
#include "onednn.hpp"

void step(const Given& given, const Found& found) {
  static onednn::Convolution convolution(given);
  static caffe::Blobs blobs;
  static lanes::Input in, din;
  static lanes::Whole x, dx;
  static lanes::Pooled y, dy;
  static lanes::Places where;

  lanes::pack(given.x, in);
  convolution.forward(in, x);
  lanes::unpack(x, blobs.x.data());

  lanes::pack(blobs.x.data(), x);
  lanes::relu(x);
  lanes::max_pool(x, y, where);
  lanes::unpack(y, found.y);

  lanes::pack(given.dy, dy);
  lanes::max_pool_backward(dy, where, dx);
  lanes::relu_backward(x, dx);
  lanes::unpack(dx, blobs.dx.data());

  lanes::pack(blobs.dx.data(), dx);
  convolution.backward(dx, din);
  lanes::unpack(din, found.dx);
}
