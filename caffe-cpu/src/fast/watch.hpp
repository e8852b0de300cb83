// Tells whether a layer's weights may have changed since the last time, without looking at them if it can.
#pragma once
#include <functional>
#include <string_view>

#include "caffe/blob.hpp"

namespace caffe {

// All of Caffe's own code asks mutable_cpu_data() again before it writes, which the memory counts. Python may keep an
// array and write to it at any time: but then it also holds a share of the blob, and only then are the numbers
// hashed and compared.
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
    const auto* bytes = reinterpret_cast<const char*>(blob->cpu_data());
    const size_t sum = std::hash<std::string_view>()({bytes, blob->count() * sizeof(float)});
    const bool differs = sum != checksum_;
    checksum_ = sum;
    return differs;
  }

 private:
  const SyncedMemory* memory_ = nullptr;
  unsigned version_ = 0;
  bool was_lent_ = true;
  size_t checksum_ = 0;
};

}  // namespace caffe
