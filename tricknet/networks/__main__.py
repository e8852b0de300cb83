"""`python -m tricknet.networks` (re)writes the deploy.prototxt of each network, as its file here has it."""

from tricknet import files
from tricknet.networks import modules
from tricknet.paths import MODELS

if __name__ == "__main__":
    for folder, network in modules().items():
        path = MODELS / folder / "deploy.prototxt"
        print(f"wrote {files.write(path, network.prototxt().encode())}")
