// The inner product by oneDNN's matrix product: OpenBLAS's would wake a second set of threads.
#include "caffe/layers/inner_product_layer.hpp"

#include <dnnl.hpp>

#include "fast.hpp"

namespace caffe {

class FastInnerProductLayer : public InnerProductLayer<float> {
 public:
  using InnerProductLayer<float>::InnerProductLayer;

 protected:
  void Forward_cpu(const vector<Blob<float>*>& bottom, const vector<Blob<float>*>& top) override {
    float* y = top[0]->mutable_cpu_data();
    for (int m = 0; m < M_; ++m) {
      if (bias_term_) std::copy_n(blobs_[1]->cpu_data(), N_, y + m * N_);
    }
    product(transpose_ ? 'N' : 'T', N_, K_, bottom[0]->cpu_data(), bias_term_, y);
  }

  void Backward_cpu(const vector<Blob<float>*>& top, const vector<bool>& propagate_down,
                    const vector<Blob<float>*>& bottom) override {
    if (propagate_down[0])
      product(transpose_ ? 'T' : 'N', K_, N_, top[0]->cpu_diff(), false, bottom[0]->mutable_cpu_diff());
    InnerProductLayer<float>::Backward_cpu(top, {false}, bottom);  // what training needs, if anything
  }

 private:
  // to (M x columns) = from (M x depth) times the weights, added to `to` if `add`.
  void product(char weights_as, int columns, int depth, const float* from, bool add, float* to) const {
    const float* weights = blobs_[0]->cpu_data();
    const auto status = dnnl_sgemm('N', weights_as, M_, columns, depth, 1, from, depth, weights,
                                   weights_as == 'N' ? columns : depth, add, to, columns);
    CHECK_EQ(status, dnnl_success) << "oneDNN could not multiply the matrices of layer " << layer_param_.name();
  }
};

static TakeOver<FastInnerProductLayer> taken("InnerProduct");

}  // namespace caffe
