// Convolution in blocks: by Winograd's method, by oneDNN or channel by channel. Where none of these is fast, it is a
// matrix product.
#include <memory>

#include "blas_convolution.hpp"
#include "depthwise.hpp"
#include "fast.hpp"
#include "onednn.hpp"
#include "picture_gradient.hpp"
#include "watch.hpp"
#include "winograd.hpp"

namespace caffe {

class FastConvolutionLayer : public BlasConvolutionLayer {
 public:
  using BlasConvolutionLayer::BlasConvolutionLayer;

 protected:
  void Forward_cpu(const vector<Blob<float>*>& bottom, const vector<Blob<float>*>& top) override {
    if (!prepared(*bottom[0])) return BlasConvolutionLayer::Forward_cpu(bottom, top);
    watch_weights();
    const float* bias = bias_term_ ? blobs_[1]->cpu_data() : nullptr;
    for (size_t i = 0; i < bottom.size(); ++i) {
      const float* x = input(*bottom[i]);
      ConvolutionMethod* method = method_->suits(x) ? method_.get() : direct();
      if (!method) return BlasConvolutionLayer::Forward_cpu(bottom, top);
      method->forward(x, weights(), bias, Writing(top[i]->data(), blocks_of(*top[i])));
    }
  }

  void Backward_cpu(const vector<Blob<float>*>& top, const vector<bool>& propagate_down,
                    const vector<Blob<float>*>& bottom) override {
    if (!prepared(*bottom[0])) return BlasConvolutionLayer::Backward_cpu(top, propagate_down, bottom);
    watch_weights();
    for (size_t i = 0; i < top.size(); ++i) {
      const Blocks out = blocks_of(*top[i]);
      const float* dy = top[i]->diff()->blocks(out);
      if (bias_term_ && param_propagate_down_[1]) add_bias_gradient(out, dy);
      if (param_propagate_down_[0]) add_weight_gradient(*bottom[i], *top[i], dy);
      if (propagate_down[i]) backward_to_input(dy, *bottom[i]);
    }
  }

 private:
  // Pictures have three channels, which are better read plain.
  bool plain_input() const { return channels_ < Blocks::lanes(); }

  const float* input(const Blob<float>& bottom) const {
    return plain_input() ? bottom.cpu_data() : bottom.data()->blocks(blocks_of(bottom));
  }
  const float* weights() const { return blobs_[0]->cpu_data(); }

  // Prepares for such an input; false if nothing is faster here than a matrix product.
  bool prepared(const Blob<float>& bottom) {
    if (bottom.shape() != prepared_for_) {
      prepared_for_ = bottom.shape();
      method_.reset();
      direct_.reset();
      picture_gradient_.reset();
      if (of_pictures()) prepare();
    }
    return method_ != nullptr;
  }

  void prepare() {
    const Window window = this->window();
    const int* dilation = dilation_.cpu_data();
    const bool dilated = dilation[0] > 1 || dilation[1] > 1;
    const bool depthwise = group_ == channels_ && group_ == num_output_;
    // Where weights are learnt they would have to be changed to the other basis at every step.
    if (may_be_winograd_ && !param_propagate_down_[0] && group_ == 1 && !dilated &&
        Winograd::pays(window, channels_, num_output_)) {
      method_.reset(new Winograd(window, num_, channels_, num_output_));
    } else if ((method_ = onednn())) {
      if (plain_input() && group_ == 1 && !dilated) {
        picture_gradient_.reset(new PictureGradient(window, channels_, num_output_));
        picture_gradient_->set_weights(weights());
      }
    } else if (depthwise && !plain_input() && !dilated) {
      method_.reset(new Depthwise(window, num_, channels_));
    }
  }

  // For pictures that the method does not suit; none if only the matrix product is left.
  ConvolutionMethod* direct() {
    if (!direct_) direct_ = onednn();
    return direct_.get();
  }

  // None if oneDNN is not fast here.
  std::unique_ptr<ConvolutionMethod> onednn() const try {
    if (!may_be_onednn_) return nullptr;
    const int* dilation = dilation_.cpu_data();
    const ConvolutionShape shape = {window(),    num_,        channels_,  num_output_,  group_,
                                    dilation[0], dilation[1], bias_term_, plain_input()};
    auto convolution = std::make_unique<OneDnnConvolution>(shape);
    return convolution->fast() ? std::move(convolution) : nullptr;
  } catch (const dnnl::error&) {
    return nullptr;
  }

  void watch_weights() {
    if (!watch_.changed(blobs_[0])) return;
    method_->weights_changed();
    if (direct_) direct_->weights_changed();
    if (picture_gradient_) picture_gradient_->set_weights(weights());
  }

  void backward_to_input(const float* dy, const Blob<float>& bottom) {
    if (!picture_gradient_) return method_->backward(dy, weights(), Writing(bottom.diff(), blocks_of(bottom)));
    picture_gradient_->compute(dy, static_cast<float*>(bottom.diff()->mutable_cpu_data()), num_);
  }

  void add_weight_gradient(const Blob<float>& bottom, const Blob<float>& top, const float* dy) {
    float* dw = blobs_[0]->mutable_cpu_diff();
    if (method_->add_weight_gradient(input(bottom), dy, dw)) return;
    for (int n = 0; n < num_; ++n)
      weight_cpu_gemm(bottom.cpu_data() + n * bottom_dim_, top.cpu_diff() + n * top_dim_, dw);
  }

  void add_bias_gradient(const Blocks& out, const float* dy) {
    float* sums = blobs_[1]->mutable_cpu_diff();
    parallel(out.groups(), out.size(), [&](int group) {
      const int first = group * Blocks::lanes();
      for (int n = 0; n < out.num; ++n)
        kernels().sum_pixels(dy + (n * out.groups() + group) * out.group_size(), sums + first,
                             std::min(Blocks::lanes(), num_output_ - first), out.pixels);
    });
  }

  const bool may_be_onednn_ = onednn_here(), may_be_winograd_ = !environment_says("without-winograd");
  vector<int> prepared_for_;
  std::unique_ptr<ConvolutionMethod> method_;          // none where only a matrix product is left
  std::unique_ptr<ConvolutionMethod> direct_;          // for pictures that the method does not suit
  std::unique_ptr<PictureGradient> picture_gradient_;  // for few channels
  Watch watch_;
};

static TakeOver<FastConvolutionLayer> taken("Convolution");

}  // namespace caffe
