// A 3 x 3 convolution with a quarter of the multiplications: F(4x4, 3x3) of Lavin and Gray (2016), after Winograd.
//
// A tile of 4 x 4 results depends on a window of 6 x 6 numbers. Computed directly, it takes 144 products for each pair
// of channels. Here the window and the weights are first changed to another basis, in which 36 products are enough: one
// at each of 36 "points". Over all tiles and channels, that is one matrix product per point. Then the results are
// changed back. The price: the weights at the points take four times the memory, rounding errors are some three times
// as large, and a NaN in a window spreads to the whole tile.
//
// Tiles go to the threads in chunks. A chunk has few enough tiles to stay in the processor's cache between the steps,
// and enough to make good use of the weights, which are read again for every chunk. No result depends on how the tiles
// are divided.
#pragma once
#include <omp.h>

#include <atomic>
#include <cstring>

#include "convolution_method.hpp"
#include "fast.hpp"

namespace caffe {

class Winograd : public ConvolutionMethod {
 public:
  // For `num` pictures, and a convolution with one group and no dilation.
  Winograd(const Window& window, int num, int inputs, int outputs)
      : forward_(window, num, inputs, outputs, false), backward_(turned(window), num, outputs, inputs, true) {}

  // Can this be computed here, and is it faster than oneDNN and OpenBLAS?
  static bool pays(const Window& w, int inputs, int outputs) {
    constexpr int kFewestChannels = 32, kSmallestSide = 13;  // measured: how-it-got-fast.md
    const bool small_steps = w.stride_h == 1 && w.stride_w == 1 && w.pad_h <= 2 && w.pad_w <= 2;
    return w.kernel_h == 3 && w.kernel_w == 3 && small_steps && std::min(inputs, outputs) >= kFewestChannels &&
           std::min(w.out_height, w.out_width) >= kSmallestSide;
  }

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
  static constexpr int kPoints = 36, kTaps = 9, kTile = 4;

  // How many parts of that size hold `count`.
  static int parts(int count, int size) { return (count + size - 1) / size; }

  static Window turned(const Window& w) {
    return {w.out_height, w.out_width, w.height, w.width, 3, 3, 1, 1, 2 - w.pad_h, 2 - w.pad_w};
  }

  // Forward or backward. Backward is a convolution too: from outputs to inputs, with every kernel turned by 180
  // degrees.
  class Way {
   public:
    Way(const Window& window, int num, int from, int to, bool turned)
        : window_(window),
          num_(num),
          from_(from),
          to_(to),
          turned_(turned),
          across_(parts(window.out_width, kTile)),
          tiles_(across_ * parts(window.out_height, kTile)),
          width_(parts(to, kernels().step) * kernels().step),
          bias_({width_}) {}

    void weights_changed() { expired_ = true; }

    bool has_flat_parts(const float* x) const {
      const int lanes = Blocks::lanes(), width = window_.width, height = window_.height;
      const Blocks shape = {1, from_, height * width};
      const size_t step = shape.group_size(), size = shape.size();
      const auto same = [=](const float* pixel, const float* other) {
        for (size_t at = 0; at < size; at += step)
          if (std::memcmp(pixel + at, other + at, lanes * sizeof(float))) return false;
        return true;
      };
      std::atomic<bool> flat(false);
      parallel(num_ * height, num_ * size, [&](int i) {
        const int row = i % height;
        const float* pixel = x + i / height * size + row * width * lanes;
        for (int column = 0; column < width && !flat.load(std::memory_order_relaxed); ++column, pixel += lanes)
          if ((column && same(pixel, pixel - lanes)) || (row && same(pixel, pixel - width * lanes))) flat = true;
      });
      return flat;
    }

