"""The mean colour that is subtracted from a picture before a network sees it: red, green and blue, in pixel values."""

MEAN = (123, 117, 104)  # of ImageNet's training pictures, as it was subtracted in training
NO_MEAN = (0, 0, 0)  # the article's preprocessing: it left the mean in, and its numbers hold only like this
