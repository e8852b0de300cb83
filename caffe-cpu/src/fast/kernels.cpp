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
#elif defined __wasm__
constexpr int kLanes = 4, kWidth = 4;
#else
constexpr int kLanes = 8, kWidth = 4;
#endif
typedef float Lanes __attribute__((vector_size(kLanes * sizeof(float))));
// One register: a pixel's lanes are kParts of them. GCC splits wider vectors into registers. That suits sums, but it
// splits conditions into single numbers.
typedef float Floats __attribute__((vector_size(kWidth * sizeof(float))));
typedef int Ints __attribute__((vector_size(kWidth * sizeof(int))));
constexpr int kParts = kLanes / kWidth;

inline int least(int a, int b) { return a < b ? a : b; }
inline int most(int a, int b) { return a > b ? a : b; }
inline const Lanes* in_lanes(const float* p) { return reinterpret_cast<const Lanes*>(p); }
inline Lanes* in_lanes(float* p) { return reinterpret_cast<Lanes*>(p); }
inline const Floats* registers(const float* p) { return reinterpret_cast<const Floats*>(p); }
inline Floats* registers(float* p) { return reinterpret_cast<Floats*>(p); }
inline Ints* registers(int* p) { return reinterpret_cast<Ints*>(p); }

// Before a loop that may write its results over what it reads, each number at its own place: clang may vectorise it.
#if defined __clang__
#define EACH_BY_ITSELF _Pragma("clang loop vectorize(assume_safety)")
#else
#define EACH_BY_ITSELF  // GCC sees it
#endif

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

// blocks is pixels x lanes, plain is channels x pixels.
void unpack(const float* blocks, float* plain, int channels, int pixels) {
  constexpr int kTile = 16;
  for (int begin = 0; begin < pixels; begin += kTile) {
    const int end = least(begin + kTile, pixels);
    for (int c = 0; c < channels; ++c)
      for (int p = begin; p < end; ++p) plain[c * pixels + p] = blocks[p * kLanes + c];
  }
}

// x and y are count numbers. A NaN comes out as it went in, as it does from Caffe's own layer.
void relu(const float* x, float* y, size_t count, float slope, float ceiling) {
  if (slope == 0) {
    EACH_BY_ITSELF
    for (size_t i = 0; i < count; ++i) y[i] = x[i] < 0 ? 0 : x[i] > ceiling ? ceiling : x[i];
  } else {
    EACH_BY_ITSELF
    for (size_t i = 0; i < count; ++i) y[i] = x[i] < 0 ? slope * x[i] : x[i] > ceiling ? ceiling : x[i];
  }
}

// x, dy and dx are count numbers.
void relu_backward(const float* x, const float* dy, float* dx, size_t count, float slope, float ceiling) {
  EACH_BY_ITSELF
  for (size_t i = 0; i < count; ++i)
    dx[i] = dy[i] * (x[i] >= ceiling ? 0.f : x[i] > 0 ? 1.f : x[i] <= 0 ? slope : 0.f);
}

// a, b and sum are count numbers.
void add(const float* a, const float* b, float* sum, size_t count) {
  EACH_BY_ITSELF
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
      Floats best = Floats{} - 3.402823466e+38f;  // as in Caffe, which gives this for an empty window
      Ints place = Ints{} - 1;
      for (int i = v.begin; i < v.end; ++i) {
        for (int j = h.begin; j < h.end; ++j) {
          const Floats here = registers(x)[(i * w.width + j) * kParts + part];
          // Of equals the first wins, as in Caffe. A NaN always wins, as in PyTorch, so that it cannot hide.
          const Ints better = (here > best) | (here != here);
          best = better ? here : best;
          place = better ? place * 0 + (i * w.width + j) : place;
        }
      }
      registers(y)[to] = best;
      registers(where)[to] = place;
    }
  }
}

