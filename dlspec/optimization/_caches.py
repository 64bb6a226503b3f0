"""The flat caches of week 1, and the engine of `nn_basics.deep_network` behind them.

    without dropout   (Z1, A1, W1, b1, Z2, A2, W2, b2, ..., ZL, AL, WL, bL)
    with dropout      (Z1, D1, A1, W1, b1, ..., ZL, AL, WL, bL)

D[l] marks the units that were kept; the output layer has none.  The exercises have three layers;
any number is taken here.  Hidden layers are ReLU, the output is sigmoid.
"""

from dlspec._complaints import InvalidType, InvalidValue, sentence
from dlspec._validation import check_array, check_binary
from dlspec.nn_basics.deep_network import _backward, _check_parameters, _forward

PLAIN = ("Z", "A", "W", "b")
DROPOUT = ("Z", "D", "A", "W", "b")


def check_network(X, parameters):
    """Inputs and the layers that read them."""
    X = check_array("X", X, ("n_x", "m"))
    return X, _check_parameters(parameters, X)


def forward(X, parameters, scales=()):
    """Probabilities and the engine's caches; `scales` multiply the hidden activations."""
    activations = ["relu"] * (len(parameters) // 2 - 1) + ["sigmoid"]
    return _forward(X, parameters, activations, scales)


def pack(AL, caches, masks=()):
    """The engine's caches as one tuple, with the masks if there was dropout."""
    activations = [A_prev for (A_prev, _, _), _ in caches[1:]] + [AL]
    cache = ()
    for l, (((_, W, b), Z), A) in enumerate(zip(caches, activations, strict=True)):
        cache += (Z, *masks[l : l + 1], A, W, b)
    return cache


def unpack(cache, X, dropout=False):
    """Layers (A_prev, W, Z), the probabilities and the masks of a checked tuple."""
    A = check_array("X", X, ("n_x", "m"))
    layers, masks, i = [], [], 0
    for l, kinds in enumerate(_kinds(cache, dropout), start=1):
        own = _check_layer(cache, i, kinds, l, A)
        layers.append((A, own["W"], own["Z"]))
        A = own["A"]
        if "D" in own:
            masks.append(check_binary(f"cache[{i + 1}]", own["D"]))
        i += len(kinds)
    return layers, A, masks


def _kinds(cache, dropout):
    """What each layer of a tuple should hold, by the number of its entries."""
    form = f"(Z1, {'D1, ' if dropout else ''}A1, W1, b1, ..., ZL, AL, WL, bL)"
    if not isinstance(cache, (tuple, list)):
        raise InvalidType(sentence("cache", f"be {form}", type(cache).__name__))
    hidden = DROPOUT if dropout else PLAIN
    layers, rest = divmod(len(cache) - len(PLAIN), len(hidden))
    if rest or layers < 0:
        raise InvalidValue(sentence("cache", f"be {form}", f"{len(cache)} entries"))
    return [hidden] * layers + [PLAIN]


def _check_layer(cache, first, kinds, l, A_prev):
    n_prev, m = A_prev.shape
    own, n = {}, "n"
    for i, kind in enumerate(kinds, start=first):
        shape = {"W": (n, ("n_prev", n_prev)), "b": (n, 1)}.get(kind, (n, ("m", m)))
        because = f"`cache[{i}]` is {kind}{l}"
        own[kind] = check_array(f"cache[{i}]", cache[i], shape, because=because)
        n = ("n", len(own["Z"]))
    return own


def backward(layers, AL, Y, scales=()):
    """{"dZ3", "dW3", "db3", "dA2", "dZ2", ...} as the exercises return them, from last to first."""
    grads = _backward(AL - Y, layers, "relu", scales)
    del grads["dA0"]
    return grads
