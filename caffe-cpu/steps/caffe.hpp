// How Caffe computes it: a convolution is one matrix product with every window copied out, and the rest is one number
// after the other.
#pragma once
#include <cblas.h>

#include <algorithm>
#include <cfloat>
#include <vector>

#include "step.hpp"

namespace caffe {

// columns[c, i, j, row, column] = x[c, row + i - 1, column + j - 1], and 0 outside the picture.
inline void im2col(const float* x, float* columns) {
  for (int c = 0; c < kIn; ++c)
    for (int i = 0; i < 3; ++i)
      for (int j = 0; j < 3; ++j)
        for (int row = i - 1; row < kSide + i - 1; ++row)
          for (int column = j - 1; column < kSide + j - 1; ++column) {
            const bool inside = row >= 0 && row < kSide && column >= 0 && column < kSide;
            *columns++ = inside ? x[(c * kSide + row) * kSide + column] : 0;
          }
}

// The way back: every copy is added to where it came from.
inline void col2im(const float* columns, float* x) {
  std::fill_n(x, kIn * kPixels, 0.f);
  for (int c = 0; c < kIn; ++c)
    for (int i = 0; i < 3; ++i)
      for (int j = 0; j < 3; ++j)
        for (int row = i - 1; row < kSide + i - 1; ++row)
          for (int column = j - 1; column < kSide + j - 1; ++column, ++columns)
            if (row >= 0 && row < kSide && column >= 0 && column < kSide)
              x[(c * kSide + row) * kSide + column] += *columns;
}

inline std::vector<float>& columns() {
  static std::vector<float> all(kIn * kTaps * kPixels);
  return all;
}

// y = weights (kOut x 576) * columns (576 x 3136) + bias
inline void convolution(const Given& given, float* y) {
  im2col(given.x, columns().data());
  for (int k = 0; k < kOut; ++k) std::fill_n(y + k * kPixels, kPixels, given.bias[k]);
  cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, kOut, kPixels, kIn * kTaps, 1, given.weights, kIn * kTaps,
              columns().data(), kPixels, 1, y, kPixels);
}

// columns = weights^T * dy, then added up
inline void convolution_backward(const Given& given, const float* dy, float* dx) {
  cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, kIn * kTaps, kPixels, kOut, 1, given.weights, kIn * kTaps, dy,
              kPixels, 0, columns().data(), kPixels);
  col2im(columns().data(), dx);
}

// dweights = dy * columns^T, and dbias is the sum of dy
inline void weight_gradient(const Given& given, const float* dy, float* dweights, float* dbias) {
  im2col(given.x, columns().data());
  cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, kOut, kIn * kTaps, kPixels, 1, dy, kPixels, columns().data(),
              kPixels, 0, dweights, kIn * kTaps);
  for (int k = 0; k < kOut; ++k) {
    dbias[k] = 0;
    for (int p = 0; p < kPixels; ++p) dbias[k] += dy[k * kPixels + p];
  }
}

inline void relu(float* x) {
  for (int i = 0; i < kOut * kPixels; ++i) x[i] = std::max(x[i], 0.f);
}

inline void relu_backward(const float* x, float* dx) {
  for (int i = 0; i < kOut * kPixels; ++i) dx[i] *= x[i] > 0;
}

// `where` remembers which pixel won.
inline void max_pool(const float* x, float* y, int* where) {
  for (int k = 0; k < kOut; ++k, x += kPixels)
    for (int row = 0; row < kHalf; ++row)
      for (int column = 0; column < kHalf; ++column, ++y, ++where) {
        *y = -FLT_MAX;
        for (int i = 2 * row; i < std::min(2 * row + 3, kSide); ++i)
          for (int j = 2 * column; j < std::min(2 * column + 3, kSide); ++j)
            if (x[i * kSide + j] > *y) {
              *y = x[i * kSide + j];
              *where = i * kSide + j;
            }
      }
}

inline void max_pool_backward(const float* dy, const int* where, float* dx) {
  std::fill_n(dx, kOut * kPixels, 0.f);
  for (int k = 0; k < kOut; ++k, dx += kPixels)
    for (int p = 0; p < kPooled; ++p) dx[*where++] += *dy++;
}

// What stays in memory between the layers.
struct Blobs {
  std::vector<float> x = std::vector<float>(kOut * kPixels), dx = x;  // between convolution and pooling
  std::vector<int> where = std::vector<int>(kOut * kPooled);
};

inline void forward(const Given& given, float* y, Blobs& blobs) {
  convolution(given, blobs.x.data());
  relu(blobs.x.data());
  max_pool(blobs.x.data(), y, blobs.where.data());
}

}  // namespace caffe
