// The inner loops. CMake compiles this file several times, each for another kind of processor under another name
// KERNELS. So it uses nothing from the standard library: the linker keeps only one copy of an inline function,
// and that copy must not be the one with instructions that the processor lacks.
#include "kernels.hpp"

namespace caffe {
namespace {

#if defined __AVX512F__
constexpr int kLanes = 16, kWidth = 16;
#elif defined __AVX2__
constexpr int kLanes = 8, kWidth = 8;
#else
constexpr int kLanes = 8, kWidth = 4;
#endif
typedef float Lanes __attribute__((vector_size(kLanes * sizeof(float))));
// One register: a pixel's lanes are kParts of them. GCC takes wider ones to pieces, which is well for sums, but where
// there are conditions the pieces are single numbers.
typedef float Floats __attribute__((vector_size(kWidth * sizeof(float))));
typedef int Ints __attribute__((vector_size(kWidth * sizeof(int))));
constexpr int kParts = kLanes / kWidth;

inline int least(int a, int b) { return a < b ? a : b; }
inline int most(int a, int b) { return a > b ? a : b; }
inline const Lanes* in_lanes(const float* p) { return reinterpret_cast<const Lanes*>(p); }
inline Lanes* in_lanes(float* p) { return reinterpret_cast<Lanes*>(p); }
inline const Floats* registers(const float* p) { return reinterpret_cast<const Floats*>(p); }
inline Floats* registers(float* p) { return reinterpret_cast<Floats*>(p); }
inline const Ints* registers(const int* p) { return reinterpret_cast<const Ints*>(p); }
inline Ints* registers(int* p) { return reinterpret_cast<Ints*>(p); }

// plain is channels x pixels, blocks is pixels x lanes.
void pack(const float* plain, float* blocks, int channels, int pixels) {
  if (channels < kLanes) __builtin_memset(blocks, 0, sizeof(float) * kLanes * pixels);
  constexpr int kTile = 16;  // pixels at a time: a cache line of every channel
  for (int begin = 0; begin < pixels; begin += kTile) {
    const int end = least(begin + kTile, pixels);
    for (int c = 0; c < channels; ++c)
      for (int p = begin; p < end; ++p) blocks[p * kLanes + c] = plain[c * pixels + p];
  }
}

void unpack(const float* blocks, float* plain, int channels, int pixels) {
  constexpr int kTile = 16;
  for (int begin = 0; begin < pixels; begin += kTile) {
    const int end = least(begin + kTile, pixels);
    for (int c = 0; c < channels; ++c)
      for (int p = begin; p < end; ++p) plain[c * pixels + p] = blocks[p * kLanes + c];
  }
}

// Written so that a NaN comes out as it went in, as from Caffe's own.
void relu(const float* x, float* y, size_t count, float slope, float ceiling) {
  if (slope == 0) {
    for (size_t i = 0; i < count; ++i) y[i] = x[i] < 0 ? 0 : x[i] > ceiling ? ceiling : x[i];
  } else {
    for (size_t i = 0; i < count; ++i) y[i] = x[i] < 0 ? slope * x[i] : x[i] > ceiling ? ceiling : x[i];
  }
}

void relu_backward(const float* x, const float* dy, float* dx, size_t count, float slope, float ceiling) {
  for (size_t i = 0; i < count; ++i)
    dx[i] = dy[i] * (x[i] >= ceiling ? 0.f : x[i] > 0 ? 1.f : x[i] <= 0 ? slope : 0.f);
}

void add(const float* a, const float* b, float* sum, size_t count) {
  for (size_t i = 0; i < count; ++i) sum[i] = a[i] + b[i];
}

// The part of a window that lies inside the picture, and its size with the padding counted.
struct Span {
  int start, begin, end, padded;
  Span(int out, int kernel, int stride, int pad, int size)
      : start(out * stride - pad),
        begin(most(start, 0)),
        end(least(start + kernel, size)),
        padded(least(start + kernel, size + pad) - start) {}
};
inline Span rows(const Window& w, int row) { return {row, w.kernel_h, w.stride_h, w.pad_h, w.height}; }
inline Span columns(const Window& w, int column) { return {column, w.kernel_w, w.stride_w, w.pad_w, w.width}; }

// x is height x width x kParts registers; y and where are out_height x out_width x kParts.
void max_pool_row(const Window& w, const float* x, float* y, int* where, int row) {
  const Span v = rows(w, row);
  for (int column = 0; column < w.out_width; ++column) {
    const Span h = columns(w, column);
    for (int part = 0; part < kParts; ++part) {
      const int to = (row * w.out_width + column) * kParts + part;
      Floats best = {};
      best -= 3.402823466e+38f;  // what Caffe gives for an empty window
      Ints place = {};
      place -= 1;
      for (int i = v.begin; i < v.end; ++i) {
        for (int j = h.begin; j < h.end; ++j) {
          const Floats here = registers(x)[(i * w.width + j) * kParts + part];
          // The first of equals wins, as in Caffe; a NaN always does, as in PyTorch, so that it cannot hide.
          const Ints better = (here > best) | (here != here) | (place < 0);
          best = better ? here : best;
          place = better ? place * 0 + ((i - v.start) * w.kernel_w + j - h.start) : place;
        }
      }
      registers(y)[to] = best;
      registers(where)[to] = place;
    }
  }
}

void max_pool_backward(const Window& w, const float* dy, const int* where, float* dx) {
  __builtin_memset(dx, 0, sizeof(Lanes) * w.height * w.width);
  for (int row = 0; row < w.out_height; ++row) {
    const Span v = rows(w, row);
    for (int column = 0; column < w.out_width; ++column) {
      const Span h = columns(w, column);
      for (int part = 0; part < kParts; ++part) {
        const int from = (row * w.out_width + column) * kParts + part;
        const Floats gradient = registers(dy)[from];
        const Ints winner = registers(where)[from];
        for (int i = v.begin; i < v.end; ++i) {
          for (int j = h.begin; j < h.end; ++j) {
            const Ints won = winner == (i - v.start) * w.kernel_w + j - h.start;
            registers(dx)[(i * w.width + j) * kParts + part] += won ? gradient : Floats{};
          }
        }
      }
    }
  }
}

// x is height x width, y is out_height x out_width, both x lanes.
void mean_pool_row(const Window& w, const float* x, float* y, int row) {
  const Span v = rows(w, row);
  for (int column = 0; column < w.out_width; ++column) {
    const Span h = columns(w, column);
    Lanes sum = {};
    for (int i = v.begin; i < v.end; ++i)
      for (int j = h.begin; j < h.end; ++j) sum += in_lanes(x)[i * w.width + j];
    in_lanes(y)[row * w.out_width + column] = sum / static_cast<float>(v.padded * h.padded);
  }
}

void mean_pool_backward(const Window& w, const float* dy, float* dx) {
  __builtin_memset(dx, 0, sizeof(Lanes) * w.height * w.width);
  for (int row = 0; row < w.out_height; ++row) {
    const Span v = rows(w, row);
    for (int column = 0; column < w.out_width; ++column) {
      const Span h = columns(w, column);
      const Lanes share = in_lanes(dy)[row * w.out_width + column] / static_cast<float>(v.padded * h.padded);
      for (int i = v.begin; i < v.end; ++i)
        for (int j = h.begin; j < h.end; ++j) in_lanes(dx)[i * w.width + j] += share;
    }
  }
}

// The channels of one pixel, side by side, and what the normalisation makes of them.
struct Pixel {
  int channels, half;
  float *x, *scale, *root, *padded;

