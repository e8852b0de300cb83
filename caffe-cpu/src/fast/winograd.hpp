// A 3 x 3 convolution with a quarter of the multiplications: F(4x4, 3x3) of Lavin and Gray (2016), after Winograd.
//
// A tile of 4 x 4 results depends on a window of 6 x 6 numbers. Computed directly, it takes 144 products for each pair
// of channels. Here the window and the weights are first changed to another basis, in which 36 products are enough: one
// at each of 36 "points". Over all tiles and channels, that is one matrix product per point. Then the results are
// changed back. The price: the weights at the points take four times the memory, rounding errors are some three times
// as large, and a NaN in a window spreads to the whole tile.
#pragma once
#include "convolution_method.hpp"
#include "fast.hpp"

namespace caffe {

class Winograd : public ConvolutionMethod {
 public:
  // For `num` pictures, and a convolution with one group and no dilation.
  Winograd(const Window& window, int num, int inputs, int outputs);

  // Can this be computed here, and is it faster than oneDNN and OpenBLAS?
  static bool pays(const Window& window, int inputs, int outputs);

  // Not if some pixel is the same as its neighbour, in all channels. Then max pooling has to break ties between equal
  // results. Here results that should be equal differ by rounding: a picture with flat parts is left to others.
  bool suits(const float* x) const override { return !forward_.has_flat_parts(x); }

  void weights_changed() override {
    forward_.weights_changed();
    backward_.weights_changed();
  }
  void forward(const float* x, const float* weights, const float* bias, float* y) override {
    forward_.compute(x, weights, bias, y);
  }
  void backward(const float* dy, const float* weights, float* dx) override {
    backward_.compute(dy, weights, nullptr, dx);
  }

 private:
  // Forward or backward. Backward is a convolution too: from outputs to inputs, with every kernel turned by 180
  // degrees.
  class Way {
   public:
    Way(const Window& window, int num, int from, int to, bool turned);
    void weights_changed() { expired_ = true; }
    bool has_flat_parts(const float* x) const;
    void compute(const float* x, const float* weights, const float* bias, float* y);

   private:
    void set_weights(const float* plain);
    void gather_taps(const float* plain, int k, int group, float* taps) const;
    void compute_tiles(const float* x, const float* bias, float* y, int begin, int end) const;

    const Window window_;
    const int num_, from_, to_;  // pictures, and channels
    const bool turned_;
    const int across_, tiles_;  // tiles in a row and in a picture
    const int width_;           // the channels `to`, filled up to whole strips of kernels().multiply
    Blob<float> weights_;       // points x strips x from x step; made when they are first needed
    bool expired_ = true;
    Blob<float> bias_;          // zeros at first, and for ever in the backward direction
  };

  Way forward_, backward_;
};

}  // namespace caffe
