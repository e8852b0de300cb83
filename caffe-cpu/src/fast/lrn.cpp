// Local response normalisation across channels. Backward computes the sums again: cheaper than keeping them.
#include "caffe/layers/lrn_layer.hpp"
#include "fast.hpp"

namespace caffe {

class FastLRNLayer : public LRNLayer<float> {
 public:
  using LRNLayer<float>::LRNLayer;

 protected:
  void CrossChannelForward_cpu(const vector<Blob<float>*>& bottom, const vector<Blob<float>*>& top) override {
    if (k_ <= 0) return LRNLayer<float>::CrossChannelForward_cpu(bottom, top);  // lanes that pad would be 0 / 0
    const Blocks shape = blocks_of(*bottom[0]);
    const float* x = bottom[0]->data()->blocks(shape);
    Writing y(top[0]->data(), shape);
    for_pixels(shape, [&](size_t at, int begin, int end, float* scratch) {
      kernels().norm(norm(), x + at, y + at, shape.groups(), shape.pixels, begin, end, scratch);
    });
  }

  void CrossChannelBackward_cpu(const vector<Blob<float>*>& top, const vector<bool>& propagate_down,
                                const vector<Blob<float>*>& bottom) override {
    if (!propagate_down[0]) return;
    if (k_ <= 0) return LRNLayer<float>::CrossChannelBackward_cpu(top, propagate_down, bottom);
    const Blocks shape = blocks_of(*bottom[0]);
    const float *x = bottom[0]->data()->blocks(shape), *dy = top[0]->diff()->blocks(shape);
    Writing dx(bottom[0]->diff(), shape);
    for_pixels(shape, [&](size_t at, int begin, int end, float* scratch) {
      kernels().norm_backward(norm(), x + at, dy + at, dx + at, shape.groups(), shape.pixels, begin, end, scratch);
    });
  }

 private:
  Norm norm() const { return {size_, alpha_, beta_, k_}; }

  // Calls f(offset of the picture, first pixel, last, scratch) on runs of pixels.
  template <typename F>
  void for_pixels(const Blocks& shape, F f) const {
    constexpr int kRun = 128;
    const int runs = (shape.pixels + kRun - 1) / kRun;
    parallel(shape.num * runs, shape.size(), [&](int i) {
      const int begin = i % runs * kRun, end = std::min(begin + kRun, shape.pixels);
      std::vector<float> scratch(norm_scratch(norm(), shape.groups() * Blocks::lanes()));
      f(i / runs * shape.groups() * shape.group_size(), begin, end, scratch.data());
    });
  }
};

static TakeOver<FastLRNLayer> taken("LRN");

}  // namespace caffe
