// Split and Concat, which only move numbers about, for numbers in blocks.
#include <cstring>

#include "caffe/layers/concat_layer.hpp"
#include "caffe/layers/split_layer.hpp"
#include "fast.hpp"

namespace caffe {

class FastSplitLayer : public SplitLayer<float> {
 public:
  using SplitLayer<float>::SplitLayer;

 protected:
  // Forward shares the memory, as Caffe does. Backward adds the gradients of all that read it, in one pass. Then it
  // gives them back, if Caffe itself put this layer in, because nobody chose the names of its tops.
  void Backward_cpu(const vector<Blob<float>*>& top, const vector<bool>& propagate_down,
                    const vector<Blob<float>*>& bottom) override {
    if (!propagate_down[0]) return;
    vector<SyncedMemory*> parts;
    for (const Blob<float>* blob : top) parts.push_back(blob->diff().get());
    add_up(parts, *bottom[0], bottom[0]->diff().get());
    if (!caffes_own()) return;
    for (const Blob<float>* blob : top) blob->diff()->give_back();
  }

 private:
  // Did Caffe put it in, where several layers read one blob? See SplitLayerName in Caffe's insert_splits.cpp.
  bool caffes_own() const { return layer_param_.name().ends_with("_split"); }
};

// If everything that is joined is plain already, as after Caffe's own convolutions, the result is plain too.
class FastConcatLayer : public ConcatLayer<float> {
 public:
  using ConcatLayer<float>::ConcatLayer;

 protected:
  void Forward_cpu(const vector<Blob<float>*>& bottom, const vector<Blob<float>*>& top) override {
    const bool plain = std::ranges::all_of(bottom, [](const Blob<float>* blob) { return blob->data()->shown(); });
    if (plain || !whole_groups(bottom)) return ConcatLayer<float>::Forward_cpu(bottom, top);
    const Blocks out = blocks_of(*top[0]);
    Writing y(top[0]->data(), out);
    vector<const float*> from;
    for (const Blob<float>* blob : bottom) from.push_back(blob->data()->blocks(blocks_of(*blob)));
    for_groups(bottom, out, [&](int part, size_t at, size_t in_part) {
      std::memcpy(y + at, from[part] + in_part, out.group_size() * sizeof(float));
    });
  }

  void Backward_cpu(const vector<Blob<float>*>& top, const vector<bool>& propagate_down,
                    const vector<Blob<float>*>& bottom) override {
    const bool plain = std::ranges::all_of(bottom, [](const Blob<float>* blob) { return blob->diff()->shown(); });
    if (plain || !whole_groups(bottom)) return ConcatLayer<float>::Backward_cpu(top, propagate_down, bottom);
    const Blocks out = blocks_of(*top[0]);
    const float* dy = top[0]->diff()->blocks(out);
    vector<float*> to;
    for (size_t i = 0; i < bottom.size(); ++i)
      to.push_back(propagate_down[i] ? bottom[i]->diff()->mutable_blocks(blocks_of(*bottom[i])) : nullptr);
    for_groups(bottom, out, [&](int part, size_t at, size_t in_part) {
      if (to[part]) std::memcpy(to[part] + in_part, dy + at, out.group_size() * sizeof(float));
    });
    for (size_t i = 0; i < bottom.size(); ++i)
      if (propagate_down[i]) bottom[i]->diff()->blocks_written();
  }

 private:
  // Pictures joined along their channels, each a whole number of groups.
  bool whole_groups(const vector<Blob<float>*>& bottom) const {
    bool whole = bottom.size() > 1 && concat_axis_ == 1 && bottom[0]->num_axes() == 4;
    for (const Blob<float>* blob : bottom) whole = whole && blob->shape(1) % Blocks::lanes() == 0;
    return whole;
  }

  // Calls f(which bottom, offset in the top, offset in the bottom) for each group of channels.
  template <typename F>
  static void for_groups(const vector<Blob<float>*>& bottom, const Blocks& out, F f) {
    parallel(out.num * out.groups(), out.size(), [&](int i) {
      int part = 0, group = i % out.groups();
      while (group >= blocks_of(*bottom[part]).groups()) group -= blocks_of(*bottom[part++]).groups();
      group += i / out.groups() * blocks_of(*bottom[part]).groups();
      f(part, i * out.group_size(), group * out.group_size());
    });
  }
};

static TakeOver<FastSplitLayer> split_taken("Split");
static TakeOver<FastConcatLayer> concat_taken("Concat");

}  // namespace caffe
