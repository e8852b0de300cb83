// Eltwise, where it is a plain sum: a block of a residual network adds what it computed to what it was given.
#include "caffe/layers/eltwise_layer.hpp"

#include <cstring>

#include "fast.hpp"

namespace caffe {

class FastEltwiseLayer : public EltwiseLayer<float> {
 public:
  using EltwiseLayer<float>::EltwiseLayer;

 protected:
  void Forward_cpu(const vector<Blob<float>*>& bottom, const vector<Blob<float>*>& top) override {
    if (!plain_sum()) return EltwiseLayer<float>::Forward_cpu(bottom, top);
    SyncedMemory* to = top[0]->data().get();
    const Elements elements(*top[0], *to);
    vector<const float*> parts;
    for (const Blob<float>* blob : bottom) parts.push_back(elements.read(blob->data().get()));
    float* sum = elements.write(to);
    parallel_pieces(elements.count(), [&](size_t at, size_t size) {
      for (size_t i = 1; i < parts.size(); ++i)
        kernels().add(i == 1 ? parts[0] + at : sum + at, parts[i] + at, sum + at, size);
    });
  }

  void Backward_cpu(const vector<Blob<float>*>& top, const vector<bool>& propagate_down,
                    const vector<Blob<float>*>& bottom) override {
    if (!plain_sum()) return EltwiseLayer<float>::Backward_cpu(top, propagate_down, bottom);
    for (size_t i = 0; i < bottom.size(); ++i) {
      if (!propagate_down[i]) continue;
      SyncedMemory* to = bottom[i]->diff().get();
      const Elements elements(*bottom[i], *to);
      const float* dy = elements.read(top[0]->diff().get());
      float* dx = elements.write(to);
      parallel_pieces(elements.count(), [&](size_t at, size_t size) {
        std::memcpy(dx + at, dy + at, size * sizeof(float));
      });
    }
  }

 private:
  bool plain_sum() const {
    const EltwiseParameter& param = layer_param_.eltwise_param();
    return param.operation() == EltwiseParameter_EltwiseOp_SUM && param.coeff_size() == 0;
  }
};

static TakeOver<FastEltwiseLayer> taken("Eltwise");

}  // namespace caffe
