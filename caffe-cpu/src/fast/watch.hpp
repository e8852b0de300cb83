// Tells whether a layer's weights may have changed since the last time, without looking at them if it can.
#pragma once
#include <cstring>

#include "caffe/blob.hpp"

namespace caffe {

// All of Caffe's own code asks mutable_cpu_data() again before it writes, which the memory counts. Python may keep an
// array and write to it at any time: but then it also holds a share of the blob, and only then are the numbers
// summed and compared.
class Watch {
 public:
  bool changed(const shared_ptr<Blob<float>>& blob) {
    constexpr int kOwners = 2;  // the layer and the net
    const SyncedMemory* memory = blob->data().get();
    const bool lent = blob.use_count() > kOwners || blob->data().use_count() > 1;
    const bool sure = memory == memory_ && memory->version() == version_ && !lent && !was_lent_;
    memory_ = memory;
    version_ = memory->version();
    was_lent_ = lent;
    if (sure) return false;
    const uint64_t sum = checksum(blob->cpu_data(), blob->count());
    const bool differs = sum != checksum_;
    checksum_ = sum;
    return differs;
  }

 private:
  static uint64_t checksum(const float* numbers, size_t count) {
    constexpr uint64_t kOdd = 0x9E3779B97F4A7C15;
    uint64_t lanes[8] = {1, 2, 3, 4, 5, 6, 7, 8};  // side by side, for speed
    const auto mix = [](uint64_t& lane, uint64_t word) {
      lane = (lane ^ word) * kOdd;
      lane ^= lane >> 29;
    };
    size_t i = 0;
    for (; i + 16 <= count; i += 16)
      for (int j = 0; j < 8; ++j) {
        uint64_t word;
        std::memcpy(&word, numbers + i + 2 * j, sizeof word);
        mix(lanes[j], word);
      }
    for (; i < count; ++i) {
      uint32_t word;
      std::memcpy(&word, numbers + i, sizeof word);
      mix(lanes[0], word);
    }
    for (int j = 1; j < 8; ++j) mix(lanes[0], lanes[j]);
    return lanes[0];
  }

  const SyncedMemory* memory_ = nullptr;
  unsigned version_ = 0;
  bool was_lent_ = true;
  uint64_t checksum_ = 0;
};

}  // namespace caffe
