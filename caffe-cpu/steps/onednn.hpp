// The convolution by oneDNN, which writes machine code for these very shapes when it is asked for them. It copies no
// windows, and wants everything in blocks.
#pragma once
#include <dnnl.hpp>

#include "lanes.hpp"

namespace onednn {

using dnnl::memory;
using tag = memory::format_tag;

inline dnnl::engine& engine() {
  static dnnl::engine cpu(dnnl::engine::kind::cpu, 0);
  return cpu;
}
inline dnnl::stream& stream() {
  static dnnl::stream only(engine());
  return only;
}
inline memory::desc blocks(int channels) {
  return {{1, channels, kSide, kSide}, memory::data_type::f32, lanes::kLanes == 16 ? tag::nChw16c : tag::nChw8c};
}
inline memory::desc weights(tag layout) { return {{kOut, kIn, 3, 3}, memory::data_type::f32, layout}; }
inline memory at(const memory::desc& desc, const void* numbers) { return {desc, engine(), const_cast<void*>(numbers)}; }

class Convolution {
 public:
  explicit Convolution(const Given& given)
      : forward_desc_(engine(), dnnl::prop_kind::forward_training, dnnl::algorithm::convolution_direct, blocks(kIn),
                      weights(tag::any), bias_, blocks(kOut), one, one, one),
        backward_desc_(engine(), dnnl::algorithm::convolution_direct, blocks(kIn), weights(tag::any), blocks(kOut), one,
                       one, one, forward_desc_),
        forward_(forward_desc_),
        backward_(backward_desc_),
        forward_weights_(forward_desc_.weights_desc(), engine()),
        backward_weights_(backward_desc_.weights_desc(), engine()),
        given_bias_(at(bias_, given.bias)) {
    memory plain = at(weights(tag::oihw), given.weights);  // a trained network's weights stay: once is enough
    dnnl::reorder(plain, forward_weights_).execute(stream(), plain, forward_weights_);
    dnnl::reorder(plain, backward_weights_).execute(stream(), plain, backward_weights_);
  }

  void forward(const lanes::Input& x, lanes::Whole& y) {
    forward_.execute(stream(), {{DNNL_ARG_SRC, at(blocks(kIn), &x)},
                                {DNNL_ARG_WEIGHTS, forward_weights_},
                                {DNNL_ARG_BIAS, given_bias_},
                                {DNNL_ARG_DST, at(blocks(kOut), &y)}});
  }

  void backward(const lanes::Whole& dy, lanes::Input& dx) {
    backward_.execute(stream(), {{DNNL_ARG_DIFF_DST, at(blocks(kOut), &dy)},
                                 {DNNL_ARG_WEIGHTS, backward_weights_},
                                 {DNNL_ARG_DIFF_SRC, at(blocks(kIn), &dx)}});
  }

 private:
  const memory::dims one = {1, 1};  // stride, and padding on each side
  const memory::desc bias_ = {{kOut}, memory::data_type::f32, tag::a};
  dnnl::convolution_forward::primitive_desc forward_desc_;
  dnnl::convolution_backward_data::primitive_desc backward_desc_;
  dnnl::convolution_forward forward_;
  dnnl::convolution_backward_data backward_;
  memory forward_weights_, backward_weights_, given_bias_;
};

}  // namespace onednn
