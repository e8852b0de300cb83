// Runs a network in a browser, one layer after the other: our kernels for Caffe (caffe-cpu's), as WebAssembly.
//
// A plan (web/plan.py) is a list of operations. Each thread is an instance of this module on the same memory, and goes
// through the same list: it does its share of an operation, and waits for the others at its end. All arrays are "in
// blocks", as kernels.hpp has it. What a plan calls an offset counts bytes from the end of the module's own data.
#include "kernels.cpp"

namespace {

using namespace caffe;

constexpr int kTile = OfResults::kOut, kPoints = OfWindow::kOut * OfWindow::kOut;

#include "plan.hpp"  // made by web/plan.py, which explains what is in it

char* base;
int scratch, scratch_size, threads;
int arrived, turn;                        // of the barrier
int taken[64];                            // of each thread's share of an operation; worker.js has fewer threads
int task;                                 // counts what was asked for
const Operation *task_begin, *task_end;

template <typename T = float>
T* at(int offset) { return reinterpret_cast<T*>(base + offset); }
int parts(int count, int size) { return (count + size - 1) / size; }
int groups(int channels) { return parts(channels, kLanes); }
int strips_width(int channels) { return parts(channels, kStep) * kStep; }
int pixels_in(const Window& w) { return w.height * w.width; }
int pixels_out(const Window& w) { return w.out_height * w.out_width; }
int taps_of(const Window& w) { return w.kernel_h * w.kernel_w; }

// One of several threads.
struct Thread {
  int me, all = threads;

  float* room() const { return at(scratch + me * scratch_size); }

  // Calls work(i) for the i that are this thread's share of `count`, and then for what others have not begun: a busy
  // core costs no more than its share.
  template <typename Work>
  void share(int count, Work work) const {
    const int some = parts(count, all * 16);
    for (int turned = 0; turned < all; ++turned) {
      const int whose = (me + turned) % all, begin = count * whose / all, end = count * (whose + 1) / all;
      for (int i; (i = begin + __atomic_fetch_add(&taken[whose], some, __ATOMIC_RELAXED)) < end;)
        for (const int stop = least(i + some, end); i < stop; ++i) work(i);
    }
  }

  // Calls work(begin, end) for this thread's share of `count`, at most `most` at a time.
  template <typename Work>
  void pieces(int count, int most, Work work) const {
    const int number = parts(count, most * all) * all;
    share(number, [=](int i) {
      const int begin = count * i / number, end = count * (i + 1) / number;
      if (begin < end) work(begin, end);
    });
  }

  void wait() const {
    const int now = __atomic_load_n(&turn, __ATOMIC_SEQ_CST);
    if (__atomic_add_fetch(&arrived, 1, __ATOMIC_SEQ_CST) == all) {
      for (int i = 0; i < all; ++i) taken[i] = 0;
      __atomic_store_n(&arrived, 0, __ATOMIC_SEQ_CST);
      __atomic_add_fetch(&turn, 1, __ATOMIC_SEQ_CST);
      __builtin_wasm_memory_atomic_notify(&turn, all);
      return;
    }
    for (int spins = 0; spins < 4000; ++spins)  // a sleep takes longer than most waits
      if (__atomic_load_n(&turn, __ATOMIC_SEQ_CST) != now) return;
    while (__atomic_load_n(&turn, __ATOMIC_SEQ_CST) == now) __builtin_wasm_memory_atomic_wait32(&turn, now, -1);
  }
};

// ---- Weights, from Caffe's order (output x input x taps) to that of the kernels.

float widened(unsigned short half) {
  const unsigned sign = (half & 0x8000u) << 16, rest = half & 0x7fffu;
  // Multiplied by 2^112, which moves the exponent to where float32 has it. Right for small numbers, too.
  union { unsigned bits; float number; } wide = {rest << 13};
  wide.number *= 5.192296858534828e33f;
  wide.bits |= sign;
  return wide.number;
}

struct Raw {
  const Operation& op;
  int inputs, taps;
  explicit Raw(const Operation& op) : op(op), inputs(op.turned ? op.to : op.from), taps(taps_of(op.window)) {}

