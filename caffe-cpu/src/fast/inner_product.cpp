// The inner product and its gradients, as matrix products.
#include "caffe/layers/inner_product_layer.hpp"
#include "fast.hpp"
#include "product.hpp"

namespace caffe {

class FastInnerProductLayer : public InnerProductLayer<float> {
 public:
  using InnerProductLayer<float>::InnerProductLayer;

 protected:
  // Sizes are Caffe's: M_ vectors come in, of K_ numbers each, and go out with N_ numbers each. Weights are N_ x K_, or
  // K_ x N_ if transpose_.
  void Forward_cpu(const vector<Blob<float>*>& bottom, const vector<Blob<float>*>& top) override {
    float* y = top[0]->mutable_cpu_data();
    for (int m = 0; m < M_; ++m) {
      if (bias_term_) std::copy_n(blobs_[1]->cpu_data(), N_, y + m * N_);
    }
    const Matrix x = {bottom[0]->cpu_data(), M_, K_};
    product_(x, transpose_ ? weights() : weights().transposed(), bias_term_, y);
  }

  void Backward_cpu(const vector<Blob<float>*>& top, const vector<bool>& propagate_down,
                    const vector<Blob<float>*>& bottom) override {
    const Matrix dy = {top[0]->cpu_diff(), M_, N_};
    if (param_propagate_down_[0]) {
      const Matrix x = {bottom[0]->cpu_data(), M_, K_};
      float* dw = blobs_[0]->mutable_cpu_diff();
      if (transpose_)
        product_(x.transposed(), dy, true, dw);
      else
        product_(dy.transposed(), x, true, dw);
    }
    if (bias_term_ && param_propagate_down_[1]) {
      float* sums = blobs_[1]->mutable_cpu_diff();
      for (int m = 0; m < M_; ++m) kernels().add(dy.numbers + m * N_, sums, sums, N_);
    }
    if (propagate_down[0])
      product_(dy, transpose_ ? weights().transposed() : weights(), false, bottom[0]->mutable_cpu_diff());
  }

 private:
  Matrix weights() const {
    const float* numbers = blobs_[0]->cpu_data();
    return transpose_ ? Matrix{numbers, K_, N_} : Matrix{numbers, N_, K_};
  }

  const Product product_ = fast_product();
};

static TakeOver<FastInnerProductLayer> taken("InnerProduct");

}  // namespace caffe
