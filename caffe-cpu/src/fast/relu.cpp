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
      kernels().relu(x + at, y + at, size, slope_, ceiling_);
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
      kernels().relu_backward(x + at, dy + at, dx + at, size, slope_, ceiling_);
    });
  }

 private:
  const ReLU6Parameter& six_ = this->layer_param_.relu6_param();
  const bool is_six_ = this->layer_param_.type() == "ReLU6";
  const float slope_ = is_six_ ? six_.negative_slope() : this->layer_param_.relu_param().negative_slope();
  const float ceiling_ = is_six_ ? six_.threshold() : std::numeric_limits<float>::infinity();
};

static TakeOver<FastReLULayer<ReLULayer<float>>> relu_taken("ReLU");
static TakeOver<FastReLULayer<ReLU6Layer<float>>> relu6_taken("ReLU6");

}  // namespace caffe