  // From channel k to channel n, either of which may only fill up a block.
  float operator()(int n, int k, int tap) const {
    if (n >= op.to || k >= op.from) return 0;
    const int place = op.turned ? (k * inputs + n) * taps + taps - 1 - tap : (n * inputs + k) * taps + tap;
    return op.half ? widened(at<unsigned short>(op.x)[place]) : at(op.x)[place];
  }
};

// strips x taps x inputs x step
void pack_direct(const Operation& op, const Thread& thread) {
  const Raw raw(op);
  thread.share(parts(op.to, kStep), [&](int strip) {
    float* to = at(op.y) + strip * raw.taps * op.from * kStep;
    for (int tap = 0; tap < raw.taps; ++tap)
      for (int k = 0; k < op.from; ++k)
        for (int n = 0; n < kStep; ++n) *to++ = raw(strip * kStep + n, k, tap);
  });
}

// points x strips x from x step
void pack_winograd(const Operation& op, const Thread& thread) {
  const Raw raw(op);
  const int width = strips_width(op.to), depth = groups(op.from) * kLanes;
  thread.share(width / kLanes, [&](int group) {
    alignas(16) float taps[9 * kLanes];
    const int column = group * kLanes;
    for (int k = 0; k < depth; ++k) {
      for (int tap = 0; tap < 9; ++tap)
        for (int lane = 0; lane < kLanes; ++lane) taps[tap * kLanes + lane] = raw(column + lane, k, tap);
      winograd_weights(taps, at(op.y) + (column / kStep * depth + k) * kStep + column % kStep, width * depth);
    }
  });
}

// For scatter: strips of two taps x inputs x (two x lanes).
void pack_scatter(const Operation& op, const Thread& thread) {
  const Raw raw(op);
  thread.share(raw.taps, [&](int tap) {
    for (int k = 0; k < op.from; ++k)
      for (int n = 0; n < kLanes; ++n)
        at(op.y)[(tap / 2 * op.from + k) * kStep + tap % 2 * kLanes + n] = raw(n, k, raw.taps - 1 - tap);
  });
}

// ---- Convolutions.

// Where Winograd's results, which differ by rounding, must not break ties (see winograd.hpp).
void find_flat_parts(const Operation& op, const Thread& thread) {
  const Window& w = op.window;
  const int step = pixels_in(w) * kLanes, size = step * groups(op.from);
  const auto same = [=](const float* pixel, const float* other) {
    for (int i = 0; i < size; i += step)
      for (int lane = 0; lane < kLanes; ++lane)
        if (pixel[i + lane] != other[i + lane]) return false;
    return true;
  };
  thread.share(w.height, [&](int row) {
    const float* pixel = at(op.x) + row * w.width * kLanes;
    for (int column = 0; column < w.width; ++column, pixel += kLanes)
      if ((column && same(pixel, pixel - kLanes)) || (row && same(pixel, pixel - w.width * kLanes)))
        __atomic_store_n(at<int>(op.flag), 1, __ATOMIC_RELAXED);
  });
}

// Where a convolution finds its numbers: pixels with all their channels side by side, so that each row of a window is
// one run of `length` numbers. And what its results begin with.
struct Source {
  int rows, length, row, step;  // numbers from one row to the next, and from one window to the next
  Lanes bias[2] = {};
};

inline void add_product(float x, const Lanes& weights, Lanes& sum) {
#if defined __wasm_relaxed_simd__
  sum = __builtin_wasm_relaxed_madd_f32x4(Lanes{x, x, x, x}, weights, sum);
#else
  sum += x * weights;
#endif
}

// For kCount results side by side and a strip of kStep channels, which are two groups: the sum of x times the weights,
// over all of a window. That many sums stay in registers, unless clang unrolls the loop: it takes one sum's products
// after the other, and needs all their weights at once.
template <int kCount>
void sum_windows(const Source& from, const float* x, const Lanes* weights, Lanes* y, Lanes* next) {
  Lanes sums[kCount][2] = {};
  for (int i = 0; i < from.rows; ++i, x += from.row)
#pragma clang loop unroll(disable)
    for (int k = 0; k < from.length; ++k, weights += 2)
      for (int p = 0; p < kCount; ++p)
        for (int half = 0; half < 2; ++half) add_product(x[p * from.step + k], weights[half], sums[p][half]);
  for (int p = 0; p < kCount; ++p) {
    y[p] = sums[p][0] + from.bias[0];
    next[p] = sums[p][1] + from.bias[1];
  }
}

// The same for `count` results side by side, up to four at a time.
void sum_row(const Source& from, const float* x, const Lanes* weights, int count, Lanes* y, Lanes* next) {
  for (; count >= 4; count -= 4, x += 4 * from.step, y += 4, next += 4) sum_windows<4>(from, x, weights, y, next);
  if (count == 3) sum_windows<3>(from, x, weights, y, next);
  if (count == 2) sum_windows<2>(from, x, weights, y, next);
  if (count == 1) sum_windows<1>(from, x, weights, y, next);
}

// The windows of rows `first` to `last` of the results, with zeros around the picture.
Source surround(const Operation& op, const Window& w, int first, int last, float* to) {
  static const Lanes kOutside = {};
  const int width = (w.out_width - 1) * w.stride_w + w.kernel_w, step = pixels_in(w);
  const int begin = first * w.stride_h - w.pad_h, end = (last - 1) * w.stride_h - w.pad_h + w.kernel_h;
  for (int row = begin; row < end; ++row)
    for (int column = -w.pad_w; column < width - w.pad_w; ++column, to += op.from) {
      const bool inside = row >= 0 && row < w.height && column >= 0 && column < w.width;
      const Lanes* x = inside ? at<Lanes>(op.x) + row * w.width + column : &kOutside;
      for (int group = 0; group < groups(op.from); ++group)  // the next pixel is written over what fills up the last
        __builtin_memcpy(to + group * kLanes, x + (inside ? group * step : 0), sizeof(Lanes));
    }
  return {w.kernel_h, w.kernel_w * op.from, width * op.from, w.stride_w * op.from};
}

// All pixels in one column.
Window column_of(int pixels) { return {pixels, 1, pixels, 1, 1, 1, 1, 1, 0, 0}; }

void convolve_directly(const Operation& op, const Thread& thread) {
  const int pixels = pixels_out(op.window), strips = parts(op.to, kStep);
  const bool flat = taps_of(op.window) == 1 && op.window.stride_w == 1;  // then all pixels are one column
  const Window w = flat ? column_of(pixels) : op.window;
  const int unit = flat ? 4 : 1, units = parts(w.out_height, unit);
  const int number = parts(units * unit * w.out_width, kChunk), pieces = least(number, units);
  auto* nowhere = reinterpret_cast<Lanes*>(thread.room());  // for what fills up a strip
  float* room = thread.room() + (kChunk + w.out_width) * kLanes;
  Source from;
  int packed = -1;
  thread.share(pieces * strips, [&](int i) {
    const int piece = i / strips, strip = i % strips, group = 2 * strip;
    const int first = units * piece / pieces * unit, last = least(units * (piece + 1) / pieces * unit, w.out_height);
    if (packed != piece) from = surround(op, w, first, last, room);
    packed = piece;
    for (int half = 0; half < 2 && op.bias; ++half) from.bias[half] = at<Lanes>(op.bias)[group + half];
    const Lanes* weights = at<Lanes>(op.weights) + strip * 2 * from.rows * from.length;
    for (int row = first; row < last; row += flat ? last - first : 1) {
      Lanes* y = at<Lanes>(op.y) + group * pixels + row * w.out_width;
      sum_row(from, room + (row - first) * w.stride_h * from.row, weights, flat ? last - first : w.out_width, y,
              group + 1 < groups(op.to) ? y + pixels : nowhere);
    }
  });
}

// winograd.hpp explains the method.
void convolve_by_winograd(const Operation& op, const Thread& thread) {
  const Window& w = op.window;
  const int across = parts(w.out_width, kTile), tiles = across * parts(w.out_height, kTile);
  const int depth = groups(op.from) * kLanes, width = strips_width(op.to);
  static const float kNothing[kLanes] = {};
  thread.pieces(tiles, kTilesAtOnce, [&](int begin, int end) {
    const int count = end - begin, windows_step = (groups(op.from) * count | 1) * kLanes;
    const int products_step = (width / kLanes * count | 1) * kLanes;
    float *windows = thread.room(), *products = windows + kPoints * windows_step;
    for (int i = 0; i < count; ++i)
      for (int group = 0; group < groups(op.from); ++group)
        winograd_window(w, at(op.x) + group * pixels_in(w) * kLanes, (begin + i) / across, (begin + i) % across,
                                windows + i * depth + group * kLanes, windows_step);
    for (int point = 0; point < kPoints; ++point)
      for (int group = 0; group < width / kLanes; group += 2) {
        auto* y = reinterpret_cast<Lanes*>(products + point * products_step) + group * count;
        sum_row({1, depth, 0, depth}, windows + point * windows_step,
                at<Lanes>(op.winograd) + (point * width + group * kLanes) * depth / kLanes, count, y, y + count);
      }
    for (int group = 0; group < groups(op.to); ++group)
      for (int i = 0; i < count; ++i)
        winograd_results(w, products + (group * count + i) * kLanes, products_step,
                                 op.bias ? at(op.bias) + group * kLanes : kNothing, (begin + i) / across,
                                 (begin + i) % across, at(op.y) + group * pixels_out(w) * kLanes);
  });
}

// Back through a convolution with strides, to a picture: each pixel of x times all weights is added to a patch of y.
// Patches overlap, so a thread has rows of y of its own, and adds what falls into them.
void scatter(const Operation& op, const Thread& thread) {
  const Window& w = op.window;
  auto* patches = reinterpret_cast<Lanes*>(thread.room());  // of two taps
  float* room = thread.room() + 2 * w.out_width * kLanes;
  thread.pieces(w.height, w.height, [&](int begin, int end) {
    __builtin_memset(at<Lanes>(op.y) + begin * w.width, 0, (end - begin) * w.width * sizeof(Lanes));
    for (int row = 0; row < w.out_height; ++row) {
      const int top = row * w.stride_h - w.pad_h;
      if (top + w.kernel_h <= begin || top >= end) continue;
      const Source from = surround(op, column_of(pixels_out(w)), row * w.out_width, (row + 1) * w.out_width, room);
      for (int tap = 0; tap < taps_of(w); ++tap) {
        if (tap % 2 == 0)
          sum_row(from, room, at<Lanes>(op.weights) + tap * op.from, w.out_width, patches, patches + w.out_width);
        const int v = top + tap / w.kernel_w;
        if (v < begin || v >= end) continue;
        for (int column = 0, h = tap % w.kernel_w - w.pad_w; column < w.out_width; ++column, h += w.stride_w)
          if (h >= 0 && h < w.width) at<Lanes>(op.y)[v * w.width + h] += patches[tap % 2 * w.out_width + column];
      }
    }
  });
}

// ---- Everything else. Forward, the threads share rows; backward, groups of channels.

template <typename Work>
void by_row(const Operation& op, const Thread& thread, Work work) {
  const Window& w = op.window;
  thread.share(groups(op.from) * w.out_height, [&](int i) {
    const int group = i / w.out_height;
    work(at(op.x) + group * pixels_in(w) * kLanes, at(op.y) + group * pixels_out(w) * kLanes, group, i % w.out_height);
  });
}

template <typename Work>
void by_group(const Operation& op, const Thread& thread, Work work) {
  thread.share(groups(op.from), [&](int group) {
    work(at(op.x) + group * pixels_out(op.window) * kLanes, at(op.y) + group * pixels_in(op.window) * kLanes, group);
  });
}

// Calls work(offset, count) for this thread's share of all numbers of a blob.
template <typename Work>
void by_number(const Operation& op, const Thread& thread, Work work) {
  const int pixels = groups(op.from) * pixels_in(op.window);
  const int begin = pixels * thread.me / thread.all, end = pixels * (thread.me + 1) / thread.all;
  if (begin < end) work(begin * kLanes, (end - begin) * kLanes);
}

void normalise(const Operation& op, const Thread& thread, bool back) {
  const int pixels = pixels_in(op.window), count = groups(op.from);
  const int begin = pixels * thread.me / thread.all, end = pixels * (thread.me + 1) / thread.all;
  float* room = thread.room();
  __builtin_memset(room, 0, norm_scratch(op.norm, count * kLanes) * sizeof(float));
  if (back) norm_backward(op.norm, at(op.extra), at(op.x), at(op.y), count, pixels, begin, end, room);
  else norm(op.norm, at(op.x), at(op.y), count, pixels, begin, end, room);
}

void perform(const Operation& op, const Thread& thread) {
  const Window& w = op.window;
  const int out = pixels_out(w) * kLanes, taps = taps_of(w) * kLanes;
  const float *weights = at(op.weights), *bias = at(op.bias);
  float *x = at(op.x), *y = at(op.y), *extra = at(op.extra);
  int* winners = at<int>(op.extra);
  switch (op.kind) {
    case kPackDirect: return pack_direct(op, thread);
    case kPackWinograd: return pack_winograd(op, thread);
    case kPackScatter: return pack_scatter(op, thread);
    case kFlat: return find_flat_parts(op, thread);
    case kConvolve:
      if (op.winograd && !(op.flag && *at<int>(op.flag))) return convolve_by_winograd(op, thread);
      return convolve_directly(op, thread);
    case kScatter: return scatter(op, thread);
    case kDepthwise:
      return by_row(op, thread, [&](const float* x, float* y, int group, int row) {
        depthwise_row(w, x, weights + group * taps, bias + group * kLanes, y, row);
      });
    case kDepthwiseBack:
      return by_group(op, thread, [&](const float* dy, float* dx, int group) {
        depthwise_backward(w, dy, weights + group * taps, dx);
      });
    case kMaxPool:
      return by_row(op, thread, [&](const float* x, float* y, int group, int row) {
        max_pool_row(w, x, y, winners + group * out, row);
      });
    case kMaxPoolBack:
      return by_group(op, thread, [&](const float* dy, float* dx, int group) {
        max_pool_backward(w, dy, winners + group * out, dx);
      });
    case kMeanPool:
      return by_row(op, thread, [&](const float* x, float* y, int, int row) { mean_pool_row(w, x, y, row); });
    case kMeanPoolBack:
      return by_group(op, thread, [&](const float* dy, float* dx, int) { mean_pool_backward(w, dy, dx); });
    case kRelu: return by_number(op, thread, [&](int i, int n) { relu(x + i, y + i, n, 0, op.ceiling); });
    case kReluBack:
      return by_number(op, thread, [&](int i, int n) { relu_backward(extra + i, x + i, y + i, n, 0, op.ceiling); });
    case kNorm: return normalise(op, thread, false);
    case kNormBack: return normalise(op, thread, true);
    case kAdd: return by_number(op, thread, [&](int i, int n) { add(x + i, extra + i, y + i, n); });
    case kCopy:
      return by_number(op, thread, [&](int i, int n) { __builtin_memcpy(y + i, x + i, n * sizeof(float)); });
  }
}

void go(const Operation* begin, const Operation* end, const Thread& thread) {
  for (const Operation* op = begin; op < end; ++op) {
    perform(*op, thread);
    thread.wait();
  }
}

}  // namespace

extern "C" {

// How many channels lie side by side.
__attribute__((export_name("lanes"))) int lanes() { return kLanes; }

// Where the plan's memory begins, the room for each thread's own use, and how many threads there are.
__attribute__((export_name("prepare"))) void prepare(char* start, int room, int size, int number) {
  base = start;
  scratch = room;
  scratch_size = size;
  threads = number;
}

// Performs some of a plan's operations on all threads, of which this is the first.
__attribute__((export_name("run"))) void run(const Operation* operations, int first, int count) {
  const Operation *begin = operations + first, *end = begin + count;
  if (threads > 1) {
    task_begin = begin;
    task_end = end;
    __atomic_add_fetch(&task, 1, __ATOMIC_SEQ_CST);
    __builtin_wasm_memory_atomic_notify(&task, threads);
  }
  go(begin, end, {0});
}

// A thread other than the first: does its share of whatever is asked for, for ever.
__attribute__((export_name("serve"))) void serve(int me) {
  for (int done = 0;; ++done) {
    while (__atomic_load_n(&task, __ATOMIC_SEQ_CST) == done) __builtin_wasm_memory_atomic_wait32(&task, done, -1);
    go(task_begin, task_end, {me});
  }
}
}
