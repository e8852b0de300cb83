"""Attacks: how a picture gets a different answer, and the parts that attacks are made of. One file for each.

What every attack promises, and tests/attacks/test_promises.py tries with each of them:

* Its picture has whole numbers from 0 to 255 (uint8), no value is further than epsilon from the picture that it was
  given, and that one stays as it was.
* It counts: `gradients` is how many pictures went backward through the network, and `queries` how many went forward.
* `fooled` is what the network says, asked again, about the picture that is kept.
* `paint` is limited by a length (L2), not by an epsilon, and keeps its last picture, not its best: test_paint.py.
* The same seed gives the same picture. Without randomness there is no seed.
* Ctrl-C at any moment ends it with the best picture so far.
* What is not a picture for the network is refused in a sentence, with ValueError.
"""