    void compute(const float* x, const float* weights, const float* bias, float* y) {
      if (expired_) set_weights(weights);
      float* numbers = bias_.mutable_cpu_data();
      if (bias) std::copy_n(bias, to_, numbers);

      constexpr int kMost = 32;  // tiles of a chunk
      const int tiles = num_ * tiles_, threads = omp_get_max_threads();
      const int chunks = parts(tiles, kMost * threads) * threads, chunk = parts(tiles, chunks);
      parallel(chunks, static_cast<size_t>(tiles) * kPoints * (from_ + to_), [&](int i) {
        const int begin = std::min(i * chunk, tiles), end = std::min(begin + chunk, tiles);
        if (begin < end) compute_tiles(x, numbers, y, begin, end);
      });
    }

   private:
    void set_weights(const float* plain) {
      const int lanes = kernels().lanes, step = kernels().step;
      weights_.Reshape({kPoints, width_, from_});
      float* at_points = weights_.mutable_cpu_data();
      parallel(width_ / lanes, weights_.count(), [&](int group) {
        Blob<float> taps({kTaps, lanes});
        const int column = group * lanes;
        for (int k = 0; k < from_; ++k) {
          gather_taps(plain, k, group, taps.mutable_cpu_data());
          kernels().winograd_weights(taps.cpu_data(), at_points + (column / step * from_ + k) * step + column % step,
                                     static_cast<size_t>(width_) * from_);
        }
      });
      expired_ = false;
    }

    // The kernels (taps x lanes) from channel k to a group of channels; zeros where there are no more channels.
    void gather_taps(const float* plain, int k, int group, float* taps) const {
      const int lanes = kernels().lanes, first = group * lanes;
      std::fill_n(taps, kTaps * lanes, 0.f);
      for (int lane = 0; lane < lanes && first + lane < to_; ++lane) {
        const int n = first + lane;
        const float* kernel = plain + (turned_ ? k * to_ + n : n * from_ + k) * kTaps;
        for (int tap = 0; tap < kTaps; ++tap) taps[tap * lanes + lane] = kernel[turned_ ? kTaps - 1 - tap : tap];
      }
    }

    // Tiles `begin` to `end`, counted through all pictures. At each point, of `count` tiles:
    //   windows   groups of x's channels x count x lanes
    //   products  count x width = windows times weights
    void compute_tiles(const float* x, const float* bias, float* y, int begin, int end) const {
      const Kernels& k = kernels();
      const Window& w = window_;
      const int count = end - begin;
      const Blocks in = {1, from_, w.height * w.width}, out = {1, to_, w.out_height * w.out_width};
      // From one point to the next is an odd number of registers: with a power of two, all points would share a few
      // sets of the cache.
      const size_t windows_step = (in.groups() * count | 1) * k.lanes;
      const size_t products_step = (width_ / k.lanes * count | 1) * k.lanes;
      static thread_local Blob<float> room;
      room.Reshape({static_cast<int>(kPoints * (windows_step + products_step))});
      float *windows = room.mutable_cpu_data(), *products = windows + kPoints * windows_step;

      for (int group = 0; group < in.groups(); ++group) {
        for (int i = 0; i < count; ++i) {
          const int picture = (begin + i) / tiles_, tile = (begin + i) % tiles_;
          k.winograd_window(w, x + picture * in.size() + group * in.group_size(), tile / across_, tile % across_,
                            windows + (group * count + i) * k.lanes, windows_step);
        }
      }
      for (int point = 0; point < kPoints; ++point) {
        k.multiply(windows + point * windows_step, count * k.lanes, from_,
                   weights_.cpu_data() + static_cast<size_t>(point) * width_ * from_, width_, count,
                   products + point * products_step);
      }
      for (int group = 0; group < out.groups(); ++group) {
        for (int i = 0; i < count; ++i) {
          const int picture = (begin + i) / tiles_, tile = (begin + i) % tiles_;
          k.winograd_results(w, products + i * width_ + group * k.lanes, products_step, bias + group * k.lanes,
                             tile / across_, tile % across_, y + picture * out.size() + group * out.group_size());
        }
      }
    }

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
