// Chooses the layers and the kernels of this process.
#include <cstdlib>
#include <dnnl.hpp>
#include <set>
#include <sstream>

#include "fast.hpp"
#include "onednn.hpp"

namespace caffe {

#ifdef __x86_64__
extern const Kernels kernels_v4, kernels_v3;
#endif
extern const Kernels kernels_base;

const Kernels& kernels() {
  static const Kernels& chosen = []() -> const Kernels& {
#ifdef __x86_64__
    // The same choice as oneDNN's, so that both mean the same by "blocks", and ONEDNN_MAX_CPU_ISA applies to both.
    const unsigned isa = static_cast<unsigned>(dnnl::get_effective_cpu_isa());
    const auto has = [isa](dnnl::cpu_isa level) { return (isa & unsigned(level)) == unsigned(level); };
    if (has(dnnl::cpu_isa::avx512_core)) return kernels_v4;
    if (has(dnnl::cpu_isa::avx2)) return kernels_v3;
#endif
    return kernels_base;
  }();
  return chosen;
}

// CAFFE_FAST holds one of these words, or several with commas between.
bool environment_says(const std::string& what) {
  static const std::set<std::string> known = {"0", "without-onednn", "without-winograd"};
  const char* fast = std::getenv("CAFFE_FAST");
  std::string words = fast ? fast : "", word;
  std::replace(words.begin(), words.end(), ',', ' ');
  bool said = false;
  for (std::istringstream each(words); each >> word;) {
    said = said || word == what;
    if (!known.count(word)) {
      LOG_FIRST_N(ERROR, 1) << "CAFFE_FAST contains \"" << word << "\", which is ignored because it is not a known word. "
                            << "Use 0, without-onednn, without-winograd, or several of these separated by commas.";
    }
  }
  return said;
}

bool onednn_here() { return !environment_says("without-onednn") && ordinary_convolution_is_fast(); }

bool wants_stock(const LayerParameter& param) {
  return environment_says("0") ||
         param.convolution_param().engine() == ConvolutionParameter_Engine_CAFFE ||
         param.pooling_param().engine() == PoolingParameter_Engine_CAFFE ||
         param.lrn_param().engine() == LRNParameter_Engine_CAFFE ||
         param.relu_param().engine() == ReLUParameter_Engine_CAFFE;
}

}  // namespace caffe
