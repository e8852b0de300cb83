// Stands in for HDF5, which Caffe can also keep weights in and the lessons never use: each call throws,
// and Boost.Python turns that into a RuntimeError. Saves a run-time library and all that it pulls in.
#pragma once
#include <stdexcept>

using hid_t = long;
using hsize_t = unsigned long;

template <class... Ignored>
long no_hdf5(const Ignored&...) {
  throw std::runtime_error("This Caffe is built without HDF5. Use a .caffemodel file instead.");
}

#define H5Fopen no_hdf5
#define H5Fcreate no_hdf5
#define H5Fclose no_hdf5
#define H5Gopen2 no_hdf5
#define H5Gcreate2 no_hdf5
#define H5Gclose no_hdf5
#define H5Lexists no_hdf5
#define H5LTfind_dataset no_hdf5
#define H5F_ACC_RDONLY 0
#define H5F_ACC_TRUNC 0
#define H5P_DEFAULT 0
