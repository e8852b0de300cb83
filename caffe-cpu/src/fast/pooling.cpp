// Max and mean pooling, `lanes` channels at a time.
#include "caffe/layers/pooling_layer.hpp"
#include "fast.hpp"

namespace caffe {

class FastPoolingLayer : public PoolingLayer<float> {
 public:
  using PoolingLayer<float>::PoolingLayer;

 protected:
  void Forward_cpu(const vector<Blob<float>*>& bottom, const vector<Blob<float>*>& top) override {
    if (!covered(top)) return PoolingLayer<float>::Forward_cpu(bottom, top);
    const Blocks in = blocks_of(*bottom[0]), out = blocks_of(*top[0]);
    const Window window = this->window();
    const float* x = bottom[0]->data()->blocks(in);
    Writing y(top[0]->data(), out);
    int* winners = is_max() ? room_for_winners(out) : nullptr;
    // Row by row, so that a few groups of channels are enough for many threads.
    parallel(out.num * out.groups() * pooled_height_, out.size(), [&](int i) {
      const int group = i / pooled_height_, row = i % pooled_height_;
      const float* from = x + group * in.group_size();
      float* to = y + group * out.group_size();
      if (is_max()) {
        kernels().max_pool_row(window, from, to, winners + group * out.group_size(), row);
      } else {
        kernels().mean_pool_row(window, from, to, row);
      }
    });
  }

  void Backward_cpu(const vector<Blob<float>*>& top, const vector<bool>& propagate_down,
                    const vector<Blob<float>*>& bottom) override {
    if (!covered(top)) return PoolingLayer<float>::Backward_cpu(top, propagate_down, bottom);
    if (!propagate_down[0]) return;
    const Blocks in = blocks_of(*bottom[0]), out = blocks_of(*top[0]);
    const Window window = this->window();
    const int* winners = is_max() ? room_for_winners(out) : nullptr;
    const float* dy = top[0]->diff()->blocks(out);
    Writing dx(bottom[0]->diff(), in);
    // Windows overlap, so each group of channels stays on one thread.
    parallel(in.num * in.groups(), in.size(), [&](int group) {
      const float* from = dy + group * out.group_size();
      float* to = dx + group * in.group_size();
      if (is_max()) {
        kernels().max_pool_backward(window, from, winners + group * out.group_size(), to);
      } else {
        kernels().mean_pool_backward(window, from, to);
      }
    });
  }

 private:
  bool is_max() const { return layer_param_.pooling_param().pool() == PoolingParameter_PoolMethod_MAX; }
  // All but a second top (a mask, which hardly anybody asks for) and what Caffe itself refuses.
  bool covered(const vector<Blob<float>*>& top) const {
    return top.size() == 1 && (is_max() || layer_param_.pooling_param().pool() == PoolingParameter_PoolMethod_AVE);
  }
  Window window() const {
    return {height_, width_, pooled_height_, pooled_width_, kernel_h_, kernel_w_, stride_h_, stride_w_, pad_h_, pad_w_};
  }
  // Caffe's own memory for the winners, but in blocks.
  int* room_for_winners(const Blocks& out) {
    max_idx_.Reshape({static_cast<int>(out.size())});
    return max_idx_.mutable_cpu_data();
  }
};

static TakeOver<FastPoolingLayer> taken("Pooling");

}  // namespace caffe
