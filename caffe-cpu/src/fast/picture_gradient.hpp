// The gradient of a convolution's input when that is a picture, with a handful of channels: oneDNN fills them up to
// `lanes` and computes mostly zeros.
#pragma once
#include "fast.hpp"

namespace caffe {

class PictureGradient {
 public:
  // `window` lays the kernel over the picture; dilation and groups are not known here.
  PictureGradient(const Window& window, int channels, int outputs);

  // Takes the weights over, in Caffe's layout: outputs x channels x kernel_h x kernel_w.
  void set_weights(const float* weights);
  // From dy in blocks to dx, plain, for `num` pictures.
  void compute(const float* dy, float* dx, int num);

 private:
  void sum_strip(const float* dy, int strip, float* sums, float* columns) const;
  void gather(int y, const float* strips, float* dx) const;

  int strips() const { return (window_.out_height + kStrip - 1) / kStrip; }
  // A strip's part of the padded picture: rows, and numbers in a row, where a pixel's channels lie side by side.
  int strip_rows() const { return (kStrip - 1) * window_.stride_h + window_.kernel_h; }
  int row_size() const { return ((window_.out_width - 1) * window_.stride_w + window_.kernel_w) * channels_; }
  size_t strip_size() const { return static_cast<size_t>(strip_rows()) * row_size(); }

  static constexpr int kStrip = 8;  // rows of dy that one thread takes at a time
  Window window_;
  int channels_, outputs_, width_;
  Blob<float> weights_, strips_;
};

}  // namespace caffe
