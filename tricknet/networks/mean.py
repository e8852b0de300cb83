"""What is subtracted from each pixel before a network sees it: red, green and blue."""

MEAN = (123, 117, 104)  # the training pictures' mean red, green and blue, which was subtracted in training
NO_MEAN = (0, 0, 0)  # the article's preprocessing: it left the mean in, and its numbers hold only like this
