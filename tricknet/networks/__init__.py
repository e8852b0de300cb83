"""Networks in Caffe's format: read, asked, differentiated. A file for each one that the course knows."""
