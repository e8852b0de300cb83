"""Caffe's pycaffe.py imports this module, and uses nothing of it: pictures are loaded by whoever has them."""
