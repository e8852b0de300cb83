// The convolution is oneDNN's. Every layer still takes plain numbers and gives plain numbers, as Caffe's blobs do.
#include "caffe.hpp"
#include "wheel.hpp"

void step(const Given& given, const Found& found) {
  static caffe::OneDnnConvolution convolution(wheel::kConvolution);
  static caffe::Blobs blobs;
  static wheel::Input in, din;
  static wheel::Whole x, dx;
  static wheel::Pooled y, dy;
  static wheel::Places where;

  wheel::pack(given.x, in);
  convolution.forward(in.at, given.weights, given.bias, x.at);
  wheel::unpack(x, blobs.x.data());

  wheel::pack(blobs.x.data(), x);
  wheel::relu(x);
  wheel::max_pool(x, y, where);
  wheel::unpack(y, found.y);

  wheel::pack(given.dy, dy);
  wheel::max_pool_backward(dy, where, dx);
  wheel::relu_backward(x, dx);
  wheel::unpack(dx, blobs.dx.data());

  wheel::pack(blobs.dx.data(), dx);
  convolution.backward(dx.at, given.weights, din.at);
  wheel::unpack(din, found.dx);
}
