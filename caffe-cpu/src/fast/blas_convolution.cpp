// Convolution as one matrix product. Of one group of channels:
//   x        inputs x height x width
//   columns  depth x pixels, where depth = inputs x kernel_h x kernel_w: each row is what one place of the kernel sees
//            while the kernel goes over the picture
//   weights  outputs x depth
//   y        outputs x pixels = weights times columns
#include "blas_convolution.hpp"

#include <cstring>

namespace caffe {
namespace {

// One row of the output, as one place of the kernel sees it: from `begin` to `end` it lies over the picture, and the
// first number there is x[from]; the rest is padding.
struct Line {
  size_t at;  // in the columns
  int begin, end;
  size_t from;
};

// Room for columns, the same for all layers.
float* room(size_t size) {
  static thread_local std::vector<float> numbers;
  if (numbers.size() < size) numbers.resize(size);
  return numbers.data();
}

}  // namespace

void BlasConvolutionLayer::Forward_cpu(const vector<Blob<float>*>& bottom, const vector<Blob<float>*>& top) {
  if (!of_pictures()) return ConvolutionLayer<float>::Forward_cpu(bottom, top);
  const size_t step_x = static_cast<size_t>(inputs()) * in_pixels(), step_y = static_cast<size_t>(outputs()) * pixels();
  for (size_t i = 0; i < bottom.size(); ++i) {
    const float* x = bottom[i]->cpu_data();
    float* y = top[i]->mutable_cpu_data();
    for (int n = 0; n < num_ * group_; ++n) forward(n % group_, x + n * step_x, y + n * step_y);
  }
}

void BlasConvolutionLayer::Backward_cpu(const vector<Blob<float>*>& top, const vector<bool>& propagate_down,
                                        const vector<Blob<float>*>& bottom) {
  if (!of_pictures()) return ConvolutionLayer<float>::Backward_cpu(top, propagate_down, bottom);
  const size_t step_x = static_cast<size_t>(inputs()) * in_pixels(), step_y = static_cast<size_t>(outputs()) * pixels();
  for (size_t i = 0; i < top.size(); ++i) {
    const float *dy = top[i]->cpu_diff(), *x = bottom[i]->cpu_data();
    float* dx = propagate_down[i] ? bottom[i]->mutable_cpu_diff() : nullptr;
    for (int n = 0; n < num_ * group_; ++n) {
      add_gradients(n % group_, x + n * step_x, dy + n * step_y);
      if (dx) backward(n % group_, dy + n * step_y, dx + n * step_x);
    }
  }
}

void BlasConvolutionLayer::forward(int group, const float* x, float* y) const {
  if (bias_term_) {
    const float* bias = blobs_[1]->cpu_data() + group * outputs();
    for (int k = 0; k < outputs(); ++k) std::fill_n(y + k * pixels(), pixels(), bias[k]);
  }
  const Matrix weights = {blobs_[0]->cpu_data() + group * outputs() * depth(), outputs(), depth()};
  product_(weights, {columns_of(x), depth(), pixels()}, bias_term_, y);
}

void BlasConvolutionLayer::backward(int group, const float* dy, float* dx) const {
  const Matrix weights = {blobs_[0]->cpu_data() + group * outputs() * depth(), outputs(), depth()};
  const Matrix gradient = {dy, outputs(), pixels()};
  if (is_1x1_) return product_(weights.transposed(), gradient, false, dx);
  float* columns = room(static_cast<size_t>(depth()) * pixels());
  product_(weights.transposed(), gradient, false, columns);
  add_up(columns, dx);
}

void BlasConvolutionLayer::add_gradients(int group, const float* x, const float* dy) {
  if (bias_term_ && param_propagate_down_[1]) {
    float* sums = blobs_[1]->mutable_cpu_diff() + group * outputs();
    for (int k = 0; k < outputs(); ++k)
      for (int p = 0; p < pixels(); ++p) sums[k] += dy[k * pixels() + p];
  }
  if (!param_propagate_down_[0]) return;
  const Matrix columns = {columns_of(x), depth(), pixels()};
  product_({dy, outputs(), pixels()}, columns.transposed(), true,
           blobs_[0]->mutable_cpu_diff() + group * outputs() * depth());
}

const float* BlasConvolutionLayer::columns_of(const float* x) const {
  if (is_1x1_) return x;
  const int width = output_shape_[1], stride = stride_.cpu_data()[1];
  float* columns = room(static_cast<size_t>(depth()) * pixels());
  parallel(inputs(), static_cast<size_t>(depth()) * pixels(), [&](int channel) {
    for_lines(channel, [&](const Line& line) {
      float* to = columns + line.at;
      std::fill(to, to + line.begin, 0.f);
      if (stride == 1)
        std::memcpy(to + line.begin, x + line.from, (line.end - line.begin) * sizeof(float));
      else
        for (int p = line.begin; p < line.end; ++p) to[p] = x[line.from + (p - line.begin) * stride];
      std::fill(to + line.end, to + width, 0.f);
    });
  });
  return columns;
}

// The way back: adds up what was copied to several places.
void BlasConvolutionLayer::add_up(const float* columns, float* dx) const {
  const int stride = stride_.cpu_data()[1];
  parallel(inputs(), static_cast<size_t>(depth()) * pixels(), [&](int channel) {
    std::fill_n(dx + static_cast<size_t>(channel) * in_pixels(), in_pixels(), 0.f);
    for_lines(channel, [&](const Line& line) {
      const float* from = columns + line.at;
      if (stride == 1)
        kernels().add(from + line.begin, dx + line.from, dx + line.from, line.end - line.begin);
      else
        for (int p = line.begin; p < line.end; ++p) dx[line.from + (p - line.begin) * stride] += from[p];
    });
  });
}

// Calls f(line) for each place of the kernel and each row of the output, for one channel of x.
template <typename F>
void BlasConvolutionLayer::for_lines(int channel, F f) const {
  const int height = conv_input_shape_.cpu_data()[1], width = conv_input_shape_.cpu_data()[2];
  const int out_height = output_shape_[0], out_width = output_shape_[1];
  const int kernel_h = kernel_shape_.cpu_data()[0], kernel_w = kernel_shape_.cpu_data()[1];
  const int stride_h = stride_.cpu_data()[0], stride_w = stride_.cpu_data()[1];
  size_t at = static_cast<size_t>(channel) * kernel_h * kernel_w * pixels();
  for (int i = 0; i < kernel_h; ++i) {
    for (int j = 0; j < kernel_w; ++j) {
      const int top = i * dilation_.cpu_data()[0] - pad_.cpu_data()[0];
      const int left = j * dilation_.cpu_data()[1] - pad_.cpu_data()[1];
      const int first = left < 0 ? (-left + stride_w - 1) / stride_w : 0;  // the first that lies in the picture
      const int last = left < width ? (width - 1 - left) / stride_w + 1 : 0;
      for (int row = 0; row < out_height; ++row, at += out_width) {
        const int y = top + row * stride_h;
        Line line = {at, std::min(first, out_width), std::min(last, out_width), 0};
        if (y < 0 || y >= height || line.begin >= line.end) line.begin = line.end = out_width;
        else line.from = (static_cast<size_t>(channel) * height + y) * width + left + line.begin * stride_w;
        f(line);
      }
    }
  }
}

}  // namespace caffe
