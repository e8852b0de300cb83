// A way to compute a convolution in blocks. It is made for certain shapes.
#pragma once

namespace caffe {

class ConvolutionMethod {
 public:
  virtual ~ConvolutionMethod() = default;

  // Is this method good for these numbers? If not, another must go forward.
  virtual bool suits(const float* /*x*/) const { return true; }

  // Weights are as in Caffe. The bias may be null.
  virtual void forward(const float* x, const float* weights, const float* bias, float* y) = 0;
  virtual void backward(const float* dy, const float* weights, float* dx) = 0;

  // To be called whenever the weights have other values than the last time.
  virtual void weights_changed() {}

  // Adds to dw, as Caffe does. Returns false if this method cannot do so, or is not fast at it.
  virtual bool add_weight_gradient(const float* /*x*/, const float* /*dy*/, float* /*dw*/) { return false; }
};

}  // namespace caffe
