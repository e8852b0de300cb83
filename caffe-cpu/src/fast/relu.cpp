// ReLU and ReLU6, in place or not, in whichever layout their numbers come.
#include <limits>

#include "caffe/layers/relu6_layer.hpp"
#include "caffe/layers/relu_layer.hpp"
#include "fast.hpp"

namespace caffe {

// Stock is Caffe's own layer of the two.
template <typename Stock>
class FastReLULayer : public Stock {
 public:
  using Stock::Stock;

 protected:
  void Forward_cpu(const vector<Blob<float>*>& bottom, const vector<Blob<float>*>& top) override {
    SyncedMemory *in = bottom[0]->data().get(), *out = top[0]->data().get();
    const Elements elements(*bottom[0], *out);
    const float* x = elements.read(in);
    float* y = elements.write(out);
    parallel_pieces(elements.count(), [&](size_t at, size_t size) {
      kernels().relu(x + at, y + at, size, slope(), ceiling());
    });
  }

  void Backward_cpu(const vector<Blob<float>*>& top, const vector<bool>& propagate_down,
                    const vector<Blob<float>*>& bottom) override {
    if (!propagate_down[0]) return;
    SyncedMemory *data = bottom[0]->data().get(), *from = top[0]->diff().get(), *to = bottom[0]->diff().get();
    const Elements elements(*bottom[0], *to);
    const float *x = elements.read(data), *dy = elements.read(from);
    float* dx = elements.write(to);
    parallel_pieces(elements.count(), [&](size_t at, size_t size) {
      kernels().relu_backward(x + at, dy + at, dx + at, size, slope(), ceiling());
    });
  }

 private:
  float slope() const;    // below zero
  float ceiling() const;  // no output is above it
};

template <>
float FastReLULayer<ReLULayer<float>>::slope() const { return layer_param_.relu_param().negative_slope(); }
template <>
float FastReLULayer<ReLULayer<float>>::ceiling() const { return std::numeric_limits<float>::infinity(); }
template <>
float FastReLULayer<ReLU6Layer<float>>::slope() const { return layer_param_.relu6_param().negative_slope(); }
template <>
float FastReLULayer<ReLU6Layer<float>>::ceiling() const { return layer_param_.relu6_param().threshold(); }

static TakeOver<FastReLULayer<ReLULayer<float>>> relu_taken("ReLU");
static TakeOver<FastReLULayer<ReLU6Layer<float>>> relu6_taken("ReLU6");

}  // namespace caffe
