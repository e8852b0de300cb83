// ReLU, in place or not, in whichever layout its numbers come.
#include "caffe/layers/relu_layer.hpp"
#include "fast.hpp"

namespace caffe {

class FastReLULayer : public ReLULayer<float> {
 public:
  using ReLULayer<float>::ReLULayer;

 protected:
  void Forward_cpu(const vector<Blob<float>*>& bottom, const vector<Blob<float>*>& top) override {
    SyncedMemory *in = bottom[0]->data().get(), *out = top[0]->data().get();
    const Elements elements(*bottom[0], *out);
    const float* x = elements.read(in);
    float* y = elements.write(out);
    parallel_pieces(elements.count(), [&](size_t at, size_t size) { kernels().relu(x + at, y + at, size, slope()); });
  }

  void Backward_cpu(const vector<Blob<float>*>& top, const vector<bool>& propagate_down,
                    const vector<Blob<float>*>& bottom) override {
    if (!propagate_down[0]) return;
    SyncedMemory *data = bottom[0]->data().get(), *from = top[0]->diff().get(), *to = bottom[0]->diff().get();
    const Elements elements(*bottom[0], *to);
    const float *x = elements.read(data), *dy = elements.read(from);
    float* dx = elements.write(to);
    parallel_pieces(elements.count(), [&](size_t at, size_t size) {
      kernels().relu_backward(x + at, dy + at, dx + at, size, slope());
    });
  }

 private:
  float slope() const { return layer_param_.relu_param().negative_slope(); }
};

static TakeOver<FastReLULayer> taken("ReLU");

}  // namespace caffe
