// A depthwise convolution, where every channel has a kernel of its own: for processors where oneDNN is not fast.
#pragma once
#include "convolution_method.hpp"
#include "fast.hpp"

namespace caffe {

class Depthwise : public ConvolutionMethod {
 public:
  // For `num` pictures, and a kernel without dilation.
  Depthwise(const Window& window, int num, int channels)
      : window_(window),
        in_{num, channels, window.height * window.width},
        out_{num, channels, window.out_height * window.out_width} {}

  void forward(const float* x, const float* weights, const float* bias, float* y) override;
  void backward(const float* dy, const float* weights, float* dx) override;

 private:
  int taps() const { return window_.kernel_h * window_.kernel_w; }

  const Window window_;
  const Blocks in_, out_;
};

}  // namespace caffe
