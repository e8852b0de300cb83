// See hdf5.h beside this file.
