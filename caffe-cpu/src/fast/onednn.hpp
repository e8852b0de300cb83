// One convolution by oneDNN: forward, back to its input, and back to its weights.
#pragma once
#include <dnnl.hpp>
#include <memory>
#include <unordered_map>

#include "convolution_method.hpp"

namespace caffe {

// What is convolved with what. Sizes are oneDNN's dims: pictures, channels, rows, columns.
struct ConvolutionShape {
  using dims = dnnl::memory::dims;
  dims x, y;
  dims weights;  // outputs, inputs, rows, columns; with several groups, their number comes first
  dims stride;   // down and across, like the next two
  dims dilation; // 0 where the kernel is not spread out
  dims pad;      // on either side
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
  bool fast() const;
  bool fast_weight_gradient() override;

  void weights_changed() override;
  void forward(const float* x, const float* weights, const float* bias, float* y) override;
  void backward(const float* dy, const float* weights, float* dx) override;
  void add_weight_gradient(const float* x, const float* dy, float* dw) override;

 private:
  using memory = dnnl::memory;

  // Weights in the layout that a primitive wants.
  class Packed {
   public:
    Packed(const memory::desc& plain, const memory::desc& wanted);
    void update(const float* weights);
    void expire() { expired_ = true; }
    const memory& packed() const { return wanted_; }

   private:
    memory::desc plain_;
    memory wanted_;
    bool expired_ = true;
  };

  // Only training needs this. Making it takes milliseconds, so it is made on first use.
  struct WeightGradient {
    dnnl::convolution_backward_weights::primitive_desc desc;
    dnnl::convolution_backward_weights compute;
    memory result;  // in the layout that oneDNN likes
    dnnl::reorder::primitive_desc add_desc;
    dnnl::reorder add;  // to what is there, in Caffe's layout
  };
  WeightGradient& weight_gradient();

  ConvolutionShape shape_;
  dnnl::convolution_forward::primitive_desc forward_desc_;
  dnnl::convolution_backward_data::primitive_desc backward_desc_;
  dnnl::convolution_forward forward_;
  dnnl::convolution_backward_data backward_;
  Packed forward_weights_, backward_weights_;
  // What forward_ and backward_ read and write. These are made once: while one thread made them at every call, the
  // others had to wait (how-it-got-fast.md). Each call only says where the numbers are.
  memory x_, y_, bias_, dy_, dx_;
  std::unordered_map<int, memory> forward_arguments_, backward_arguments_;
  std::unique_ptr<WeightGradient> weight_gradient_;
};

}  // namespace caffe
