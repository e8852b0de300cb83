// Convolution as one matrix product, as Caffe does it, but with every part of it on OpenMP's threads: for processors
// and for kinds of convolution that oneDNN has no fast code for. All numbers are plain. Of one group of channels:
//   x        inputs x height x width
//   columns  depth x pixels, where depth = inputs x kernel_h x kernel_w: each row is what one place of the kernel sees
//            while the kernel goes over the picture
//   weights  outputs x depth
//   y        outputs x pixels = weights times columns
#pragma once
#include "caffe/layers/conv_layer.hpp"
#include "caffe/util/im2col.hpp"
#include "fast.hpp"
#include "product.hpp"

namespace caffe {

class BlasConvolutionLayer : public ConvolutionLayer<float> {
 public:
  using ConvolutionLayer<float>::ConvolutionLayer;

 protected:
  void Forward_cpu(const vector<Blob<float>*>& bottom, const vector<Blob<float>*>& top) override {
    if (!of_pictures()) return ConvolutionLayer<float>::Forward_cpu(bottom, top);
    for (size_t i = 0; i < bottom.size(); ++i) {
      const float* x = bottom[i]->cpu_data();
      float* y = top[i]->mutable_cpu_data();
      for (int n = 0; n < num_ * group_; ++n) forward(n % group_, x + n * step_x(), y + n * step_y());
    }
  }

  void Backward_cpu(const vector<Blob<float>*>& top, const vector<bool>& propagate_down,
                    const vector<Blob<float>*>& bottom) override {
    if (!of_pictures()) return ConvolutionLayer<float>::Backward_cpu(top, propagate_down, bottom);
    for (size_t i = 0; i < top.size(); ++i) {
      const float *dy = top[i]->cpu_diff(), *x = bottom[i]->cpu_data();
      float* dx = propagate_down[i] ? bottom[i]->mutable_cpu_diff() : nullptr;
      for (int n = 0; n < num_ * group_; ++n) {
        add_gradients(n % group_, x + n * step_x(), dy + n * step_y());
        if (dx) backward(n % group_, dy + n * step_y(), dx + n * step_x());
      }
    }
  }

  bool of_pictures() const { return num_spatial_axes_ == 2 && channel_axis_ == 1; }

  Window window() const {
    const int *in = conv_input_shape_.cpu_data(), *kernel = kernel_shape_.cpu_data();
    const int *stride = stride_.cpu_data(), *pad = pad_.cpu_data();
    return {in[1],     in[2],     output_shape_[0], output_shape_[1], kernel[0],
            kernel[1], stride[0], stride[1],        pad[0],           pad[1]};
  }

 private:
  // One group of one picture.
  void forward(int group, const float* x, float* y) const {
    if (bias_term_) {
      const float* bias = blobs_[1]->cpu_data() + group * outputs();
      for (int k = 0; k < outputs(); ++k) std::fill_n(y + k * pixels(), pixels(), bias[k]);
    }
    product_(weights(group), {columns_of(x), depth(), pixels()}, bias_term_, y);
  }

  void backward(int group, const float* dy, float* dx) const {
    const Matrix gradient = {dy, outputs(), pixels()};
    if (is_1x1_) return product_(weights(group).transposed(), gradient, false, dx);
    product_(weights(group).transposed(), gradient, false, room());
    const Window w = window();
    const int* dilation = dilation_.cpu_data();
    by_channel([=](const float* columns, size_t at) {  // what was copied to several places is added up
      col2im_cpu(columns, 1, w.height, w.width, w.kernel_h, w.kernel_w, w.pad_h, w.pad_w, w.stride_h, w.stride_w,
                 dilation[0], dilation[1], dx + at);
    });
  }

  void add_gradients(int group, const float* x, const float* dy) {
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

  const float* columns_of(const float* x) const {
    if (is_1x1_) return x;
    const Window w = window();
    const int* dilation = dilation_.cpu_data();
    by_channel([=](float* columns, size_t at) {
      im2col_cpu(x + at, 1, w.height, w.width, w.kernel_h, w.kernel_w, w.pad_h, w.pad_w, w.stride_h, w.stride_w,
                 dilation[0], dilation[1], columns);
    });
    return room();
  }

  // Calls f(its columns, where it begins in x) for each channel of x.
  template <typename F>
  void by_channel(F f) const {
    const size_t one = static_cast<size_t>(depth()) / inputs() * pixels();
    float* columns = room();
    parallel(inputs(), one * inputs(), [=](size_t channel) { f(columns + channel * one, channel * in_pixels()); });
  }

  // For columns, the same for all layers.
  float* room() const {
    static thread_local std::vector<float> numbers;
    numbers.resize(std::max(numbers.size(), static_cast<size_t>(depth()) * pixels()));
    return numbers.data();
  }

  Matrix weights(int group) const { return {blobs_[0]->cpu_data() + group * outputs() * depth(), outputs(), depth()}; }

  // Sizes of one group; the file's head says of what.
  int inputs() const { return channels_ / group_; }
  int outputs() const { return num_output_ / group_; }
  int depth() const { return blobs_[0]->count(1); }
  int pixels() const { return output_shape_[0] * output_shape_[1]; }
  int in_pixels() const { return conv_input_shape_.cpu_data()[1] * conv_input_shape_.cpu_data()[2]; }
  size_t step_x() const { return static_cast<size_t>(inputs()) * in_pixels(); }
  size_t step_y() const { return static_cast<size_t>(outputs()) * pixels(); }

  const Product product_ = fast_product();
};

}  // namespace caffe
