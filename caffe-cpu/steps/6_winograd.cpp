// Fewer multiplications: with Winograd's method, a 3x3 convolution needs a quarter of them. It cuts off what is negative
// before it writes, so that ReLU's slope can be taken at the pooling's winners: four times fewer numbers to look at.
#include "winograd.hpp"

void step(const Given& given, const Found& found) {
  const auto weight = [&](int k, int c, int tap) { return given.weights[(k * kIn + c) * kTaps + tap]; };
  const auto turned = [&](int c, int k, int tap) { return weight(k, c, kTaps - 1 - tap); };
  static winograd::Convolution<kIn, kOut> forward(weight, given.bias, true);
  static winograd::Convolution<kOut, kIn> backward(turned, nullptr, false);
  static lanes::Input in, din;
  static lanes::Whole x, dx;
  static lanes::Pooled y, dy;
  static lanes::Places where;

  lanes::pack(given.x, in);
  forward(in, x);
  lanes::max_pool(x, y, where);
  lanes::unpack(y, found.y);

  lanes::pack(given.dy, dy);
  lanes::relu_backward(y, dy);
  lanes::max_pool_backward(dy, where, dx);
  backward(dx, din);
  lanes::unpack(din, found.dx);
}
