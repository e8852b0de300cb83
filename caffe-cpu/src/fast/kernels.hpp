// The inner loops of the fast layers, compiled once for each kind of processor and chosen when the program runs.
#pragma once
#include <stddef.h>  // not <cstddef>: for WebAssembly there is no C++ library

namespace caffe {

// Where the window of a pooling or a convolution lies: the input's size, the output's, and how one is laid over the
// other.
struct Window {
  int height, width, out_height, out_width;
  int kernel_h, kernel_w, stride_h, stride_w, pad_h, pad_w;
};

// Local response normalisation over `size` neighbouring channels: y = x * (k + alpha / size * sum of squares)^-beta.
struct Norm {
  int size;
  float alpha, beta, k;
};

// "In blocks" means: `lanes` channels of one pixel lie side by side, then the next pixel, and so on over the
// picture; then the next `lanes` channels. The last group is filled up with channels of zeros.
struct Kernels {
  int lanes;  // 16 floats fill a register of AVX-512; 8 everywhere else
  int step;   // see multiply

  // One group of channels, plain to blocks and back. `channels` is how many of its lanes are real.
  void (*pack)(const float* plain, float* blocks, int channels, int pixels);
  void (*unpack)(const float* blocks, float* plain, int channels, int pixels);

  // Element by element, in either layout: `count` numbers in every array.
  void (*relu)(const float* x, float* y, size_t count, float slope, float ceiling);
  void (*relu_backward)(const float* x, const float* dy, float* dx, size_t count, float slope, float ceiling);
  void (*add)(const float* a, const float* b, float* sum, size_t count);

  // One group of channels, in blocks. Forward writes one row; `where` remembers which pixel won.
  void (*max_pool_row)(const Window&, const float* x, float* y, int* where, int row);
  void (*max_pool_backward)(const Window&, const float* dy, const int* where, float* dx);
  void (*mean_pool_row)(const Window&, const float* x, float* y, int row);
  void (*mean_pool_backward)(const Window&, const float* dy, float* dx);

  // One group of channels, in blocks, each with a kernel of its own. Forward writes one row.
  void (*depthwise_row)(const Window&, const float* x, const float* weights, const float* bias, float* y, int row);
  void (*depthwise_backward)(const Window&, const float* dy, const float* weights, float* dx);

  // Pixels `begin` to `end` of one picture with `groups` groups of channels, in blocks.
  // `scratch` holds norm_scratch(...) floats, zero before the first call and not touched between calls.
  void (*norm)(const Norm&, const float* x, float* y, int groups, int pixels, int begin, int end, float* scratch);
  void (*norm_backward)(const Norm&, const float* x, const float* dy, float* dx, int groups, int pixels, int begin,
                        int end, float* scratch);

  // Each of `count` pixels of x (in blocks, `depth` channels; `group_size` floats from one group to the next) times
  // weights (depth x width) gives a row of y (count x width). Weights lie in strips: `step` columns of every row, then
  // the next `step`. width is a multiple of it.
  void (*multiply)(const float* x, size_t group_size, int depth, const float* weights, int width, int count, float* y);

  // Winograd's convolution, `lanes` channels at a time: to the 36 points and back (see winograd.hpp). One point is
  // `step` floats from the next. The weights are 3 x 3 x lanes; windows and results are the tile's at `row`, `column`.
  void (*winograd_weights)(const float* taps, float* points, size_t step);
  void (*winograd_window)(const Window&, const float* x, int row, int column, float* points, size_t step);
  void (*winograd_results)(const Window&, const float* points, size_t step, const float* bias, int row, int column,
                           float* y);

  // Adds the sum over the pixels of one group of channels to `sums`. `channels` is how many of its lanes are real.
  void (*sum_pixels)(const float* blocks, float* sums, int channels, int pixels);
};

inline size_t norm_scratch(const Norm& norm, int channels) { return 4 * (channels + norm.size); }

// The kernels for this processor.
const Kernels& kernels();

}  // namespace caffe
