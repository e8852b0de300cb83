// Convolution as one matrix product, as Caffe does it, but with every part of it on OpenMP's threads: for processors
// and for kinds of convolution that oneDNN has no fast code for. All numbers are plain.
#pragma once
#include "caffe/layers/conv_layer.hpp"
#include "fast.hpp"
#include "product.hpp"

namespace caffe {

class BlasConvolutionLayer : public ConvolutionLayer<float> {
 public:
  using ConvolutionLayer<float>::ConvolutionLayer;

 protected:
  void Forward_cpu(const vector<Blob<float>*>& bottom, const vector<Blob<float>*>& top) override;
  void Backward_cpu(const vector<Blob<float>*>& top, const vector<bool>& propagate_down,
                    const vector<Blob<float>*>& bottom) override;

  bool of_pictures() const { return num_spatial_axes_ == 2 && channel_axis_ == 1; }
  Window window() const;

 private:
  // One group of one picture.
  void forward(int group, const float* x, float* y) const;
  void backward(int group, const float* dy, float* dx) const;
  void add_gradients(int group, const float* x, const float* dy);

  const float* columns_of(const float* x) const;
  void add_up(const float* columns, float* dx) const;

  // Sizes of one group; the file's head says of what.
  int inputs() const { return channels_ / group_; }
  int outputs() const { return num_output_ / group_; }
  int depth() const { return blobs_[0]->count(1); }
  int pixels() const { return output_shape_[0] * output_shape_[1]; }
  int in_pixels() const { return conv_input_shape_.cpu_data()[1] * conv_input_shape_.cpu_data()[2]; }

  const Product product_ = fast_product();
};

}  // namespace caffe
