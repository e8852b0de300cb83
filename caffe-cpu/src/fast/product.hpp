// Matrix products on OpenMP's threads, by oneDNN where it is fast and by OpenBLAS elsewhere.
#pragma once

namespace caffe {

// Numbers row by row, or column by column if this is the transpose of another matrix.
struct Matrix {
  const float* numbers;
  int rows, columns;
  bool by_column = false;
  Matrix transposed() const { return {numbers, columns, rows, !by_column}; }
  int stride() const { return by_column ? rows : columns; }
};

// to (a.rows x b.columns) = a times b, or adds that to what is there.
using Product = void (*)(const Matrix& a, const Matrix& b, bool add, float* to);

// The faster one here. Like onednn_here(), which decides, it is asked when a layer is made.
Product fast_product();

}  // namespace caffe
