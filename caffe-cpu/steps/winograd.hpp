// A 3x3 convolution with a quarter of the multiplications: F(4x4, 3x3) of Lavin and Gray (2016), after Winograd.
//
// A tile of 4 x 4 results comes from 6 x 6 numbers. Directly, that is 144 products for each pair of channels. If the
// tile and the weights are first changed to other bases, by additions and a few fixed factors, 36 are enough.
#pragma once
#include <cblas.h>

#include <vector>

#include "lanes.hpp"

namespace winograd {

using lanes::kLanes;
using lanes::Lanes;
constexpr int kTile = 4, kWindow = 6, kPoints = kWindow * kWindow;
constexpr int kAcross = kSide / kTile, kTiles = kAcross * kAcross;

// The three changes of basis, along one axis.
template <typename T>
void of_window(const T in[6], T out[6]) {
  out[0] = 4 * in[0] - 5 * in[2] + in[4];
  out[1] = in[4] + in[3] - 4 * (in[2] + in[1]);
  out[2] = in[4] - in[3] - 4 * (in[2] - in[1]);
  out[3] = in[4] - in[2] + 2 * (in[3] - in[1]);
  out[4] = in[4] - in[2] - 2 * (in[3] - in[1]);
  out[5] = 4 * in[1] - 5 * in[3] + in[5];
}
inline void of_weights(const float in[3], float out[6]) {
  out[0] = in[0] / 4;
  out[1] = -(in[0] + in[1] + in[2]) / 6;
  out[2] = -(in[0] - in[1] + in[2]) / 6;
  out[3] = in[0] / 24 + in[1] / 12 + in[2] / 6;
  out[4] = in[0] / 24 - in[1] / 12 + in[2] / 6;
  out[5] = in[2];
}
template <typename T>
void of_results(const T in[6], T out[4]) {
  const T even = in[1] + in[2], odd = in[1] - in[2], even2 = in[3] + in[4], odd2 = in[3] - in[4];
  out[0] = in[0] + even + even2;
  out[1] = odd + 2 * odd2;
  out[2] = even + 4 * even2;
  out[3] = odd + 8 * odd2 + in[5];
}

// Along both axes: from an n x n square to an m x m one.
template <int n, int m, typename T, typename Change>
void both_ways(const T* in, T* out, Change change) {
  T half[n][m], column[n], result[m];
  for (int i = 0; i < n; ++i) change(in + i * n, half[i]);
  for (int j = 0; j < m; ++j) {
    for (int i = 0; i < n; ++i) column[i] = half[i][j];
    change(column, result);
    for (int i = 0; i < m; ++i) out[i * m + j] = result[i];
  }
}

template <int in, int out>
class Convolution {
 public:
  // weight(k, c, tap): from channel c to channel k.
  template <typename Weight>
  Convolution(Weight weight, const float* bias, bool relu) : bias_(out), relu_(relu) {
    for (int k = 0; bias && k < out; ++k) bias_[k] = bias[k];
    for (int k = 0; k < out; ++k)
      for (int c = 0; c < in; ++c) {
        float plain[kTaps], points[kPoints];
        for (int tap = 0; tap < kTaps; ++tap) plain[tap] = weight(k, c, tap);
        both_ways<3, kWindow>(plain, points, of_weights);
        for (int p = 0; p < kPoints; ++p) weights_[(p * in + c) * out + k] = points[p];
      }
  }

  void operator()(const lanes::Blocks<in, kPixels>& x, lanes::Blocks<out, kPixels>& y) {
    for (int tile = 0; tile < kTiles; ++tile)
      for (int group = 0; group < x.groups; ++group) {
        Lanes window[kPoints], points[kPoints];
        for (int p = 0; p < kPoints; ++p) {
          const int row = tile / kAcross * kTile + p / kWindow - 1, column = tile % kAcross * kTile + p % kWindow - 1;
          const bool inside = row >= 0 && row < kSide && column >= 0 && column < kSide;
          window[p] = inside ? x.at[group][row * kSide + column] : Lanes{};
        }
        both_ways<kWindow, kWindow>(window, points, of_window<Lanes>);
        for (int p = 0; p < kPoints; ++p)
          __builtin_memcpy(&windows_[(p * kTiles + tile) * in + group * kLanes], &points[p], sizeof(Lanes));
      }
    for (int p = 0; p < kPoints; ++p)  // the products: one small matrix product at each of the 36 points
      cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, kTiles, out, in, 1, &windows_[p * kTiles * in], in,
                  &weights_[p * in * out], out, 0, &products_[p * kTiles * out], out);
    for (int tile = 0; tile < kTiles; ++tile)
      for (int group = 0; group < y.groups; ++group) {
        Lanes points[kPoints], results[kTile * kTile], bias;
        for (int p = 0; p < kPoints; ++p)
          __builtin_memcpy(&points[p], &products_[(p * kTiles + tile) * out + group * kLanes], sizeof(Lanes));
        __builtin_memcpy(&bias, &bias_[group * kLanes], sizeof(Lanes));
        both_ways<kWindow, kTile>(points, results, of_results<Lanes>);
        for (int p = 0; p < kTile * kTile; ++p) {
          const int row = tile / kAcross * kTile + p / kTile, column = tile % kAcross * kTile + p % kTile;
          const Lanes sum = results[p] + bias;
          y.at[group][row * kSide + column] = relu_ ? (sum > 0 ? sum : Lanes{}) : sum;
        }
      }
  }

 private:
  std::vector<float> bias_;
  bool relu_;
  std::vector<float> weights_ = std::vector<float>(kPoints * in * out);
  std::vector<float> windows_ = std::vector<float>(kPoints * kTiles * in);
  std::vector<float> products_ = std::vector<float>(kPoints * kTiles * out);
};

}  // namespace winograd
