// Between the layers numbers stay in blocks. Only what goes in and out is packed and unpacked.
#include "onednn.hpp"

void step(const Given& given, const Found& found) {
  static onednn::Convolution convolution(given);
  static lanes::Input in, din;
  static lanes::Whole x, dx;
  static lanes::Pooled y, dy;
  static lanes::Places where;

  lanes::pack(given.x, in);
  convolution.forward(in, x);
  lanes::relu(x);
  lanes::max_pool(x, y, where);
  lanes::unpack(y, found.y);

  lanes::pack(given.dy, dy);
  lanes::max_pool_backward(dy, where, dx);
  lanes::relu_backward(x, dx);
  convolution.backward(dx, din);
  lanes::unpack(din, found.dx);
}
