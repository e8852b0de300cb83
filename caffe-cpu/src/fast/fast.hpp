// What the fast layers share: how they take over a layer type, split work over threads, and write in blocks.
#pragma once
#include <algorithm>
#include <string>
#include <vector>

#include "caffe/blob.hpp"
#include "caffe/layer.hpp"
#include "caffe/layer_factory.hpp"
#include "kernels.hpp"

namespace caffe {

// Calls f(0) ... f(count - 1) on OpenMP's threads, which oneDNN uses too, or on this thread alone if there is little
// to do.
template <typename F>
void parallel(int count, size_t floats, F f) {
  constexpr size_t kLittle = 16 * 1024;  // floats: they take less time than waking another thread
#pragma omp parallel for schedule(static) if (floats > kLittle)
  for (int i = 0; i < count; ++i) f(i);
}

// Calls f(begin, size) on pieces of `count` numbers.
template <typename F>
void parallel_pieces(size_t count, F f) {
  constexpr size_t kPiece = 4 * 1024;
  parallel((count + kPiece - 1) / kPiece, count, [&](int i) {
    f(i * kPiece, std::min(kPiece, count - i * kPiece));
  });
}

// A picture's blob (num, channels, height, width) in blocks.
inline Blocks blocks_of(const Blob<float>& blob) { return {blob.shape(0), blob.shape(1), blob.count(2)}; }

// Memory that is written in blocks while this object lives. At the end its plain form is brought up to date, if anybody
// has seen it.
class Writing {
 public:
  Writing(const shared_ptr<SyncedMemory>& memory, const Blocks& shape)
      : memory_(*memory), numbers_(memory->mutable_blocks(shape)) {}
  ~Writing() { memory_.blocks_written(); }
  operator float*() const { return numbers_; }

 private:
  SyncedMemory& memory_;
  float* numbers_;
  DISABLE_COPY_AND_ASSIGN(Writing);
};

// Numbers treated element by element. Any layout will do if all share it: it is the one in which the result is kept.
class Elements {
 public:
  Elements(const Blob<float>& blob, const SyncedMemory& result)
      : in_blocks_(blob.num_axes() == 4 && !result.shown()),
        shape_(in_blocks_ ? blocks_of(blob) : Blocks()),
        count_(in_blocks_ ? shape_.size() : blob.count()) {}
  size_t count() const { return count_; }
  const float* read(SyncedMemory* memory) const {
    return in_blocks_ ? memory->blocks(shape_) : static_cast<const float*>(memory->cpu_data());
  }
  float* write(SyncedMemory* result) const {
    return in_blocks_ ? result->mutable_blocks(shape_) : static_cast<float*>(result->mutable_cpu_data());
  }

 private:
  bool in_blocks_;
  Blocks shape_;
  size_t count_;
};

// One blob's numbers are the sum of others', whose memory is `parts`, element by element and in one pass.
inline void add_up(const vector<SyncedMemory*>& parts, const Blob<float>& blob, SyncedMemory* to) {
  const Elements elements(blob, *to);
  vector<const float*> from;
  for (SyncedMemory* part : parts) from.push_back(elements.read(part));
  float* sum = elements.write(to);
  parallel_pieces(elements.count(), [&](size_t at, size_t size) {
    if (from.size() == 1) std::copy_n(from[0] + at, size, sum + at);
    for (size_t i = 1; i < from.size(); ++i)
      kernels().add(i == 1 ? from[0] + at : sum + at, from[i] + at, sum + at, size);
  });
}

// A layer asks these when it is made, and never again: the environment may change, but the net stays as it is.

// Does CAFFE_FAST, in the environment, contain this word: 0 (nothing but Caffe's own code), without-onednn or
// without-winograd?
bool environment_says(const std::string& word);

// Does oneDNN have fast convolutions for this processor, and may it be used?
bool onednn_here();

// Did the environment, or the prototxt (`engine: CAFFE`), ask for Caffe's own layer?
bool wants_stock(const LayerParameter& param);

// Takes over a layer type, as a static object in a file that is linked after Caffe's.
template <typename FastLayer>
class TakeOver {
 public:
  explicit TakeOver(const char* type) {
    LayerRegistry<float>::Creator& creator = LayerRegistry<float>::Registry()[type];
    CHECK(creator) << "Caffe's own " << type << " layer must be registered before the fast one: link it first.";
    stock_ = creator;
    creator = create;
  }

 private:
  static shared_ptr<Layer<float>> create(const LayerParameter& param) {
    if (wants_stock(param)) return stock_(param);
    return shared_ptr<Layer<float>>(new FastLayer(param));
  }
  static inline LayerRegistry<float>::Creator stock_;
};

}  // namespace caffe
