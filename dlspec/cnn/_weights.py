"""What the builders of published networks share: checks of their arguments, and weights.

`weights` is None for random ones, the path of a file that `model.save` or `model.save_weights`
wrote for the same network, or "imagenet" for the published ones, where keras.applications carries
the network.  Those are moved out of Keras' model layer by layer, so that ours keeps its own names.
"""

import os
from collections.abc import Callable, Mapping

import keras
import numpy as np

from dlspec._complaints import InvalidType, InvalidValue, sentence

Weights = str | os.PathLike | None

IMAGENET = "imagenet"
ENDINGS = (".weights.h5", ".keras")


# --- Checks, before anything is built -------------------------------------------------------------


def check_weights(weights: object, published: Mapping[str, bool] | None = None) -> Weights:
    """Return `weights` if there is a file of that name, or published weights for these arguments.

    Args:
        weights: None, a path or "imagenet".
        published: what the published weights ask of the other arguments, and whether it is so;
            None where keras.applications does not carry the network.

    Raises:
        TypeError: something else.
        ValueError: no such file, a file of another kind, no published weights.
    """
    if weights is None:
        return None
    if weights == IMAGENET:
        _check_published(published)
        return IMAGENET
    if not isinstance(weights, (str, os.PathLike)):
        received = f"{type(weights).__name__}"
        raise InvalidType(sentence("weights", 'be None, a path or "imagenet"', received))
    path = os.fspath(weights)
    if not os.path.isfile(path):
        expected = 'be None, "imagenet" or the path of a file'
        raise InvalidValue(sentence("weights", expected, f"{path}, where no file is"))
    if not path.endswith(ENDINGS):
        advice = "Write one with model.save_weights or model.save."
        raise InvalidValue(sentence("weights", f"end in {' or '.join(ENDINGS)}", path, advice))
    return path


def _check_published(published):
    if published is None:
        expected = "be None or a path for this network"
        advice = "keras.applications does not carry it."
        raise InvalidValue(sentence("weights", expected, IMAGENET, advice))
    missing = [condition for condition, is_met in published.items() if not is_met]
    if missing:
        advice = f"The published weights ask for {' and '.join(missing)}."
        raise InvalidValue(sentence("weights", "fit the other arguments", IMAGENET, advice))


# --- Loading, once it is built --------------------------------------------------------------------


def load_weights(
    model: keras.Model, weights: Weights, twin: Callable[[], keras.Model] | None = None
) -> keras.Model:
    """Fill `model` with checked `weights` and return it.

    Args:
        model: a network just built.
        weights: as `check_weights` returned them.
        twin: builds the same network of keras.applications with weights="imagenet".

    Raises:
        ValueError: the file holds weights of another network or is damaged; the published weights
            cannot be fetched.
    """
    if weights == IMAGENET:
        copy_weights(_fetch(twin), model)
    elif weights is not None:
        try:
            model.load_weights(weights)
        except Exception as error:  # Keras, h5py and zipfile have a dozen kinds for it
            expected = f"hold the weights of {model.name} as built with these arguments"
            received = f"{weights}, which is damaged or another network's"
            raise InvalidValue(sentence("weights", expected, received)) from error
    return model


def _fetch(twin):
    try:
        return twin()
    except Exception as error:  # get_file raises a plain Exception when there is no network
        received = f"{IMAGENET} ({_first_line(error)})"
        advice = (
            "Keras fetches them once and keeps them in ~/.keras/models: try again with a network, "
            "copy that folder from a machine that has it, or use weights=None or a path."
        )
        raise InvalidValue(
            sentence("weights", "be weights that Keras can fetch", received, advice)
        ) from error


def _first_line(error):
    return (str(error).splitlines() or [type(error).__name__])[0].strip().rstrip(".:")


def copy_weights(source: keras.Model, target: keras.Model) -> None:
    """Move all weights from one model to another with the same layers under other names.

    The layers that have weights must follow each other in the same order.  A 1x1 convolution and a
    dense layer hold the same numbers, so only the sizes of arrays need agree.

    Raises:
        ValueError: other layers, or other sizes.
    """
    pairs = [[layer for layer in m.layers if layer.weights] for m in (source, target)]
    sizes = [[[int(np.prod(w.shape)) for w in layer.weights] for layer in m] for m in pairs]
    if sizes[0] != sizes[1]:
        expected = f"have the layers of {source.name}, one by one"
        raise InvalidValue(sentence(target.name, expected, "others"))
    for theirs, ours in zip(*pairs, strict=True):
        values = zip(theirs.get_weights(), ours.weights, strict=True)
        ours.set_weights([value.reshape(weight.shape) for value, weight in values])
        if isinstance(ours, keras.layers.Normalization):
            ours.finalize_state()  # it computes with copies of its weights
