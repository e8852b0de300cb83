// Takes the place of Caffe's util/hdf5.cpp in a build without HDF5: see shim/hdf5.h.
#include "caffe/util/hdf5.hpp"

#include <string>

namespace caffe {

template <typename Dtype>
void hdf5_load_nd_dataset(hid_t, const char*, int, int, Blob<Dtype>*) { no_hdf5(); }

template <typename Dtype>
void hdf5_save_nd_dataset(const hid_t, const string&, const Blob<Dtype>&, bool) { no_hdf5(); }

int hdf5_load_int(hid_t, const string&) { return no_hdf5(); }
void hdf5_save_int(hid_t, const string&, int) { no_hdf5(); }
string hdf5_load_string(hid_t, const string&) { no_hdf5(); return {}; }
void hdf5_save_string(hid_t, const string&, const string&) { no_hdf5(); }
int hdf5_get_num_links(hid_t) { return no_hdf5(); }
string hdf5_get_name_by_idx(hid_t, int) { no_hdf5(); return {}; }

template void hdf5_load_nd_dataset<float>(hid_t, const char*, int, int, Blob<float>*);
template void hdf5_load_nd_dataset<double>(hid_t, const char*, int, int, Blob<double>*);
template void hdf5_save_nd_dataset<float>(const hid_t, const string&, const Blob<float>&, bool);
template void hdf5_save_nd_dataset<double>(const hid_t, const string&, const Blob<double>&, bool);

}  // namespace caffe
