// Convolution by oneDNN, in blocks. What oneDNN has no fast code for on this processor is left to Caffe's own.
#include <cstring>
#include <dnnl.hpp>
#include <memory>
#include <string>

#include "caffe/layers/conv_layer.hpp"
#include "fast.hpp"
#include "picture_gradient.hpp"

namespace caffe {
namespace {

using dnnl::memory;

const dnnl::engine& engine() {
  static const dnnl::engine cpu(dnnl::engine::kind::cpu, 0);
  return cpu;
}
dnnl::stream& stream() {
  static dnnl::stream only(engine());
  return only;
}

memory::desc any_layout(const memory::dims& dims) { return {dims, memory::data_type::f32, memory::format_tag::any}; }
memory::desc plain(const memory::dims& dims) {
  using tag = memory::format_tag;
  const tag tags[] = {tag::a, tag::ab, tag::abc, tag::abcd, tag::abcde};
  return {dims, memory::data_type::f32, tags[dims.size() - 1]};
}
memory::desc in_blocks(const memory::dims& dims) {
  const auto tag = Blocks::lanes() == 16 ? memory::format_tag::nChw16c : memory::format_tag::nChw8c;
  return {dims, memory::data_type::f32, tag};
}
memory at(const memory::desc& desc, const float* numbers) {
  return {desc, engine(), const_cast<float*>(numbers)};  // oneDNN does not write to what it only reads
}

// Has oneDNN machine code for this, or only the textbook's loops?
template <typename Primitive>
bool is_fast(const Primitive& primitive) {
  const std::string name = primitive.impl_info_str();
  return name.find("ref") == std::string::npos && name.find("gemm") != 0;
}

// An ordinary convolution, there and back: is oneDNN's code for it fast on this processor?
bool ordinary_is_fast() try {
  const memory::desc picture = in_blocks({1, 64, 14, 14}), weights = any_layout({64, 64, 3, 3});
  const memory::dims one = {1, 1}, none = {0, 0};
  const auto direct = dnnl::algorithm::convolution_direct;
  const dnnl::convolution_forward::primitive_desc forward(engine(), dnnl::prop_kind::forward_training, direct, picture,
                                                          weights, picture, one, none, one, one);
  return is_fast(forward) && is_fast(dnnl::convolution_backward_data::primitive_desc(
                                 engine(), direct, picture, weights, picture, one, none, one, one, forward));
} catch (const dnnl::error&) {
  return false;
}

// Tells whether a layer's weights may have changed since the last time, without looking at them if it can.
//
// All of Caffe's own code asks mutable_cpu_data() again before it writes, which the memory counts. Python may keep an
// array and write to it at any time: but then it also keeps its share of the blob, and only then the numbers are
// summed up and compared.
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

// Weights in the layout that a primitive wants them in.
class Packed {
 public:
  Packed() = default;
  Packed(const memory::desc& plain, const memory::desc& wanted) : plain_(plain), wanted_(wanted, engine()) {}
  const memory& get(const float* weights, unsigned version) {
    if (version != version_) {
      memory from = at(plain_, weights);
      dnnl::reorder(from, wanted_).execute(stream(), from, wanted_);
      version_ = version;
    }
    return wanted_;
  }

 private:
  memory::desc plain_;
  memory wanted_;
  unsigned version_ = 0;
};

}  // namespace

bool fast_here() {
  static const bool fast = ordinary_is_fast();
  return fast;
}

class FastConvolutionLayer : public ConvolutionLayer<float> {
 public:
  using ConvolutionLayer<float>::ConvolutionLayer;

 protected:
  void Forward_cpu(const vector<Blob<float>*>& bottom, const vector<Blob<float>*>& top) override {
    if (!prepared(*bottom[0], *top[0])) return ConvolutionLayer<float>::Forward_cpu(bottom, top);
    watch_weights();
    for (size_t i = 0; i < bottom.size(); ++i) {
      const Blocks in = blocks_of(*bottom[i]);
      const float* x = plain_input() ? bottom[i]->cpu_data() : bottom[i]->data()->blocks(in);
      Writing y(top[i]->data(), blocks_of(*top[i]));
      std::unordered_map<int, memory> arguments = {
          {DNNL_ARG_SRC, at(forward_desc_.src_desc(), x)},
          {DNNL_ARG_WEIGHTS, forward_weights_.get(blobs_[0]->cpu_data(), weights_version_)},
          {DNNL_ARG_DST, at(forward_desc_.dst_desc(), y)}};
      if (bias_term_) arguments.emplace(DNNL_ARG_BIAS, at(forward_desc_.bias_desc(), blobs_[1]->cpu_data()));
      forward_.execute(stream(), arguments);
    }
  }

  void Backward_cpu(const vector<Blob<float>*>& top, const vector<bool>& propagate_down,
                    const vector<Blob<float>*>& bottom) override {
    if (!prepared(*bottom[0], *top[0]) || param_propagate_down_[0])
      return ConvolutionLayer<float>::Backward_cpu(top, propagate_down, bottom);
    watch_weights();
    for (size_t i = 0; i < top.size(); ++i) {
      const Blocks out = blocks_of(*top[i]);
      const float* dy = top[i]->diff()->blocks(out);
      if (bias_term_ && param_propagate_down_[1]) add_bias_gradient(out, dy);
      if (!propagate_down[i]) continue;
      if (picture_gradient_)
        backward_to_picture(out, dy, bottom[i]->mutable_cpu_diff(), bottom[i]->count(1));
      else
        backward(dy, Writing(bottom[i]->diff(), blocks_of(*bottom[i])));
    }
  }

