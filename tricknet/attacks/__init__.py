"""Attacks: how a picture gets a different answer, and the parts that attacks are made of.

trick.py, paint.py and queries.py (`square`) have the attacks. What dream.py and sticker.py make doesn't begin with one
picture, so they aren't attacks in this sense. Every attack makes these promises. attack.py keeps them, and
tests/attacks/test_promises.py tests them on each attack:

* Its picture has whole numbers from 0 to 255 (uint8), no value is further than epsilon from the picture that it was
  given, and that one stays as it was. (The attack itself sees to any other limit, such as the length in `paint`.)
* It counts: `gradients` is how many pictures went backwards through the network, and `queries` how many went forward.
* `fooled` is what the network says when it is asked again, once more than `queries`, about the picture that is kept.
* The same seed gives the same picture. Without randomness there is no seed.
* Ctrl-C at any moment ends it with the best picture so far: at first that is the picture that it was given. (`paint`
  keeps its last picture, in which there is the most paint.)
* What is not a picture for the network is refused in a sentence, with ValueError.
"""
