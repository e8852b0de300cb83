// A depthwise convolution, where every channel has a kernel of its own: for processors where oneDNN is not fast. It
// takes `lanes` channels at a time. Its weights are few: they are packed for every call.
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

  void forward(const float* x, const float* weights, const float* bias, float* y) override {
    const Packed kernel(weights, in_.channels, taps()), start(bias, in_.channels, 1);
    const int rows = window_.out_height, groups = in_.groups();
    parallel(out_.num * groups * rows, out_.size(), [&](int i) {
      const int at = i / rows, row = i % rows;
      kernels().depthwise_row(window_, x + at * in_.group_size(), kernel.group(at % groups), start.group(at % groups),
                              y + at * out_.group_size(), row);
    });
  }

  void backward(const float* dy, const float* weights, float* dx) override {
    const Packed kernel(weights, in_.channels, taps());
    const int groups = in_.groups();
    // Windows overlap, so each group of channels stays on one thread.
    parallel(in_.num * groups, in_.size(), [&](int at) {
      kernels().depthwise_backward(window_, dy + at * out_.group_size(), kernel.group(at % groups),
                                   dx + at * in_.group_size());
    });
  }

 private:
  // Numbers in blocks, channels x pixels; zeros if there are none.
  class Packed {
   public:
    Packed(const float* plain, int channels, int pixels)
        : shape_{1, channels, pixels}, blob_({shape_.groups(), pixels, Blocks::lanes()}) {
      float* blocks = blob_.mutable_cpu_data();
      for (int group = 0; plain && group < shape_.groups(); ++group) {
        const int first = group * Blocks::lanes(), real = std::min(Blocks::lanes(), channels - first);
        kernels().pack(plain + first * pixels, blocks + group * shape_.group_size(), real, pixels);
      }
    }
    const float* group(int i) const { return blob_.cpu_data() + i * shape_.group_size(); }

   private:
    const Blocks shape_;
    Blob<float> blob_;  // zeros at first
  };

  int taps() const { return window_.kernel_h * window_.kernel_w; }

  const Window window_;
  const Blocks in_, out_;
};

}  // namespace caffe
