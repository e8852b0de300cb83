"""The last step of the build: import the new Caffe and push a number through it, forward and backward.

A build can succeed and have no Python module, or one that cannot be loaded: then this fails.
"""

import sys
import tempfile

sys.path.insert(0, sys.argv[1])

import caffe
import numpy as np

NET = """
force_backward: true
layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 1 dim: 3 dim: 8 dim: 8 } } }
layer { name: "conv" type: "Convolution" bottom: "data" top: "conv"
  convolution_param { num_output: 4 kernel_size: 3 pad: 1 weight_filler { type: "constant" value: 0.5 } } }
layer { name: "relu" type: "ReLU" bottom: "conv" top: "conv" }
layer { name: "norm" type: "LRN" bottom: "conv" top: "norm" }
layer { name: "pool" type: "Pooling" bottom: "norm" top: "pool" pooling_param { kernel_size: 2 stride: 2 } }
layer { name: "score" type: "InnerProduct" bottom: "pool" top: "score"
  inner_product_param { num_output: 5 weight_filler { type: "constant" value: 0.1 } } }
layer { name: "prob" type: "Softmax" bottom: "score" top: "prob" }
"""

caffe.set_mode_cpu()
with tempfile.NamedTemporaryFile("w", suffix=".prototxt") as file:
    file.write(NET)
    file.flush()
    net = caffe.Net(file.name, caffe.TEST)
net.blobs["data"].data[...] = 1
prob = net.forward()["prob"]
# Five equal scores, whatever the layers before them made: five equal probabilities.
assert np.allclose(prob, 0.2), prob
# The middle of a picture of ones under 3 x 3 x 3 weights of one half.
assert np.allclose(net.blobs["conv"].data[0, :, 4, 4], 13.5), net.blobs["conv"].data
net.blobs["score"].diff[...] = 1
assert np.abs(net.backward(start="score")["data"]).min() > 0
print(f"Caffe {caffe.__version__} imported, one forward and one backward pass done.")