  Pixel(const Norm& norm, int groups, float* scratch)
      : channels(groups * kLanes),
        half(norm.size / 2),
        x(scratch),
        scale(x + channels),
        root(scale + channels),
        padded(root + channels) {}  // with `half` zeros before and after

  void gather(const float* blocks, int pixels, int at, float* line) const {
    for (int c = 0; c < channels; c += kLanes)
      __builtin_memcpy(line + c, in_lanes(blocks) + c / kLanes * pixels + at, sizeof(Lanes));
  }

  void scatter(const float* line, float* blocks, int pixels, int at) const {
    for (int c = 0; c < channels; c += kLanes)
      __builtin_memcpy(in_lanes(blocks) + c / kLanes * pixels + at, line + c, sizeof(Lanes));
  }

  // sum[c] = padded[c - half] + ... + padded[c + half]
  void window_sums(float* sum) const {
    for (int c = 0; c < channels; ++c) sum[c] = padded[c];
    for (int i = 1; i <= 2 * half; ++i)
      for (int c = 0; c < channels; ++c) sum[c] += padded[c + i];
  }

  // From x: scale = 1 / s and root = s^-beta, where s is the sum in the formula above.
  void normalise(const Norm& norm) const {
    for (int c = 0; c < channels; ++c) padded[half + c] = x[c] * x[c];
    window_sums(scale);
    const float share = norm.alpha / norm.size;
    if (norm.beta == 0.75f) {  // everybody's beta: two square roots instead of a power
      for (int c = 0; c < channels; ++c) {
        const float t = 1 / __builtin_sqrtf(norm.k + share * scale[c]);
        root[c] = t * __builtin_sqrtf(t);
        scale[c] = t * t;
      }
    } else {
      for (int c = 0; c < channels; ++c) {
        const float s = norm.k + share * scale[c];
        root[c] = __builtin_powf(s, -norm.beta);
        scale[c] = 1 / s;
      }
    }
  }
};

// x and y are groups x pixels x lanes.
void norm(const Norm& norm, const float* x, float* y, int groups, int pixels, int begin, int end, float* scratch) {
  const Pixel pixel(norm, groups, scratch);
  for (int at = begin; at < end; ++at) {
    pixel.gather(x, pixels, at, pixel.x);
    pixel.normalise(norm);
    for (int c = 0; c < pixel.channels; ++c) pixel.x[c] *= pixel.root[c];
    pixel.scatter(pixel.x, y, pixels, at);
  }
}

// x, dy and dx are groups x pixels x lanes:
// dx = dy * s^-beta - 2 * alpha * beta / size * x * (sum over the window of dy * y / s)
void norm_backward(const Norm& norm, const float* x, const float* dy, float* dx, int groups, int pixels, int begin,
                   int end, float* scratch) {
  const Pixel pixel(norm, groups, scratch);
  const float factor = 2 * norm.alpha * norm.beta / norm.size;
  for (int at = begin; at < end; ++at) {
    pixel.gather(x, pixels, at, pixel.x);
    pixel.normalise(norm);
    float* gradient = pixel.padded + pixel.half;
    float* direct = pixel.root;
    pixel.gather(dy, pixels, at, gradient);
    for (int c = 0; c < pixel.channels; ++c) {
      direct[c] *= gradient[c];
      gradient[c] = direct[c] * pixel.x[c] * pixel.scale[c];
    }
    pixel.window_sums(pixel.scale);
    for (int c = 0; c < pixel.channels; ++c) direct[c] -= factor * pixel.x[c] * pixel.scale[c];
    pixel.scatter(direct, dx, pixels, at);
  }
}

// dy is pixels x lanes for each group of channels, weights is depth x width, columns is kCount x width.
// As many sums at once as registers hold: `kCount` pixels by two registers of columns.
constexpr int kColumnStep = 2 * kLanes;
template <int kCount>
inline void some_columns(const float* dy, size_t group_size, int depth, const float* weights, int width,
                         float* columns) {
  for (int n = 0; n < width; n += kColumnStep) {
    Lanes left[kCount] = {}, right[kCount] = {};
    for (int k = 0; k < depth; ++k) {
      const float* channel = dy + k / kLanes * group_size + k % kLanes;
      const Lanes* w = in_lanes(weights + k * width + n);
      for (int p = 0; p < kCount; ++p) {
        left[p] += channel[p * kLanes] * w[0];
        right[p] += channel[p * kLanes] * w[1];
      }
    }
    for (int p = 0; p < kCount; ++p) {
      Lanes* to = in_lanes(columns + p * width + n);
      to[0] = left[p];
      to[1] = right[p];
    }
  }
}

void columns(const float* dy, size_t group_size, int depth, const float* weights, int width, int count,
             float* columns) {
  constexpr int kMany = kLanes == 16 ? 8 : 6;
  int p = 0;
  for (; p + kMany <= count; p += kMany)
    some_columns<kMany>(dy + p * kLanes, group_size, depth, weights, width, columns + p * width);
  for (; p < count; ++p) some_columns<1>(dy + p * kLanes, group_size, depth, weights, width, columns + p * width);
}

// blocks is pixels x lanes.
void sum_pixels(const float* blocks, float* sums, int channels, int pixels) {
  Lanes sum = {};
  for (int p = 0; p < pixels; ++p) sum += in_lanes(blocks)[p];
  for (int c = 0; c < channels; ++c) sums[c] += sum[c];
}

void adam(const Adam& adam, float* gradient, float* mean, float* square, size_t count) {
  for (size_t i = 0; i < count; ++i) {
    mean[i] = adam.beta1 * mean[i] + (1 - adam.beta1) * gradient[i];
    square[i] = adam.beta2 * square[i] + (1 - adam.beta2) * gradient[i] * gradient[i];
    gradient[i] = adam.rate * mean[i] / (__builtin_sqrtf(square[i]) + adam.delta);
  }
}

}  // namespace

extern const Kernels KERNELS;
const Kernels KERNELS = {kLanes,
                         kColumnStep,
                         pack,
                         unpack,
                         relu,
                         relu_backward,
                         add,
                         max_pool_row,
                         max_pool_backward,
                         mean_pool_row,
                         mean_pool_backward,
                         norm,
                         norm_backward,
                         columns,
                         sum_pixels,
                         adam};

}  // namespace caffe
