"""Does FashionNet learn as PyTorch would?"""

import signal

import numpy as np
import pytest

from tricknet import fashion_mnist
from tricknet import training as learn
from tricknet.networks.objectives import Class


def test_missing_data_says_how_to_get_them(tmp_path, monkeypatch):
    monkeypatch.setenv("FASHION_MNIST", str(tmp_path))
    fashion_mnist._numbers.cache_clear()
    with pytest.raises(fashion_mnist.MissingDataError, match="apt-get install dataset-fashion-mnist"):
        fashion_mnist.test_set()
    (tmp_path / "t10k-images-idx3-ubyte.gz").write_bytes(b"something else")
    with pytest.raises(ValueError, match="sha256"):
        fashion_mnist.test_set()


@pytest.fixture
def trainee(data):
    return learn.Trainee(seed=3, steps=20)


def twin_of(torch, trainee):
    from tools.reference.torch_net import TorchNet

    weights = {name: [blob.data for blob in blobs] for name, blobs in trainee.net.params.items()}
    twin = TorchNet(trainee.classifier().prototxt, weights, dtype=torch.float32)
    lowest, *others = [array.requires_grad_() for arrays in twin.arrays.values() for array in arrays]
    groups = [{"params": [lowest], "lr": 0.001 / 128}, {"params": others, "lr": 0.001}]
    return lambda pictures: twin(pictures)["scores"], torch.optim.Adam(groups)


@pytest.mark.long
def test_it_learns_as_pytorch_does(torch, trainee, data):
    """The loss over some steps, and the gradient of the pictures at the end: Adam enlarges differences in rounding."""
    network, adam = twin_of(torch, trainee)
    rates = [group["lr"] for group in adam.param_groups]
    pictures, answers = data[0]

    def loss_of(some, reduction="mean"):
        x = torch.tensor(pictures[some].transpose(0, 3, 1, 2).astype(np.float32), requires_grad=True)
        return x, torch.nn.functional.cross_entropy(network(x), torch.tensor(answers[some]), reduction=reduction)

    for step in range(6):
        some = slice(40 * step, 40 * step + 40)
        _, loss = loss_of(some)
        assert trainee.learn(pictures[some], answers[some]) == pytest.approx(float(loss.detach()), rel=2e-3)
        for group, rate in zip(adam.param_groups, rates, strict=True):
            group["lr"] = rate * (1 - step / 20)
        adam.zero_grad()
        loss.backward()
        adam.step()
    x, loss = loss_of(slice(40), "sum")
    loss.backward()
    ours = trainee.classifier().gradient(pictures[:40], [Class(int(answer)) for answer in answers[:40]])
    assert np.corrcoef(-x.grad.numpy().transpose(0, 2, 3, 1).ravel(), ours.ravel())[0, 1] > 0.99


def weights_of(trainee):
    return hash(b"".join(blob.data.tobytes() for blobs in trainee.net.params.values() for blob in blobs))


def test_the_same_seed_gives_the_same_weights(data):
    found = []
    for seed in (5, 5, 6):
        learn.train(trainee := learn.Trainee(seed=seed, steps=3), data[0], steps=3, seed=seed)
        found.append(weights_of(trainee))
    assert found[0] == found[1] != found[2]


def test_an_interrupt_keeps_what_was_learnt(trainee, data, monkeypatch):
    step, seen = trainee.learn, []

    def learnt(*batch):
        step(*batch) if len(seen) < 2 else signal.raise_signal(signal.SIGINT)
        seen.append(weights_of(trainee))

    monkeypatch.setattr(trainee, "learn", learnt)
    learn.train(trainee, data[0], steps=20)
    assert weights_of(trainee) == seen[1] != seen[0]


def test_a_classifier_stays_as_it_was_made_and_weights_that_were_written_are_the_networks(trainee, data, tmp_path):
    classifier, pictures = trainee.classifier(), data[1][0][:3]
    before = [said.probabilities for said in classifier.predict(pictures)]
    trainee.learn(data[0][0][:50], data[0][1][:50])
    np.testing.assert_array_equal([said.probabilities for said in classifier.predict(pictures)], before)
    again = learn.Trainee(steps=1, seed=4, weights=trainee.save(tmp_path / "trainee.caffemodel"))
    assert weights_of(again) == weights_of(trainee)


def test_every_picture_comes_once_before_any_comes_twice():
    seen = np.concatenate(list(learn.batches(250, 5, np.random.default_rng(0))))
    assert len(seen) == 500 and np.bincount(seen).tolist() == [2] * 250
    assert sorted(seen[:250]) == list(range(250)) and list(seen[:250]) != list(range(250))
