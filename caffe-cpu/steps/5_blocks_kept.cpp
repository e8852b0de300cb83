// Between the layers numbers stay in blocks. Only what goes in and out is packed and unpacked.
#include "wheel.hpp"

void step(const Given& given, const Found& found) {
  static caffe::OneDnnConvolution convolution(wheel::kConvolution);
  static wheel::Input in, din;
  static wheel::Whole x, dx;
  static wheel::Pooled y, dy;
  static wheel::Places where;

  wheel::pack(given.x, in);
  convolution.forward(in.at, given.weights, given.bias, x.at);
  wheel::relu(x);
  wheel::max_pool(x, y, where);
  wheel::unpack(y, found.y);

  wheel::pack(given.dy, dy);
  wheel::max_pool_backward(dy, where, dx);
  wheel::relu_backward(x, dx);
  convolution.backward(dx.at, given.weights, din.at);
  wheel::unpack(din, found.dx);
}