 private:
  // Pictures come with three channels: those are better read plain.
  bool plain_input() const { return channels_ < Blocks::lanes(); }

  // Sees to primitives for these shapes; false if this layer is better left to Caffe.
  bool prepared(const Blob<float>& bottom, const Blob<float>& top) {
    if (bottom.shape() != prepared_for_) {
      prepared_for_ = bottom.shape();
      fast_ = num_spatial_axes_ == 2 && channel_axis_ == 1 && prepare(bottom, top);
    }
    return fast_;
  }

  bool prepare(const Blob<float>& bottom, const Blob<float>& top) try {
    const auto dims = [](const vector<int>& shape) { return memory::dims(shape.begin(), shape.end()); };
    const auto pair = [](const Blob<int>& b, int less) {
      return memory::dims{b.cpu_data()[0] - less, b.cpu_data()[1] - less};
    };
    const memory::dims x = dims(bottom.shape()), y = dims(top.shape());
    memory::dims w = dims(blobs_[0]->shape());
    if (group_ > 1) {
      w[0] /= group_;
      w.insert(w.begin(), group_);
    }
    const memory::dims stride = pair(stride_, 0), dilation = pair(dilation_, 1), pad = pair(pad_, 0);
    const memory::desc bias = bias_term_ ? plain({num_output_}) : memory::desc();
    const auto direct = dnnl::algorithm::convolution_direct;
    forward_desc_ = {engine(),      dnnl::prop_kind::forward_training,          direct,
                     plain_input() ? plain(x) : in_blocks(x), any_layout(w), bias, in_blocks(y), stride, dilation, pad, pad};
    backward_desc_ = {engine(), direct, in_blocks(x), any_layout(w), in_blocks(y), stride, dilation, pad, pad,
                      forward_desc_};
    if (!is_fast(forward_desc_) || !is_fast(backward_desc_)) return false;
    forward_ = dnnl::convolution_forward(forward_desc_);
    backward_ = dnnl::convolution_backward_data(backward_desc_);
    forward_weights_ = Packed(plain(w), forward_desc_.weights_desc());
    backward_weights_ = Packed(plain(w), backward_desc_.weights_desc());
    picture_gradient_.reset();
    if (plain_input() && group_ == 1 && dilation == memory::dims{0, 0}) {
      const auto size = [](int64_t n) { return static_cast<int>(n); };
      const Window window = {size(x[2]),      size(x[3]),      size(y[2]),   size(y[3]),  size(w[2]), size(w[3]),
                             size(stride[0]), size(stride[1]), size(pad[0]), size(pad[1])};
      picture_gradient_.reset(new PictureGradient(window, channels_, num_output_));
      picture_weights_version_ = 0;
    }
    return true;
  } catch (const dnnl::error&) {
    return false;  // oneDNN does not know this kind of convolution
  }

  void backward(const float* dy, float* dx) {
    backward_.execute(stream(),
                      {{DNNL_ARG_DIFF_DST, at(backward_desc_.diff_dst_desc(), dy)},
                       {DNNL_ARG_WEIGHTS, backward_weights_.get(blobs_[0]->cpu_data(), weights_version_)},
                       {DNNL_ARG_DIFF_SRC, at(backward_desc_.diff_src_desc(), dx)}});
  }

  void backward_to_picture(const Blocks& out, const float* dy, float* dx, int picture) {
    if (picture_weights_version_ != weights_version_) picture_gradient_->set_weights(blobs_[0]->cpu_data());
    picture_weights_version_ = weights_version_;
    for (int n = 0; n < out.num; ++n)
      picture_gradient_->compute(dy + n * out.groups() * out.group_size(), dx + n * picture);
  }

  void watch_weights() {
    if (watch_.changed(blobs_[0])) ++weights_version_;
  }

  void add_bias_gradient(const Blocks& out, const float* dy) {
    float* sums = blobs_[1]->mutable_cpu_diff();
    parallel(out.groups(), out.size(), [&](int group) {
      const int first = group * Blocks::lanes();
      for (int n = 0; n < out.num; ++n)
        kernels().sum_pixels(dy + (n * out.groups() + group) * out.group_size(), sums + first,
                             std::min(Blocks::lanes(), num_output_ - first), out.pixels);
    });
  }

  vector<int> prepared_for_;
  bool fast_ = false;
  dnnl::convolution_forward::primitive_desc forward_desc_;
  dnnl::convolution_backward_data::primitive_desc backward_desc_;
  dnnl::convolution_forward forward_;
  dnnl::convolution_backward_data backward_;
  Watch watch_;
  unsigned weights_version_ = 1;
  Packed forward_weights_, backward_weights_;
  std::unique_ptr<PictureGradient> picture_gradient_;  // for few channels
  unsigned picture_weights_version_ = 0;
};

static TakeOver<FastConvolutionLayer> taken("Convolution");

}  // namespace caffe
