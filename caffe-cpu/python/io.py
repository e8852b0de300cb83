"""Caffe's pycaffe.py imports this module, and uses nothing of it: this course loads its pictures itself."""
