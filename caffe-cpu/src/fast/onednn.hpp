// One convolution by oneDNN: forward, back to its input, and back to its weights.
#pragma once
#include <dnnl.hpp>
#include <memory>
#include <unordered_map>

#include "convolution_method.hpp"
#include "kernels.hpp"

namespace caffe {

// What is convolved with what.
struct ConvolutionShape {
  Window window;
  int num, inputs, outputs, groups;
  int dilation_h, dilation_w;  // 1 where the kernel is not spread out
  bool bias;
  bool plain_x;  // is x read channel by channel? Everything else is in blocks (kernels.hpp), weights are as in Caffe
};

// Does oneDNN have machine code for an ordinary convolution on this processor, forward and backward?
bool ordinary_convolution_is_fast();

class OneDnnConvolution : public ConvolutionMethod {
 public:
  // Throws dnnl::error where oneDNN does not know this kind of convolution.
  explicit OneDnnConvolution(const ConvolutionShape&);

  // Does oneDNN have machine code for this, or only the textbook's loops?
  bool fast() const { return fast_; }

  void weights_changed() override;
  void forward(const float* x, const float* weights, const float* bias, float* y) override;
  void backward(const float* dy, const float* weights, float* dx) override;
  bool add_weight_gradient(const float* x, const float* dy, float* dw) override;

 private:
  using memory = dnnl::memory;

  // A primitive and what it reads and writes. Its memory objects are made once: while one thread made them at every
  // call, the others had to wait. Each call only says where the numbers are.
  struct Pass {
    dnnl::primitive compute;
    std::unordered_map<int, memory> arguments;
    bool expired = true;  // are the weights in `arguments` older than the layer's?

    void update(const memory::desc& plain, const float* weights);
    void run(std::initializer_list<std::pair<int, const float*>> numbers) const;
  };

  // Only training needs this. Making it takes milliseconds, so it is made on first use.
  struct WeightGradient {
    Pass pass;          // its result is in the layout that oneDNN likes
    dnnl::reorder add;  // to what is there, in Caffe's layout
  };
  WeightGradient& weight_gradient();

  const memory::dims stride_, dilation_, pad_;
  const memory::desc x_, y_, weights_, any_weights_;  // any_: in the layout that oneDNN likes
  dnnl::convolution_forward::primitive_desc forward_desc_;
  Pass forward_, backward_;
  bool fast_;
  std::unique_ptr<WeightGradient> weight_gradient_;
};

}  // namespace caffe
