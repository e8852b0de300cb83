// One convolution by oneDNN: see onednn.hpp.
#include "onednn.hpp"

#ifdef __aarch64__
#include <fcntl.h>
#include <sys/auxv.h>
#include <unistd.h>
#endif
#include <string>

#include "fast.hpp"

namespace caffe {
namespace {

using dnnl::memory;
constexpr auto kDirect = dnnl::algorithm::convolution_direct;

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
// A handle is never const. oneDNN writes to outputs only.
memory at(const memory::desc& desc, const float* numbers) { return {desc, engine(), const_cast<float*>(numbers)}; }
memory nowhere(const memory::desc& desc) { return at(desc, nullptr); }
void point(memory& memory, const float* numbers) { memory.set_data_handle(const_cast<float*>(numbers)); }

memory::desc input(const ConvolutionShape& s) { return s.plain_x ? plain(s.x) : in_blocks(s.x); }
memory::desc bias_of(const ConvolutionShape& s) { return s.bias ? plain({s.y[1]}) : memory::desc(); }

dnnl::convolution_forward::primitive_desc forward_of(const ConvolutionShape& s) {
  const auto kind = dnnl::prop_kind::forward_training;
  const memory::desc x = input(s), weights = any_layout(s.weights), bias = bias_of(s), y = in_blocks(s.y);
  const memory::dims &before = s.pad, &after = s.pad;
  return {engine(), kind, kDirect, x, weights, bias, y, s.stride, s.dilation, before, after};
}

// The gradient of x is always in blocks, even where x is plain.
dnnl::convolution_backward_data::primitive_desc backward_of(
    const ConvolutionShape& s, const dnnl::convolution_forward::primitive_desc& forward) {
  const memory::desc dx = in_blocks(s.x), weights = any_layout(s.weights), dy = in_blocks(s.y);
  const memory::dims &before = s.pad, &after = s.pad;
  return {engine(), kDirect, dx, weights, dy, s.stride, s.dilation, before, after, forward};
}

dnnl::convolution_backward_weights::primitive_desc weight_gradient_of(
    const ConvolutionShape& s, const dnnl::convolution_forward::primitive_desc& forward) {
  const memory::desc x = input(s), dw = any_layout(s.weights), dy = in_blocks(s.y);
  const memory::dims &before = s.pad, &after = s.pad;
  return {engine(), kDirect, x, dw, dy, s.stride, s.dilation, before, after, forward};
}

template <typename PrimitiveDesc>
bool is_machine_code(const PrimitiveDesc& desc) {
  const std::string name = desc.impl_info_str();
  return name.find("ref") == std::string::npos && name.find("gemm") != 0;
}

dnnl::primitive_attr add_to_what_is_there() {
  dnnl::post_ops sum;
  sum.append_sum();
  dnnl::primitive_attr attributes;
  attributes.set_post_ops(sum);
  return attributes;
}

}  // namespace

OneDnnConvolution::OneDnnConvolution(const ConvolutionShape& shape)
    : shape_(shape),
      forward_desc_(forward_of(shape)),
      backward_desc_(backward_of(shape, forward_desc_)),
      forward_(forward_desc_),
      backward_(backward_desc_),
      forward_weights_(plain(shape.weights), forward_desc_.weights_desc()),
      backward_weights_(plain(shape.weights), backward_desc_.weights_desc()),
      x_(nowhere(forward_desc_.src_desc())),
      y_(nowhere(forward_desc_.dst_desc())),
      bias_(shape.bias ? nowhere(forward_desc_.bias_desc()) : memory()),
      dy_(nowhere(backward_desc_.diff_dst_desc())),
      dx_(nowhere(backward_desc_.diff_src_desc())),
      forward_arguments_{{DNNL_ARG_SRC, x_}, {DNNL_ARG_WEIGHTS, forward_weights_.packed()}, {DNNL_ARG_DST, y_}},
      backward_arguments_{
          {DNNL_ARG_DIFF_DST, dy_}, {DNNL_ARG_WEIGHTS, backward_weights_.packed()}, {DNNL_ARG_DIFF_SRC, dx_}} {
  if (shape.bias) forward_arguments_.emplace(DNNL_ARG_BIAS, bias_);
}

bool OneDnnConvolution::fast() const { return is_machine_code(forward_desc_) && is_machine_code(backward_desc_); }

bool OneDnnConvolution::fast_weight_gradient() try {
  return is_machine_code(weight_gradient().desc);
} catch (const dnnl::error&) {
  return false;
}

void OneDnnConvolution::weights_changed() {
  forward_weights_.expire();
  backward_weights_.expire();
}

void OneDnnConvolution::forward(const float* x, const float* weights, const float* bias, float* y) {
  forward_weights_.update(weights);
  point(x_, x);
  point(y_, y);
  if (shape_.bias) point(bias_, bias);
  forward_.execute(stream(), forward_arguments_);
}

void OneDnnConvolution::backward(const float* dy, const float* weights, float* dx) {
  backward_weights_.update(weights);
  point(dy_, dy);
  point(dx_, dx);
  backward_.execute(stream(), backward_arguments_);
}

void OneDnnConvolution::add_weight_gradient(const float* x, const float* dy, float* dw) {
  WeightGradient& w = weight_gradient();
  w.compute.execute(stream(), {{DNNL_ARG_SRC, at(w.desc.src_desc(), x)},
                               {DNNL_ARG_DIFF_DST, at(w.desc.diff_dst_desc(), dy)},
                               {DNNL_ARG_DIFF_WEIGHTS, w.result}});
  memory sum = at(w.add_desc.dst_desc(), dw);
  w.add.execute(stream(), w.result, sum);
}

OneDnnConvolution::WeightGradient& OneDnnConvolution::weight_gradient() {
  if (weight_gradient_) return *weight_gradient_;
  WeightGradient w;
  w.desc = weight_gradient_of(shape_, forward_desc_);
  w.compute = dnnl::convolution_backward_weights(w.desc);
  w.result = memory(w.desc.diff_weights_desc(), engine());
  w.add_desc = {engine(), w.desc.diff_weights_desc(), engine(), plain(shape_.weights), add_to_what_is_there()};
  w.add = dnnl::reorder(w.add_desc);
  weight_gradient_.reset(new WeightGradient(w));
  return *weight_gradient_;
}

OneDnnConvolution::Packed::Packed(const memory::desc& plain, const memory::desc& wanted)
    : plain_(plain), wanted_(wanted, engine()) {}

void OneDnnConvolution::Packed::update(const float* weights) {
  if (!expired_) return;
  memory from = at(plain_, weights);
  dnnl::reorder(from, wanted_).execute(stream(), from, wanted_);
  expired_ = false;
}

#ifdef __aarch64__
// Without SVE, oneDNN has only the textbook's loops, and must not even be asked: where Docker hides one of the kernel's
// files, its first look at the processor writes a complaint to stderr. With SVE, we keep that line from the reader.
static bool worth_asking() { return getauxval(AT_HWCAP) & HWCAP_SVE; }
class Quiet {
 public:
  Quiet() : stderr_(dup(STDERR_FILENO)) {
    const int nowhere = open("/dev/null", O_WRONLY);
    dup2(nowhere, STDERR_FILENO);
    close(nowhere);
  }
  ~Quiet() {
    dup2(stderr_, STDERR_FILENO);
    close(stderr_);
  }

 private:
  const int stderr_;
};
#else
static bool worth_asking() { return true; }
struct Quiet {};
#endif

static bool ask_for_ordinary_convolution() try {
  if (!worth_asking()) return false;
  [[maybe_unused]] const Quiet quiet;
  ConvolutionShape ordinary = {};
  ordinary.x = ordinary.y = {1, 64, 14, 14};
  ordinary.weights = {64, 64, 3, 3};
  ordinary.stride = ordinary.pad = {1, 1};
  ordinary.dilation = {0, 0};
  return OneDnnConvolution(ordinary).fast();
} catch (const dnnl::error&) {
  return false;
}

bool ordinary_convolution_is_fast() {
  static const bool fast = ask_for_ordinary_convolution();
  return fast;
}

}  // namespace caffe
