// ReLU and max pooling on several channels at once. Numbers are in blocks: the channels that fill a register lie side by
// side, pixel after pixel, so that every load, comparison and sum is of a whole register.
#pragma once
#include "step.hpp"

namespace lanes {

#ifdef __AVX512F__
constexpr int kLanes = 16;
#else
constexpr int kLanes = 8;
#endif
typedef float Lanes __attribute__((vector_size(kLanes * sizeof(float))));
typedef int Ints __attribute__((vector_size(kLanes * sizeof(float))));

template <int channels, int pixels>
struct alignas(64) Blocks {
  static constexpr int groups = channels / kLanes;
  Lanes at[groups][pixels];
};
using Whole = Blocks<kOut, kPixels>;
using Pooled = Blocks<kOut, kPooled>;
using Input = Blocks<kIn, kPixels>;
struct Places {
  Ints at[Pooled::groups][kPooled];
};

template <int channels, int pixels>
void pack(const float* plain, Blocks<channels, pixels>& blocks) {
  for (int group = 0; group < blocks.groups; ++group)
    for (int begin = 0; begin < pixels; begin += 16)  // a cache line of every channel
      for (int lane = 0; lane < kLanes; ++lane)
        for (int p = begin; p < begin + 16; ++p)
          blocks.at[group][p][lane] = plain[(group * kLanes + lane) * pixels + p];
}

template <int channels, int pixels>
void unpack(const Blocks<channels, pixels>& blocks, float* plain) {
  for (int group = 0; group < blocks.groups; ++group)
    for (int begin = 0; begin < pixels; begin += 16)
      for (int lane = 0; lane < kLanes; ++lane)
        for (int p = begin; p < begin + 16; ++p)
          plain[(group * kLanes + lane) * pixels + p] = blocks.at[group][p][lane];
}

inline void relu(Whole& x) {
  for (auto& group : x.at)
    for (Lanes& lanes : group) lanes = lanes > 0 ? lanes : Lanes{};
}

inline void relu_backward(const Whole& x, Whole& dx) {
  for (int group = 0; group < x.groups; ++group)
    for (int p = 0; p < kPixels; ++p) dx.at[group][p] = x.at[group][p] > 0 ? dx.at[group][p] : Lanes{};
}

inline int end_of(int window) { return 2 * window + 3 < kSide ? 2 * window + 3 : kSide; }

inline void max_pool(const Whole& x, Pooled& y, Places& where) {
  for (int group = 0; group < x.groups; ++group)
    for (int row = 0; row < kHalf; ++row)
      for (int column = 0; column < kHalf; ++column) {
        Lanes best = x.at[group][2 * row * kSide + 2 * column];
        Ints place = {};
        for (int i = 2 * row; i < end_of(row); ++i)
          for (int j = 2 * column; j < end_of(column); ++j) {
            const Lanes here = x.at[group][i * kSide + j];
            const Ints better = here > best;
            best = better ? here : best;
            place = better ? Ints{} + ((i - 2 * row) * 3 + j - 2 * column) : place;
          }
        y.at[group][row * kHalf + column] = best;
        where.at[group][row * kHalf + column] = place;
      }
}

inline void max_pool_backward(const Pooled& dy, const Places& where, Whole& dx) {
  for (int group = 0; group < dy.groups; ++group) {
    for (Lanes& lanes : dx.at[group]) lanes = Lanes{};
    for (int row = 0; row < kHalf; ++row)
      for (int column = 0; column < kHalf; ++column) {
        const Lanes slope = dy.at[group][row * kHalf + column];
        const Ints place = where.at[group][row * kHalf + column];
        for (int i = 2 * row; i < end_of(row); ++i)
          for (int j = 2 * column; j < end_of(column); ++j)
            dx.at[group][i * kSide + j] += place == (i - 2 * row) * 3 + j - 2 * column ? slope : Lanes{};
      }
  }
}

}  // namespace lanes
