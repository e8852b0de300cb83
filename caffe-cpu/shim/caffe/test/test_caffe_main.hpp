// Empty on purpose: Caffe's net.cpp includes its test header, which wants GoogleTest, and uses nothing of it.
