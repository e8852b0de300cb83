"""One claim of your own: a seal for the plan, and a check of the form. Whether the claim is true is the reader's part.

Three claims were planned for the page, before any of them was run. The claim, what is counted, how often the experiment
must hit more than its control, and the control:
1. The toaster sticker needs its colours (first answer toaster, on 15% of the 30 photographs of images.HELD_OUT): 10
   more than the same sticker in grey. The attack on the claim: grey, with the contrast that it lost given back.
2. It takes smoothing to undo a trick (the photograph's answer is back, for the first 20 of images.EVIDENCE, tricked
   towards a vulture with epsilon 2 in 10 steps): blurred with a sigma of 1, 6 more than moved by one pixel.
3. In case both are refuted: the toaster sticker needs its pattern, 10 more than the same pixels shuffled.
"""
