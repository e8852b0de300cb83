// Convolution as one matrix product. Of one group of channels:
//   x        inputs x height x width
//   columns  depth x pixels, where depth = inputs x kernel_h x kernel_w: each row is what one place of the kernel sees
//            while the kernel goes over the picture
//   weights  outputs x depth
//   y        outputs x pixels = weights times columns
#include "blas_convolution.hpp"

#include "caffe/util/im2col.hpp"

namespace caffe {

// Room for columns, the same for all layers.
static float* room(size_t size) {
  static thread_local std::vector<float> numbers;
  if (numbers.size() < size) numbers.resize(size);
  return numbers.data();
}

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
  const Window w = window();
  const int* dilation = dilation_.cpu_data();
  float* columns = room(static_cast<size_t>(depth()) * pixels());
  parallel(inputs(), static_cast<size_t>(depth()) * pixels(), [&](size_t channel) {
    im2col_cpu(x + channel * in_pixels(), 1, w.height, w.width, w.kernel_h, w.kernel_w, w.pad_h, w.pad_w, w.stride_h,
               w.stride_w, dilation[0], dilation[1], columns + channel * w.kernel_h * w.kernel_w * pixels());
  });
  return columns;
}

// The way back: adds up what was copied to several places.
void BlasConvolutionLayer::add_up(const float* columns, float* dx) const {
  const Window w = window();
  const int* dilation = dilation_.cpu_data();
  parallel(inputs(), static_cast<size_t>(depth()) * pixels(), [&](size_t channel) {
    col2im_cpu(columns + channel * w.kernel_h * w.kernel_w * pixels(), 1, w.height, w.width, w.kernel_h, w.kernel_w,
               w.pad_h, w.pad_w, w.stride_h, w.stride_w, dilation[0], dilation[1], dx + channel * in_pixels());
  });
}

Window BlasConvolutionLayer::window() const {
  const int *in = conv_input_shape_.cpu_data(), *kernel = kernel_shape_.cpu_data();
  const int *stride = stride_.cpu_data(), *pad = pad_.cpu_data();
  return {in[1], in[2], output_shape_[0], output_shape_[1], kernel[0], kernel[1], stride[0], stride[1], pad[0], pad[1]};
}

}  // namespace caffe
