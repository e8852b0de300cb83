"""`python -m tricknet.networks` (re)writes the deploy.prototxt of each network, from the plan in its file here.

`python -m tricknet.networks FOLDER` prints what that network's weights.txt has to say of the weights in its folder in
models/: their file, their size, their checksum, and the known answers.
"""

import sys

from tricknet import files
from tricknet.networks import modules, weights
from tricknet.paths import models_folder

if __name__ == "__main__":
    for folder in sys.argv[1:]:
        print("\n".join(weights.facts(models_folder() / folder)))
    for folder, network in modules().items() if not sys.argv[1:] else ():
        path = models_folder() / folder / "deploy.prototxt"
        print(f"wrote {files.write(path, network.plan().encode())}")
