"""The network that the lessons ask where any will do."""

from collections.abc import Sequence

from tricknet.networks.classifier import Classifier, MissingWeightsError
from tricknet.networks.googlenet import GoogLeNet
from tricknet.networks.layers import MEAN
from tricknet.networks.squeezenet import SqueezeNet


def default_model(mean: Sequence[float] = MEAN) -> Classifier:
    """GoogLeNet, or SqueezeNet (with a warning) if only its weights could be downloaded.

    Raises MissingWeightsError if neither is here.
    """
    try:
        return GoogLeNet(mean)
    except MissingWeightsError as missing:
        try:
            model = SqueezeNet(mean)
        except MissingWeightsError:
            raise missing from None
    print(
        "NOTE: GoogLeNet's weights are not here, so this uses SqueezeNet, a smaller network, and the numbers will "
        "differ from the text. Run scripts/download_model.sh to download GoogLeNet's."
    )
    return model