// dy and where are out_height x out_width, dx is height x width, all x lanes.
void max_pool_backward(const Window& w, const float* dy, const int* where, float* dx) {
  __builtin_memset(dx, 0, sizeof(Lanes) * w.height * w.width);
  const unsigned pixels = w.height * w.width;  // before a forward pass, the winners may be anything
  for (int i = 0; i < w.out_height * w.out_width * kLanes; i += kLanes)
    for (int lane = 0; lane < kLanes; ++lane)
      if (const unsigned pixel = where[i + lane]; pixel < pixels) dx[pixel * kLanes + lane] += dy[i + lane];
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

// dy is out_height x out_width, dx is height x width, both x lanes.
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

// x is height x width, weights is kernel_h x kernel_w, y is out_height x out_width, all x lanes.
void depthwise_row(const Window& w, const float* x, const float* weights, const float* bias, float* y, int row) {
  const Span v = rows(w, row);
  for (int column = 0; column < w.out_width; ++column) {
    const Span h = columns(w, column);
    Lanes sum = *in_lanes(bias);
    for (int i = v.begin; i < v.end; ++i) {
      const Lanes* taps = in_lanes(weights) + (i - v.start) * w.kernel_w - h.start;
      for (int j = h.begin; j < h.end; ++j) sum += taps[j] * in_lanes(x)[i * w.width + j];
    }
    in_lanes(y)[row * w.out_width + column] = sum;
  }
}

void depthwise_backward(const Window& w, const float* dy, const float* weights, float* dx) {
  __builtin_memset(dx, 0, sizeof(Lanes) * w.height * w.width);
  for (int row = 0; row < w.out_height; ++row) {
    const Span v = rows(w, row);
    for (int column = 0; column < w.out_width; ++column) {
      const Span h = columns(w, column);
      const Lanes gradient = in_lanes(dy)[row * w.out_width + column];
      for (int i = v.begin; i < v.end; ++i) {
        const Lanes* taps = in_lanes(weights) + (i - v.start) * w.kernel_w - h.start;
        for (int j = h.begin; j < h.end; ++j) in_lanes(dx)[i * w.width + j] += gradient * taps[j];
      }
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
    if (half == 2) {  // the usual size, in one go
      for (int c = 0; c < channels; ++c)
        sum[c] = padded[c] + padded[c + 1] + padded[c + 2] + padded[c + 3] + padded[c + 4];
      return;
    }
    for (int c = 0; c < channels; ++c) sum[c] = padded[c];
    for (int i = 1; i <= 2 * half; ++i)
      for (int c = 0; c < channels; ++c) sum[c] += padded[c + i];
  }

  // From x: scale = 1 / s and root = s^-beta, where s is the sum in the formula above.
  void normalise(const Norm& norm) const {
    for (int c = 0; c < channels; ++c) padded[half + c] = x[c] * x[c];
    window_sums(scale);
    const float share = norm.alpha / norm.size;
    if (norm.beta == 0.75f) {  // the usual beta: two square roots instead of a power
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

// x is pixels x lanes for each group of channels, weights is width / kStep x depth x kStep, y is kCount x width.
// As many sums at once as registers hold: `kMany` pixels by two blocks of results.
constexpr int kStep = 2 * kLanes;
#if defined __AVX512F__
constexpr int kMany = 8;
#elif defined __AVX2__
constexpr int kMany = 6;
#elif defined __aarch64__ || defined __wasm__
constexpr int kMany = 4;
#else
constexpr int kMany = 2;
#endif
template <int kCount>
inline void multiply_some(const float* x, size_t group_size, int depth, const float* weights, int width, float* y) {
  constexpr int kAcross = 2 * kParts;
  Floats sums[kCount][kAcross] = {};
  for (int k = 0; k < depth; ++k) {
    const float* channel = x + k / kLanes * group_size + k % kLanes;
    const Floats* w = registers(weights + k * kStep);
    for (int p = 0; p < kCount; ++p)
      for (int i = 0; i < kAcross; ++i) sums[p][i] += channel[p * kLanes] * w[i];
  }
  for (int p = 0; p < kCount; ++p)
    for (int i = 0; i < kAcross; ++i) registers(y + p * width)[i] = sums[p][i];
}

// The pixels that are left over: fewer than kCount.
template <int kCount>
inline void multiply_rest(const float* x, size_t group_size, int depth, const float* weights, int width, int count,
                          float* y) {
  if constexpr (kCount > 1) {
    if (count < kCount - 1) return multiply_rest<kCount - 1>(x, group_size, depth, weights, width, count, y);
    multiply_some<kCount - 1>(x, group_size, depth, weights, width, y);
  }
}

void multiply(const float* x, size_t group_size, int depth, const float* weights, int width, int count, float* y) {
  for (int n = 0; n < width; n += kStep, weights += depth * kStep) {
    int p = 0;
    for (; p + kMany <= count; p += kMany)
      multiply_some<kMany>(x + p * kLanes, group_size, depth, weights, width, y + p * width + n);
    multiply_rest<kMany>(x + p * kLanes, group_size, depth, weights, width, count - p, y + p * width + n);
  }
}

// Winograd's changes of basis along one axis: see winograd.hpp. They take polynomials to their values at 0, a, -a, b,
// -b and infinity. With these a and b, rounding errors are a third of those of the usual 1 and 2.
constexpr float kA = 0.70710678f, kB = 1.41421356f;  // the roots of 1/2 and 2

struct OfWindow {
  static constexpr int kIn = 6, kOut = 6;
  static void change(const Lanes* in, Lanes* out) {
    const Lanes even_a = in[4] - 2 * in[2], odd_a = kA * (in[3] - 2 * in[1]);
    const Lanes even_b = in[4] - 0.5f * in[2], odd_b = kB * (in[3] - 0.5f * in[1]);
    out[0] = in[0] - 2.5f * in[2] + in[4];
    out[1] = even_a + odd_a;
    out[2] = even_a - odd_a;
    out[3] = even_b + odd_b;
    out[4] = even_b - odd_b;
    out[5] = in[1] - 2.5f * in[3] + in[5];
  }
};

struct OfWeights {
  static constexpr int kIn = 3, kOut = 6;
  static void change(const Lanes* in, Lanes* out) {
    const Lanes even_a = (in[0] + 0.5f * in[2]) / -1.5f, odd_a = kA / -1.5f * in[1];
    const Lanes even_b = (in[0] + 2 * in[2]) / 6, odd_b = kB / 6 * in[1];
    out[0] = in[0];
    out[1] = even_a + odd_a;
    out[2] = even_a - odd_a;
    out[3] = even_b + odd_b;
    out[4] = even_b - odd_b;
    out[5] = in[2];
  }
};

struct OfResults {
  static constexpr int kIn = 6, kOut = 4;
  static void change(const Lanes* in, Lanes* out) {
    const Lanes even_a = in[1] + in[2], odd_a = kA * (in[1] - in[2]);
    const Lanes even_b = in[3] + in[4], odd_b = kB * (in[3] - in[4]);
    out[0] = in[0] + even_a + even_b;
    out[1] = odd_a + odd_b;
    out[2] = 0.5f * even_a + 2 * even_b;
    out[3] = 0.5f * odd_a + 2 * odd_b + in[5];
  }
};

// Along both axes: from a square kIn x kIn to one of kOut x kOut.
template <typename Basis, typename Read, typename Write>
inline void change_square(Read read, Write write) {
  Lanes half[Basis::kOut][Basis::kIn];
  for (int i = 0; i < Basis::kIn; ++i) {
    Lanes in[Basis::kIn], out[Basis::kOut];
    for (int j = 0; j < Basis::kIn; ++j) in[j] = *read(i, j);
    Basis::change(in, out);
    for (int j = 0; j < Basis::kOut; ++j) half[j][i] = out[j];
  }
  for (int j = 0; j < Basis::kOut; ++j) {
    Lanes out[Basis::kOut];
    Basis::change(half[j], out);
    for (int i = 0; i < Basis::kOut; ++i) write(i, j, out[i]);
  }
}

void winograd_weights(const float* taps, float* points, size_t step) {
  change_square<OfWeights>([=](int i, int j) { return in_lanes(taps) + i * 3 + j; },
                           [=](int i, int j, const Lanes& at) { *in_lanes(points + (i * 6 + j) * step) = at; });
}

// x is height x width x lanes.
void winograd_window(const Window& w, const float* x, int row, int column, float* points, size_t step) {
  const int top = row * 4 - w.pad_h, left = column * 4 - w.pad_w;
  const Lanes outside = {};
  change_square<OfWindow>(
      [&](int i, int j) {
        const int v = top + i, h = left + j;
        return v >= 0 && v < w.height && h >= 0 && h < w.width ? in_lanes(x) + v * w.width + h : &outside;
      },
      [=](int i, int j, const Lanes& at) { *in_lanes(points + (i * 6 + j) * step) = at; });
}

// y is out_height x out_width x lanes.
void winograd_results(const Window& w, const float* points, size_t step, const float* bias, int row, int column,
                      float* y) {
  const int height = least(4, w.out_height - row * 4), width = least(4, w.out_width - column * 4);
  Lanes* corner = in_lanes(y) + row * 4 * w.out_width + column * 4;
  change_square<OfResults>([=](int i, int j) { return in_lanes(points + (i * 6 + j) * step); },
                           [=](int i, int j, const Lanes& sum) {
                             if (i < height && j < width) corner[i * w.out_width + j] = sum + *in_lanes(bias);
                           });
}

// blocks is pixels x lanes, sums is channels.
void sum_pixels(const float* blocks, float* sums, int channels, int pixels) {
  Lanes sum = {};
  for (int p = 0; p < pixels; ++p) sum += in_lanes(blocks)[p];
  for (int c = 0; c < channels; ++c) sums[c] += sum[c];
}

}  // namespace

extern const Kernels KERNELS;
const Kernels KERNELS = {
    .lanes = kLanes,
    .step = kStep,
    .pack = pack,
    .unpack = unpack,
    .relu = relu,
    .relu_backward = relu_backward,
    .add = add,
    .max_pool_row = max_pool_row,
    .max_pool_backward = max_pool_backward,
    .mean_pool_row = mean_pool_row,
    .mean_pool_backward = mean_pool_backward,
    .depthwise_row = depthwise_row,
    .depthwise_backward = depthwise_backward,
    .norm = norm,
    .norm_backward = norm_backward,
    .multiply = multiply,
    .winograd_weights = winograd_weights,
    .winograd_window = winograd_window,
    .winograd_results = winograd_results,
    .sum_pixels = sum_pixels,
};

}  // namespace caffe
