// Eltwise, where it is a plain sum: a block of a residual network adds what it computed to what it was given.
#include "caffe/layers/eltwise_layer.hpp"
#include "fast.hpp"

namespace caffe {

class FastEltwiseLayer : public EltwiseLayer<float> {
 public:
  using EltwiseLayer<float>::EltwiseLayer;

 protected:
  void Forward_cpu(const vector<Blob<float>*>& bottom, const vector<Blob<float>*>& top) override {
    if (!plain_sum()) return EltwiseLayer<float>::Forward_cpu(bottom, top);
    vector<SyncedMemory*> parts;
    for (const Blob<float>* blob : bottom) parts.push_back(blob->data().get());
    add_up(parts, *top[0], top[0]->data().get());
  }

  void Backward_cpu(const vector<Blob<float>*>& top, const vector<bool>& propagate_down,
                    const vector<Blob<float>*>& bottom) override {
    if (!plain_sum()) return EltwiseLayer<float>::Backward_cpu(top, propagate_down, bottom);
    for (size_t i = 0; i < bottom.size(); ++i)
      if (propagate_down[i]) add_up({top[0]->diff().get()}, *bottom[i], bottom[i]->diff().get());
  }

 private:
  bool plain_sum() const {
    const EltwiseParameter& param = layer_param_.eltwise_param();
    return param.operation() == EltwiseParameter_EltwiseOp_SUM && param.coeff_size() == 0;
  }
};

static TakeOver<FastEltwiseLayer> taken("Eltwise");

}  // namespace caffe
