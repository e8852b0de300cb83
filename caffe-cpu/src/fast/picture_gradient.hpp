// The gradient of a convolution's input when that is a picture, with a handful of channels: oneDNN fills them up to
// `lanes` and computes mostly zeros.
//
// Each pixel of dy times all weights gives what it adds to a patch of the picture. Strips of dy's rows go to the
// threads, each with sums of its own, because patches overlap; the strips are added at the end, always in the same
// order, so that the numbers do not depend on the number of threads.
#pragma once
#include "fast.hpp"

namespace caffe {

class PictureGradient {
 public:
  // `window` lays the kernel over the picture; dilation and groups are not known here.
  PictureGradient(const Window& window, int channels, int outputs)
      : window_(window), channels_(channels), outputs_(outputs) {
    const int step = kernels().step, patch = window.kernel_h * window.kernel_w * channels;
    width_ = (patch + step - 1) / step * step;
    weights_.Reshape({outputs, width_});
  }

  // Takes the weights over, in Caffe's layout: outputs x channels x kernel_h x kernel_w.
  void set_weights(const float* weights) {
    const int taps = window_.kernel_h * window_.kernel_w, step = kernels().step;
    float* packed = weights_.mutable_cpu_data();
    for (int k = 0; k < outputs_; ++k) {
      for (int c = 0; c < channels_; ++c) {
        for (int tap = 0; tap < taps; ++tap) {
          const int column = tap * channels_ + c;
          packed[(column / step * outputs_ + k) * step + column % step] = weights[(k * channels_ + c) * taps + tap];
        }
      }
    }
  }

  // From dy in blocks to dx, plain, for `num` pictures.
  void compute(const float* dy, float* dx, int num) {
    const Window& w = window_;
    const size_t picture = static_cast<size_t>(channels_) * w.height * w.width;
    const Blocks out = {num, outputs_, w.out_height * w.out_width};
    strips_.Reshape({num, strips(), static_cast<int>(strip_size())});
    float* sums = strips_.mutable_cpu_data();
    parallel(num * strips(), out.size(), [&](int i) {
      Blob<float> columns({w.out_width, width_});
      sum_strip(dy + i / strips() * out.groups() * out.group_size(), i % strips(), sums + i * strip_size(),
                columns.mutable_cpu_data());
    });
    parallel(num * w.height, out.size(), [&](int i) {
      gather(i % w.height, sums + i / w.height * strips() * strip_size(), dx + i / w.height * picture);
    });
  }

 private:
  void sum_strip(const float* dy, int strip, float* sums, float* columns) const {
    const Window& w = window_;
    const size_t row_of_dy = static_cast<size_t>(w.out_width) * Blocks::lanes();
    const int line = w.kernel_w * channels_;  // one row of a patch
    std::fill_n(sums, strip_size(), 0.f);
    for (int r = 0; r < kStrip && strip * kStrip + r < w.out_height; ++r) {
      kernels().multiply(dy + (strip * kStrip + r) * row_of_dy, row_of_dy * w.out_height, outputs_,
                         weights_.cpu_data(), width_, w.out_width, columns);
      for (int column = 0; column < w.out_width; ++column) {
        for (int i = 0; i < w.kernel_h; ++i) {
          float* to = sums + (r * w.stride_h + i) * row_size() + column * w.stride_w * channels_;
          kernels().add(columns + column * width_ + i * line, to, to, line);
        }
      }
    }
  }

  // Row `y` of the picture: the sum of the strips that reach it, every channel to its place.
  void gather(int y, const float* strips, float* dx) const {
    const Window& w = window_;
    const int covered = std::min(w.width, row_size() / channels_ - w.pad_w);
    for (int c = 0; c < channels_; ++c) std::fill_n(dx + (c * w.height + y) * w.width, w.width, 0.f);
    for (int strip = 0; strip < this->strips(); ++strip) {
      const int row = y + w.pad_h - strip * kStrip * w.stride_h;
      if (row < 0 || row >= strip_rows()) continue;
      const float* from = strips + strip * strip_size() + row * row_size() + w.pad_w * channels_;
      for (int c = 0; c < channels_; ++c)
        for (int x = 0; x < covered; ++x) dx[(c * w.height + y) * w.width + x] += from[x * channels_ + c];
    }
  }

  int strips() const { return (window_.out_height + kStrip - 1) / kStrip; }
  // A strip's part of the padded picture: rows, and numbers in a row, where a pixel's channels lie side by side.
  int strip_rows() const { return (kStrip - 1) * window_.stride_h + window_.kernel_h; }
  int row_size() const { return ((window_.out_width - 1) * window_.stride_w + window_.kernel_w) * channels_; }
  size_t strip_size() const { return static_cast<size_t>(strip_rows()) * row_size(); }

  static constexpr int kStrip = 8;  // rows of dy that one thread takes at a time
  Window window_;
  int channels_, outputs_, width_;
  Blob<float> weights_, strips_;
};

}  // namespace caffe
