// OpenBLAS's own threads spin while they wait, and OpenMP's, which the other layers use, have to run beside them. When
// another program takes a core, a step would last several times as long. So OpenBLAS uses one thread here, and each of
// OpenMP's threads computes a part of the matrix.
#include "product.hpp"

#include <cblas.h>
#include <dnnl.hpp>
#include <omp.h>

#include "fast.hpp"

namespace caffe {
namespace {

class OneThreadOfOpenBlas {
 public:
  OneThreadOfOpenBlas() : before_(openblas_get_num_threads()) { openblas_set_num_threads(1); }
  ~OneThreadOfOpenBlas() { openblas_set_num_threads(before_); }

 private:
  const int before_;
};

void by_onednn(const Matrix& a, const Matrix& b, bool add, float* to) {
  const auto how = [](const Matrix& matrix) { return matrix.by_column ? 'T' : 'N'; };
  const auto status = dnnl_sgemm(how(a), how(b), a.rows, b.columns, a.columns, 1, a.numbers, a.stride(), b.numbers,
                                 b.stride(), add, to, b.columns);
  CHECK_EQ(status, dnnl_success) << "oneDNN could not multiply two matrices.";
}

// Splits the rows of the result between the threads, or its columns if there are more of them.
void by_openblas(const Matrix& a, const Matrix& b, bool add, float* to) {
  const OneThreadOfOpenBlas one;
  constexpr int kStep = 16;  // so that a part is made of whole registers
  const bool by_rows = a.rows > b.columns;
  const int count = by_rows ? a.rows : b.columns, threads = omp_get_max_threads();
  const int part = (count + threads * kStep - 1) / (threads * kStep) * kStep;
  const auto how = [](const Matrix& matrix) { return matrix.by_column ? CblasTrans : CblasNoTrans; };
  parallel((count + part - 1) / part, static_cast<size_t>(a.rows) * b.columns * a.columns, [&](int i) {
    const int begin = i * part, size = std::min(part, count - begin);
    const int rows = by_rows ? size : a.rows, columns = by_rows ? b.columns : size;
    const float* some_of_a = a.numbers + (by_rows ? static_cast<size_t>(begin) * (a.by_column ? 1 : a.columns) : 0);
    const float* some_of_b = b.numbers + (by_rows ? 0 : static_cast<size_t>(begin) * (b.by_column ? b.rows : 1));
    float* some = to + (by_rows ? static_cast<size_t>(begin) * b.columns : begin);
    cblas_sgemm(CblasRowMajor, how(a), how(b), rows, columns, a.columns, 1, some_of_a, a.stride(), some_of_b,
                b.stride(), add, some, b.columns);
  });
}

}  // namespace

Product fast_product() { return onednn_here() ? by_onednn : by_openblas; }

}  // namespace caffe
