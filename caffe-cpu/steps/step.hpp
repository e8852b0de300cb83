// The block that all five programs compute, forward and back to its input: conv2/3x3 of GoogLeNet with its ReLU, and
// the max pooling after it (3 x 3, stride 2). All arrays are float32, channels x rows x columns.
#pragma once

constexpr int kIn = 64, kOut = 192;                 // channels
constexpr int kSide = 56, kPixels = kSide * kSide;  // pictures come in at 56 x 56 ...
constexpr int kHalf = 28, kPooled = kHalf * kHalf;  // ... and go out at 28 x 28
constexpr int kTaps = 3 * 3;                        // of the convolution

struct Given {
  const float* x;        // kIn x kSide x kSide
  const float* weights;  // kOut x kIn x 3 x 3
  const float* bias;     // kOut
  const float* dy;       // kOut x kHalf x kHalf: the slope of what is wanted, at the output
};

struct Found {
  float* y;   // kOut x kHalf x kHalf
  float* dx;  // kIn x kSide x kSide: the slope at the input
};

void step(const Given& given, const Found& found);
