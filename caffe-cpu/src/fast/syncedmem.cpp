// Takes the place of Caffe's syncedmem.cpp: see caffe/syncedmem.hpp for the one rule that this follows.
#include "caffe/syncedmem.hpp"

#include <cstring>

#include "fast.hpp"
#include "kernels.hpp"

namespace caffe {
namespace {

void* allocate(size_t size) {
  void* memory = nullptr;
  CHECK_EQ(posix_memalign(&memory, 64, size ? size : 64), 0) << "No memory left for " << size << " bytes.";
  return memory;
}

// Calls f(plain offset, blocks offset, channels) for each group of channels.
template <typename F>
void for_each_group(const Blocks& shape, F f) {
  const int groups = shape.groups();
  parallel(shape.num * groups, shape.size(), [&](int i) {
    const int first = i % groups * Blocks::lanes();
    const size_t plain = (static_cast<size_t>(i / groups) * shape.channels + first) * shape.pixels;
    f(plain, i * shape.group_size(), std::min(Blocks::lanes(), shape.channels - first));
  });
}

}  // namespace

int Blocks::lanes() { return kernels().lanes; }

SyncedMemory::~SyncedMemory() {
  if (own_plain_) free(plain_);
  free(blocks_);
}

const void* SyncedMemory::cpu_data() {
  if (!plain_) {
    plain_ = allocate(size_);
    own_plain_ = true;
    std::memset(plain_, 0, size_);
    if (blocks_) unpack();
  }
  return plain_;
}

void* SyncedMemory::mutable_cpu_data() {
  ++version_;
  return const_cast<void*>(cpu_data());
}

void SyncedMemory::set_cpu_data(void* data) {
  CHECK(data);
  if (own_plain_) free(plain_);
  ++version_;
  plain_ = data;
  own_plain_ = false;
}

const float* SyncedMemory::blocks(const Blocks& shape) {
  if (!shown() && blocks_ && shape == shape_) return blocks_;
  const float* plain = static_cast<const float*>(cpu_data());
  float* blocks = mutable_blocks(shape);
  for_each_group(shape, [&](size_t from, size_t to, int channels) {
    kernels().pack(plain + from, blocks + to, channels, shape.pixels);
  });
  return blocks;
}

float* SyncedMemory::mutable_blocks(const Blocks& shape) {
  if (shape.size() > blocks_size_) {
    free(blocks_);
    blocks_size_ = shape.size();
    blocks_ = static_cast<float*>(allocate(blocks_size_ * sizeof(float)));
  }
  shape_ = shape;
  return blocks_;
}

void SyncedMemory::blocks_written() {
  if (shown()) {
    ++version_;
    unpack();
  }
}

void SyncedMemory::give_back() {
  if (shown()) return;
  free(blocks_);
  blocks_ = nullptr;
  blocks_size_ = 0;
}

void SyncedMemory::unpack() const {
  float* plain = static_cast<float*>(plain_);
  for_each_group(shape_, [&](size_t to, size_t from, int channels) {
    kernels().unpack(blocks_ + from, plain + to, channels, shape_.pixels);
  });
}

}  // namespace caffe
