// One convolution by oneDNN: see onednn.hpp.
#include "onednn.hpp"

#ifdef __aarch64__
#include <fcntl.h>
#include <sys/auxv.h>
#include <unistd.h>
#endif
#include <string>

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
  const auto tag = kernels().lanes == 16 ? memory::format_tag::nChw16c : memory::format_tag::nChw8c;
  return {dims, memory::data_type::f32, tag};
}
// A handle is never const. oneDNN writes to outputs only.
memory at(const memory::desc& desc, const float* numbers) { return {desc, engine(), const_cast<float*>(numbers)}; }
memory nowhere(const memory::desc& desc) { return at(desc, nullptr); }

memory::dims dims_of_x(const ConvolutionShape& s) { return {s.num, s.inputs, s.window.height, s.window.width}; }
memory::dims dims_of_y(const ConvolutionShape& s) {
  return {s.num, s.outputs, s.window.out_height, s.window.out_width};
}
memory::dims dims_of_weights(const ConvolutionShape& s) {
  const Window& w = s.window;
  if (s.groups == 1) return {s.outputs, s.inputs, w.kernel_h, w.kernel_w};
  return {s.groups, s.outputs / s.groups, s.inputs / s.groups, w.kernel_h, w.kernel_w};
}

bool is_machine_code(const dnnl::primitive_desc& desc) {
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

OneDnnConvolution::OneDnnConvolution(const ConvolutionShape& s)
    : stride_{s.window.stride_h, s.window.stride_w},
      dilation_{s.dilation_h - 1, s.dilation_w - 1},
      pad_{s.window.pad_h, s.window.pad_w},
      x_(s.plain_x ? plain(dims_of_x(s)) : in_blocks(dims_of_x(s))),
      y_(in_blocks(dims_of_y(s))),
      weights_(plain(dims_of_weights(s))),
      any_weights_(any_layout(dims_of_weights(s))) {
  const memory::desc bias = s.bias ? plain({s.outputs}) : memory::desc();
  const memory::desc dx = in_blocks(dims_of_x(s));  // even where x is plain
  forward_desc_ = {engine(), dnnl::prop_kind::forward_training, kDirect, x_, any_weights_, bias, y_, stride_, dilation_,
                   pad_, pad_};
  const dnnl::convolution_backward_data::primitive_desc backward(engine(), kDirect, dx, any_weights_, y_, stride_,
                                                                 dilation_, pad_, pad_, forward_desc_);
  fast_ = is_machine_code(forward_desc_) && is_machine_code(backward);
  forward_.compute = dnnl::convolution_forward(forward_desc_);
  forward_.arguments = {{DNNL_ARG_SRC, nowhere(x_)},
                        {DNNL_ARG_WEIGHTS, memory(forward_desc_.weights_desc(), engine())},
                        {DNNL_ARG_DST, nowhere(y_)}};
  if (s.bias) forward_.arguments.emplace(DNNL_ARG_BIAS, nowhere(bias));
  backward_.compute = dnnl::convolution_backward_data(backward);
  backward_.arguments = {{DNNL_ARG_DIFF_DST, nowhere(y_)},
                         {DNNL_ARG_WEIGHTS, memory(backward.weights_desc(), engine())},
                         {DNNL_ARG_DIFF_SRC, nowhere(dx)}};
}

void OneDnnConvolution::weights_changed() { forward_.expired = backward_.expired = true; }

void OneDnnConvolution::forward(const float* x, const float* weights, const float* bias, float* y) {
  forward_.update(weights_, weights);
  forward_.run({{DNNL_ARG_SRC, x}, {DNNL_ARG_DST, y}, {DNNL_ARG_BIAS, bias}});
}

void OneDnnConvolution::backward(const float* dy, const float* weights, float* dx) {
  backward_.update(weights_, weights);
  backward_.run({{DNNL_ARG_DIFF_DST, dy}, {DNNL_ARG_DIFF_SRC, dx}});
}

bool OneDnnConvolution::add_weight_gradient(const float* x, const float* dy, float* dw) try {
  WeightGradient& w = weight_gradient();
  w.pass.run({{DNNL_ARG_SRC, x}, {DNNL_ARG_DIFF_DST, dy}});
  memory sum = at(weights_, dw);
  w.add.execute(stream(), w.pass.arguments.at(DNNL_ARG_DIFF_WEIGHTS), sum);
  return true;
} catch (const dnnl::error&) {
  return false;
}

OneDnnConvolution::WeightGradient& OneDnnConvolution::weight_gradient() {
  if (weight_gradient_) return *weight_gradient_;
  const dnnl::convolution_backward_weights::primitive_desc desc(engine(), kDirect, x_, any_weights_, y_, stride_,
                                                                dilation_, pad_, pad_, forward_desc_);
  if (!is_machine_code(desc)) throw dnnl::error(dnnl_unimplemented, "only the textbook's loops");
  const memory result(desc.diff_weights_desc(), engine());
  const dnnl::reorder::primitive_desc add(engine(), result.get_desc(), engine(), weights_, add_to_what_is_there());
  const Pass pass = {
      dnnl::convolution_backward_weights(desc),
      {{DNNL_ARG_SRC, nowhere(x_)}, {DNNL_ARG_DIFF_DST, nowhere(y_)}, {DNNL_ARG_DIFF_WEIGHTS, result}}};
  weight_gradient_.reset(new WeightGradient{pass, dnnl::reorder(add)});
  return *weight_gradient_;
}

void OneDnnConvolution::Pass::update(const memory::desc& plain, const float* weights) {
  if (!expired) return;
  memory from = at(plain, weights), to = arguments.at(DNNL_ARG_WEIGHTS);
  dnnl::reorder(from, to).execute(stream(), from, to);
  expired = false;
}

void OneDnnConvolution::Pass::run(std::initializer_list<std::pair<int, const float*>> numbers) const {
  for (const auto& [argument, at] : numbers)
    if (at) arguments.at(argument).set_data_handle(const_cast<float*>(at));
  compute.execute(stream(), arguments);
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
  const Window window = {14, 14, 14, 14, 3, 3, 1, 1, 1, 1};
  return OneDnnConvolution({window, 1, 64, 64, 1, 1, 1, false, false}).fast();
} catch (const dnnl::error&) {
  return false;
}

bool ordinary_convolution_is_fast() {
  static const bool fast = ask_for_ordinary_convolution();
  return fast;
}

}  // namespace caffe
