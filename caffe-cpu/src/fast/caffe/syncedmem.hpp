// Takes the place of Caffe's syncedmem.hpp: a blob's memory in two layouts, where Caffe's had two devices.
//
// Everybody who asks with cpu_data() or mutable_cpu_data() sees what Caffe has always shown: plain numbers, channel
// by channel. The fast layers hand numbers to each other in blocks of channels (see kernels.hpp), which are several
// times as fast to compute with. One rule keeps both true:
//
//   Memory that somebody has looked at in plain form is plain for ever. They may have kept the pointer (a NumPy
//   array does), may read it at any time and write to it at any time. Blocks are then only a copy on the way.
//   Memory that nobody has looked at is in blocks, and its plain form is not even allocated. It may be given back:
//   then it reads as zeros until it is written again.
#ifndef CAFFE_SYNCEDMEM_HPP_
#define CAFFE_SYNCEDMEM_HPP_

#include <cstdlib>

#include "caffe/common.hpp"

namespace caffe {

// The shape of numbers in blocks.
struct Blocks {
  int num = 0, channels = 0, pixels = 0;

  static int lanes();
  int groups() const { return (channels + lanes() - 1) / lanes(); }
  size_t group_size() const { return static_cast<size_t>(pixels) * lanes(); }
  size_t size() const { return num * groups() * group_size(); }
  bool operator==(const Blocks& b) const { return num == b.num && channels == b.channels && pixels == b.pixels; }
};

class SyncedMemory {
 public:
  SyncedMemory() : SyncedMemory(0) {}
  explicit SyncedMemory(size_t size) : size_(size) {}
  ~SyncedMemory();

  // Caffe's own interface.
  enum SyncedHead { UNINITIALIZED, HEAD_AT_CPU, HEAD_AT_GPU, SYNCED };
  SyncedHead head() const { return plain_ || blocks_ ? HEAD_AT_CPU : UNINITIALIZED; }
  size_t size() const { return size_; }
  const void* cpu_data();
  void* mutable_cpu_data();
  void set_cpu_data(void* data);
  const void* gpu_data() { NO_GPU; return nullptr; }
  void* mutable_gpu_data() { NO_GPU; return nullptr; }
  void set_gpu_data(void*) { NO_GPU; }

  // Has anybody seen the plain form?
  bool shown() const { return plain_ != nullptr; }
  // How often it was given out for writing.
  unsigned version() const { return version_; }

  // The numbers in blocks, to be read.
  const float* blocks(const Blocks& shape);
  // Room for blocks, all of which must be written. If blocks() was called just before, its numbers are still there.
  float* mutable_blocks(const Blocks& shape);
  // Call this after writing: it brings the plain form up to date, if anybody has seen it.
  void blocks_written();
  // Call this when nobody needs the numbers any more. It frees them, unless somebody has seen the plain form.
  void give_back();

 private:
  void unpack() const;

  size_t size_;
  void* plain_ = nullptr;
  bool own_plain_ = false;
  unsigned version_ = 0;
  float* blocks_ = nullptr;
  size_t blocks_size_ = 0;
  Blocks shape_;

  DISABLE_COPY_AND_ASSIGN(SyncedMemory);
};

}  // namespace caffe

#endif  // CAFFE_SYNCEDMEM_HPP_
