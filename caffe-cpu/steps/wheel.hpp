// The wheel's own loops and its convolution by oneDNN (../src/fast), for the sizes of this block. Numbers are in
// blocks: the channels that fill a register lie side by side, pixel after pixel, so that every load, comparison and sum
// is of a whole register.
#pragma once
#include <cmath>

#include "../src/fast/onednn.hpp"
#include "step.hpp"

namespace caffe {
extern const Kernels kernels_here;
const Kernels& kernels() { return kernels_here; }  // compiled for this very processor
}  // namespace caffe

namespace wheel {

using caffe::kernels;

constexpr caffe::Window kPooling = {kSide, kSide, kHalf, kHalf, 3, 3, 2, 2, 0, 0};
const caffe::ConvolutionShape kConvolution = {
    {kSide, kSide, kSide, kSide, 3, 3, 1, 1, 1, 1}, 1, kIn, kOut, 1, 1, 1, true, false};

template <int channels, int pixels>
struct alignas(64) Blocks {
  float at[channels * pixels];
};
using Whole = Blocks<kOut, kPixels>;
using Pooled = Blocks<kOut, kPooled>;
using Input = Blocks<kIn, kPixels>;
struct alignas(64) Places {
  int at[kOut * kPooled];
};

template <int channels, int pixels>
void pack(const float* plain, Blocks<channels, pixels>& blocks) {
  const int lanes = kernels().lanes;
  for (int c = 0; c < channels; c += lanes) kernels().pack(plain + c * pixels, blocks.at + c * pixels, lanes, pixels);
}

template <int channels, int pixels>
void unpack(const Blocks<channels, pixels>& blocks, float* plain) {
  const int lanes = kernels().lanes;
  for (int c = 0; c < channels; c += lanes) kernels().unpack(blocks.at + c * pixels, plain + c * pixels, lanes, pixels);
}

inline void relu(Whole& x) { kernels().relu(x.at, x.at, kOut * kPixels, 0, INFINITY); }

inline void relu_backward(const Whole& x, Whole& dx) {
  kernels().relu_backward(x.at, dx.at, dx.at, kOut * kPixels, 0, INFINITY);
}

inline void max_pool(const Whole& x, Pooled& y, Places& where) {
  for (int c = 0; c < kOut; c += kernels().lanes)
    for (int row = 0; row < kHalf; ++row)
      kernels().max_pool_row(kPooling, x.at + c * kPixels, y.at + c * kPooled, where.at + c * kPooled, row);
}

inline void max_pool_backward(const Pooled& dy, const Places& where, Whole& dx) {
  for (int c = 0; c < kOut; c += kernels().lanes)
    kernels().max_pool_backward(kPooling, dy.at + c * kPooled, where.at + c * kPooled, dx.at + c * kPixels);
}

}  // namespace wheel
