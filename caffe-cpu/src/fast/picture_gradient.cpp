// Each pixel of dy times all weights gives what it adds to a patch of the picture. Strips of dy's rows go to the
// threads, each with sums of its own, because patches overlap; the strips are added at the end, always in the same
// order, so that the numbers do not depend on the number of threads.
#include "picture_gradient.hpp"

namespace caffe {

PictureGradient::PictureGradient(const Window& window, int channels, int outputs)
    : window_(window), channels_(channels), outputs_(outputs) {
  const int step = kernels().step, patch = window.kernel_h * window.kernel_w * channels;
  width_ = (patch + step - 1) / step * step;
  weights_.Reshape({outputs, width_});
}

void PictureGradient::set_weights(const float* weights) {
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

void PictureGradient::compute(const float* dy, float* dx, int num) {
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

void PictureGradient::sum_strip(const float* dy, int strip, float* sums, float* columns) const {
  const Window& w = window_;
  const size_t row_of_dy = static_cast<size_t>(w.out_width) * Blocks::lanes();
  const int line = w.kernel_w * channels_;  // one row of a patch
  const auto add = [](const float* from, float* to, int count) { kernels().add(from, to, to, count); };
  std::fill_n(sums, strip_size(), 0.f);
  for (int r = 0; r < kStrip && strip * kStrip + r < w.out_height; ++r) {
    kernels().multiply(dy + (strip * kStrip + r) * row_of_dy, row_of_dy * w.out_height, outputs_,
                      weights_.cpu_data(), width_, w.out_width, columns);
    for (int column = 0; column < w.out_width; ++column)
      for (int i = 0; i < w.kernel_h; ++i)
        add(columns + column * width_ + i * line,
            sums + (r * w.stride_h + i) * row_size() + column * w.stride_w * channels_, line);
  }
}

// Row `y` of the picture: the sum of the strips that reach it, every channel to its place.
void PictureGradient::gather(int y, const float* strips, float* dx) const {
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

}  // namespace caffe
