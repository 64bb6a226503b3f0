r"""Names of dinosaurs, letter by letter: a character-level language model (course 5, week 1).

An RNN reads the letters of a name and says after each how probable every letter is to come next.
It learns from one name at a time:

    a<t> = tanh(Wax x<t> + Waa a<t-1> + b),   y<t> = softmax(Wya a<t> + by)
    loss = - sum_t log y<t>[Y<t>],   Y<t> = X<t+1>, and the end of the line after the last letter

x<1> is a vector of zeros, so y<1> are the probabilities of a first letter; x<t> has a 1 in the row
of letter X<t>.  Gradients are clipped to [-maxValue, maxValue], number by number, before

    theta := theta - alpha d_theta

since going back through many steps may blow them up.  To make a name up, draw a letter from y<1>,
hand it in as x<2>, draw from y<2>, and so on until the end of the line.  With a temperature T the
letters are drawn from softmax((Wya a + by) / T): below 1 it prefers what is probable anyway, above
1 it dares more.

Parameters have the keys of this exercise, Wax, Waa, Wya, b and by (in `recurrent` b is called ba);
an index takes the place of a column with a single 1: Wax x<t> is column X<t> of Wax.

The course's `optimize` changes its parameters in place.  Here nothing is changed: `optimize` gives
the clipped gradients, and `update_parameters` takes the step; `gradient_descent` does both.

The course seeds NumPy inside `initialize_parameters`, `sample` and `model`, and its published names
depend on it, so the same seeds are used here, on generators of their own.  Still nobody should
expect the same names: after thousands of steps rounding decides.  On the course's file with 22,001
iterations the last name is "Trodonosaurus" where OpenBLAS rounds every product before it adds
(OPENBLAS_CORETYPE=Prescott), and another one where it multiplies and adds at once.  The loss is the
same, about 22.9.
"""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from dlspec._complaints import InvalidType, InvalidValue, sentence
from dlspec._validation import check_array, check_count, check_keys, check_positive
from dlspec.sequence.recurrent import _softmax

__all__ = [
    "clip",
    "generate",
    "gradient_descent",
    "initialize_parameters",
    "model",
    "name_to_indices",
    "optimize",
    "sample",
    "update_parameters",
]

Parameters = Mapping[str, np.ndarray]
NAMES = ("Wax", "Waa", "Wya", "b", "by")
LONGEST = 50
"""Letters after which a name ends, whatever the model wants."""
TINY = np.finfo(np.float64).tiny
"""Instead of a probability that rounds to 0, of which there is no logarithm."""


def clip(gradients: Parameters, maxValue: float) -> dict[str, np.ndarray]:
    """Every number of every gradient to [-maxValue, maxValue].

    Args:
        gradients: {"dWax", "dWaa", "dWya", "db", "dby"}; what else is there is clipped too.
        maxValue: above 0.

    Returns:
        A new dictionary.

    Raises:
        TypeError: not a dictionary of numbers.
        ValueError: a limit that is not above 0.

    Example:
        >>> clip({"db": np.array([[12.0], [-0.5], [-7.0]])}, 5)["db"].ravel()
        array([ 5. , -0.5, -5. ])

    Source: course 5, week 1.
    """
    limit = check_positive("maxValue", maxValue)
    if not isinstance(gradients, Mapping):
        raise InvalidType(sentence("gradients", "be a dictionary", type(gradients).__name__))
    checked = {k: check_array(f"gradients['{k}']", g, finite=False) for k, g in gradients.items()}
    return _clip(checked, limit)


def _clip(gradients, limit):
    return {name: np.clip(gradient, -limit, limit) for name, gradient in gradients.items()}


def sample(parameters: Parameters, char_to_ix: Mapping[str, int], seed: int) -> list[int]:
    """Draw a name, letter by letter; the same seed gives the same name.

    Letter number t (from 0) is drawn by NumPy's legacy generator with the seed `seed` + 2 t, as in
    the course.

    Args:
        parameters: {"Wax": (n_a, n_x), "Waa": (n_a, n_a), "Wya": (n_x, n_a), "b": (n_a, 1), "by":
            (n_x, 1)}.
        char_to_ix: from character to its index, 0 to n_x - 1; the end of the line is one of them.
        seed: at least 0.

    Returns:
        Indices; the last one is the end of the line, at the latest after 50 letters.

    Raises:
        TypeError: not numbers, or not a dictionary.
        ValueError: shapes that do not fit, a vocabulary without the end of the line.

    Example:
        >>> char_to_ix = {"\\n": 0, "a": 1}
        >>> parameters = initialize_parameters(4, 2, 2)
        >>> parameters["by"] = np.array([[-99.0], [99.0]])  # nothing but a
        >>> len(sample(parameters, char_to_ix, seed=0))
        51

    Source: course 5, week 1.
    """
    newline = _check_vocabulary(char_to_ix)
    parameters = _check_parameters(parameters, len(char_to_ix))
    return _sample(parameters, newline, check_count("seed", seed, minimum=0))


def _sample(parameters, newline, seed):
    Waa, Wya, b, by = (parameters[name] for name in NAMES[1:])
    a, letter, indices = np.zeros_like(b), None, []
    while letter != newline and len(indices) < LONGEST:
        a = np.tanh(_column(parameters["Wax"], letter) + np.dot(Waa, a) + b)
        y = _softmax(np.dot(Wya, a) + by)
        random = np.random.RandomState(seed + 2 * len(indices))
        letter = int(random.choice(len(y), p=y.ravel()))
        indices.append(letter)
    return indices if letter == newline else [*indices, newline]


def _column(W, index):
    """W x for an x with a single 1, or for zeros where there is no letter yet."""
    return 0.0 if index is None else W[:, index, None]


def optimize(
    X: Sequence[int | None],
    Y: Sequence[int],
    a_prev: np.ndarray,
    parameters: Parameters,
    learning_rate: float = 0.01,
) -> tuple[float, dict[str, np.ndarray], np.ndarray]:
    """Forward and backward through one name, and its gradients clipped to [-5, 5].

    The step itself is `update_parameters(parameters, gradients, learning_rate)`; the course takes
    it here, in place.

    Args:
        X: indices of the letters; None for "no letter yet".
        Y: indices of the letters that come next, as many.
        a_prev: hidden state before the first letter (n_a, 1).
        parameters: as `sample` takes them.
        learning_rate: of the step that follows, above 0.

    Returns:
        loss: cross-entropy of the whole name in nats, a sum over its letters.
        gradients: {"dWax", "dWaa", "dWya", "db", "dby"}, clipped.
        a_last: hidden state after the last letter (n_a, 1).

    Raises:
        TypeError: not numbers, or not a dictionary.
        ValueError: `X` and `Y` of different lengths, indices outside the vocabulary, shapes that do
            not fit.

    Example:
        >>> parameters = initialize_parameters(4, 3, 3)
        >>> loss, gradients, a_last = optimize([None, 1], [1, 0], np.zeros((4, 1)), parameters)
        >>> round(float(loss / np.log(3)), 3), a_last.shape  # two guesses among three
        (2.0, (4, 1))

    Source: course 5, week 1.
    """
    check_positive("learning_rate", learning_rate)
    parameters = _check_parameters(parameters)
    n_a, n_x = parameters["Wax"].shape
    X, Y = _check_letters(X, Y, n_x)
    because = f"`parameters['Wax']` sets n_a={n_a}"
    a_prev = check_array("a_prev", a_prev, (("n_a", n_a), 1), because=because)
    return _optimize(X, Y, a_prev, parameters)


def _optimize(X, Y, a_prev, parameters):
    a, y_hat, loss = _forward(X, Y, a_prev, parameters)
    return loss, _clip(_backward(X, Y, a, y_hat, parameters), 5.0), a[-1]


def _forward(X, Y, a_prev, parameters):
    """Hidden states, that before the first letter first; probabilities; loss."""
    Wax, Waa, Wya, b, by = (parameters[name] for name in NAMES)
    a, y_hat, loss = [a_prev], [], 0.0
    for x, y in zip(X, Y, strict=True):
        a.append(np.tanh(_column(Wax, x) + np.dot(Waa, a[-1]) + b))
        y_hat.append(_softmax(np.dot(Wya, a[-1]) + by))
        loss -= np.log(max(y_hat[-1][y, 0], TINY))
    return a, y_hat, float(loss)


def _backward(X, Y, a, y_hat, parameters):
    """dz = (1 - a^2) * (Wya^T (y_hat - y) + what comes from the next letter), and so on."""
    gradients = {f"d{name}": np.zeros_like(parameters[name]) for name in NAMES}
    da_next = 0.0
    for t in reversed(range(len(X))):
        dy = y_hat[t].copy()
        dy[Y[t]] -= 1
        dz = (1 - a[t + 1] * a[t + 1]) * (np.dot(parameters["Wya"].T, dy) + da_next)
        gradients["dWya"] += dy * a[t + 1].T
        gradients["dby"] += dy
        gradients["db"] += dz
        gradients["dWaa"] += dz * a[t].T
        if X[t] is not None:
            gradients["dWax"][:, X[t]] += dz[:, 0]
        da_next = np.dot(parameters["Waa"].T, dz)
    return gradients


def update_parameters(
    parameters: Parameters, gradients: Parameters, learning_rate: float = 0.01
) -> dict[str, np.ndarray]:
    """One step of gradient descent.

    Args:
        parameters: as `sample` takes them.
        gradients: as `optimize` returns them.
        learning_rate: above 0.

    Returns:
        A new dictionary.

    Raises:
        TypeError: not numbers, or not a dictionary.
        ValueError: shapes that do not fit, a rate that is not above 0.

    Example:
        >>> parameters = initialize_parameters(1, 1, 1)
        >>> gradients = {f"d{name}": np.ones_like(p) for name, p in parameters.items()}
        >>> update_parameters(parameters, gradients, 0.5)["by"]
        array([[-0.5]])

    Source: course 5, week 1.
    """
    alpha = check_positive("learning_rate", learning_rate)
    parameters = _check_parameters(parameters)
    shapes = {f"d{name}": parameters[name].shape for name in NAMES}
    return _update(parameters, check_keys("gradients", gradients, shapes), alpha)


def _update(parameters, gradients, learning_rate):
    return {name: parameters[name] - learning_rate * gradients[f"d{name}"] for name in NAMES}


def initialize_parameters(n_a: int, n_x: int, n_y: int) -> dict[str, np.ndarray]:
    """Small weights from NumPy's legacy generator with seed 1, as in the course; biases 0.

    Args:
        n_a: size of the hidden state, at least 1.
        n_x: size of the vocabulary, at least 1.
        n_y: the same.

    Returns:
        {"Wax": (n_a, n_x), "Waa": (n_a, n_a), "Wya": (n_y, n_a), "b": (n_a, 1), "by": (n_y, 1)}.

    Raises:
        TypeError, ValueError: sizes that are no whole numbers of at least 1.

    Example:
        >>> initialize_parameters(2, 27, 27)["Wax"][0, 0].round(9)  # 0.01 times the first of seed 1
        np.float64(0.016243454)

    Source: course 5, week 1.
    """
    n_a, n_x, n_y = check_count("n_a", n_a), check_count("n_x", n_x), check_count("n_y", n_y)
    random = np.random.RandomState(1)
    shapes = {"Wax": (n_a, n_x), "Waa": (n_a, n_a), "Wya": (n_y, n_a)}
    weights = {name: random.randn(*shape) * 0.01 for name, shape in shapes.items()}
    return weights | {"b": np.zeros((n_a, 1)), "by": np.zeros((n_y, 1))}


def gradient_descent(
    names: Sequence[str],
    char_to_ix: Mapping[str, int],
    parameters: Parameters,
    learning_rate: float = 0.01,
    *,
    a_prev: np.ndarray | None = None,
    first: int = 0,
) -> Iterator[tuple[dict[str, np.ndarray], np.ndarray, float]]:
    """Learn from one name after the other, round and round.

    The hidden state at the end of a name is that before the next, as in the course.

    Args:
        names: at least one, at least one letter each.
        char_to_ix: from character to index.
        parameters: to start from.
        learning_rate: above 0.
        a_prev: hidden state to start from (n_a, 1); None for zeros.
        first: number of steps already taken, which says what name comes first.

    Yields:
        (parameters after the step, hidden state, loss of the name before the step), endlessly.

    Raises:
        TypeError: not numbers, no texts.
        ValueError: no names, characters outside the vocabulary, shapes that do not fit.

    Example:
        >>> steps = gradient_descent(["aa"], {"\\n": 0, "a": 1}, initialize_parameters(4, 2, 2))
        >>> losses = [next(steps)[-1] for _ in range(100)]
        >>> losses[0] > losses[-1]
        True

    Source: course 5, week 1.
    """
    newline = _check_vocabulary(char_to_ix)
    parameters = _check_parameters(parameters, len(char_to_ix))
    alpha, first = check_positive("learning_rate", learning_rate), check_count("first", first, 0)
    letters = [name_to_indices(name, char_to_ix) for name in _check_names("names", names)]
    n_a = len(parameters["b"])
    if a_prev is None:
        a_prev = np.zeros((n_a, 1))
    a_prev = check_array("a_prev", a_prev, (("n_a", n_a), 1), because=f"`parameters` set n_a={n_a}")
    return _steps(letters, newline, parameters, alpha, a_prev, first)


def _steps(letters, newline, parameters, learning_rate, a_prev, i):
    while True:
        name = letters[i % len(letters)]
        loss, gradients, a_prev = _optimize([None, *name], [*name, newline], a_prev, parameters)
        parameters = _update(parameters, gradients, learning_rate)
        i += 1
        yield parameters, a_prev, loss


def model(
    data_x: Sequence[str],
    ix_to_char: Mapping[int, str],
    char_to_ix: Mapping[str, int],
    num_iterations: int = 35000,
    n_a: int = 50,
    dino_names: int = 7,
    vocab_size: int = 27,
    verbose: bool = False,
) -> tuple[dict[str, np.ndarray], str]:
    """Train on a list of names; the course's loop with its shuffle, its seeds and its rate 0.01.

    Args:
        data_x: names, of characters in the vocabulary.
        ix_to_char: from index to character.
        char_to_ix: from character to index.
        num_iterations: names to learn from, at least 1.
        n_a: size of the hidden state.
        dino_names: names to draw every 2000 iterations.
        vocab_size: number of characters.
        verbose: print the smoothed loss and those names.

    Returns:
        parameters: after training.
        last_dino_name: the last name that was drawn, with a capital and the end of the line.

    Raises:
        TypeError: no texts, counts that are no whole numbers.
        ValueError: no names, characters outside the vocabulary, vocabularies that do not fit.

    Example:
        >>> char_to_ix = {"\\n": 0, "a": 1, "b": 2}
        >>> ix_to_char = {i: c for c, i in char_to_ix.items()}
        >>> parameters, name = model(["ab", "abab"], ix_to_char, char_to_ix, 10, vocab_size=3)
        >>> name.endswith("\\n")
        True

    Source: course 5, week 1.
    """
    check_count("num_iterations", num_iterations), check_count("dino_names", dino_names)
    newline = _check_vocabulary(char_to_ix)
    if vocab_size != len(char_to_ix) or {c: i for i, c in ix_to_char.items()} != dict(char_to_ix):
        expected = f"be {len(char_to_ix)}, with `ix_to_char` the inverse of `char_to_ix`"
        received = f"{vocab_size}, {len(ix_to_char)} and {len(char_to_ix)} characters"
        raise InvalidValue(sentence("vocab_size", expected, received))
    names = [name.strip() for name in _check_names("data_x", data_x) if name.strip()]
    np.random.RandomState(0).shuffle(names)
    parameters = initialize_parameters(n_a, vocab_size, vocab_size)
    steps = gradient_descent(names, char_to_ix, parameters)
    smoothed = np.log(vocab_size) * dino_names  # the loss of pure guesses
    for j in range(num_iterations):
        parameters, _, loss = next(steps)
        smoothed = 0.999 * smoothed + 0.001 * loss
        if j % 2000 == 0:
            drawn = [
                _as_name(_sample(parameters, newline, s), ix_to_char) for s in range(dino_names)
            ]
            if verbose:
                print(f"Iteration: {j}, Loss: {smoothed:f}\n", *drawn, sep="\n")
    return parameters, drawn[-1]


def _as_name(indices, ix_to_char):
    text = "".join(ix_to_char[i] for i in indices)
    return text[:1].upper() + text[1:]


# --- Beyond the course ----------------------------------------------------------------------------


def generate(
    parameters: Parameters,
    char_to_ix: Mapping[str, int],
    count: int,
    temperature: float = 1.0,
    seed: int = 0,
) -> list[str]:
    """Draw many names at once, all in step, at a temperature.

    Args:
        parameters: as `sample` takes them.
        char_to_ix: from character to index.
        count: names to draw, at least 1.
        temperature: above 0; towards 0 always the most probable letter, above 1 more daring.
        seed: at least 0.

    Returns:
        Names without the end of the line, of at most 50 letters; a name may be empty.

    Raises:
        TypeError: not numbers, or not a dictionary.
        ValueError: shapes that do not fit, numbers out of range.

    Example:
        >>> parameters = initialize_parameters(4, 2, 2)
        >>> parameters["Wax"] += [[-5.0, 5.0]]  # behind a letter the state is 1
        >>> parameters["Wya"][0] = 9.0  # where the end of the line is near
        >>> parameters["by"][1] = 8.0
        >>> generate(parameters, {"\\n": 0, "a": 1}, 3, temperature=0.1)
        ['a', 'a', 'a']

    Source: course 5, week 1 (sampling); Ackley et al., "A learning algorithm for Boltzmann
    machines", 1985 (temperature).
    """
    newline = _check_vocabulary(char_to_ix)
    parameters = _check_parameters(parameters, len(char_to_ix))
    count, T = check_count("count", count), check_positive("temperature", temperature)
    random = np.random.default_rng(check_count("seed", seed, minimum=0))
    Wax, Waa, Wya, b, by = (parameters[name] for name in NAMES)
    a, from_letter, letters = np.zeros((len(b), count)), 0.0, []
    for _ in range(LONGEST):
        a = np.tanh(from_letter + Waa @ a + b)
        scores = Wya @ a + by
        with np.errstate(over="ignore"):  # towards T = 0, all but the largest go to -infinity
            below = _softmax((scores - scores.max(axis=0)) / T).cumsum(axis=0)
        drawn = (random.random(count) * below[-1] > below).sum(axis=0)
        letters.append(drawn)
        from_letter = Wax[:, drawn]
    characters = {i: c for c, i in char_to_ix.items()}
    names = []
    for column in np.array(letters).T:
        ends = np.flatnonzero(column == newline)
        names.append("".join(characters[i] for i in column[: ends[0] if ends.size else None]))
    return names


def name_to_indices(name: str, char_to_ix: Mapping[str, int]) -> list[int]:
    """The letters of a name as indices.

    Args:
        name: at least one letter.
        char_to_ix: from character to index.

    Returns:
        As many indices as letters.

    Raises:
        TypeError: no text.
        ValueError: an empty name, characters outside the vocabulary.

    Example:
        >>> name_to_indices("baa", {"\\n": 0, "a": 1, "b": 2})
        [2, 1, 1]

    Source: course 5, week 1.
    """
    (name,) = _check_names("name", [name])
    unknown = sorted({character for character in name if character not in char_to_ix})
    if unknown:
        expected = f"be written in the {len(char_to_ix)} characters of the vocabulary"
        received = f"{name!r} with {', '.join(map(repr, unknown))}"
        advice = "Use name.lower()." if name.lower() != name else ""
        raise InvalidValue(sentence("name", expected, received, advice))
    return [char_to_ix[character] for character in name]


# --- Checks ---------------------------------------------------------------------------------------


def _check_vocabulary(char_to_ix):
    """Return the index of the end of the line."""
    if not isinstance(char_to_ix, Mapping):
        expected, received = "be a dictionary from character to index", type(char_to_ix).__name__
        raise InvalidType(sentence("char_to_ix", expected, received))
    if "\n" not in char_to_ix or set(char_to_ix.values()) != set(range(len(char_to_ix))):
        expected = "hold the end of the line and number its characters 0, 1, 2, ..."
        received = f"{len(char_to_ix)} characters, {'with' if chr(10) in char_to_ix else 'without'}"
        raise InvalidValue(sentence("char_to_ix", expected, f"{received} the end of the line"))
    return char_to_ix["\n"]


def _check_names(name, names):
    if isinstance(names, str) or not isinstance(names, Sequence):
        raise InvalidType(sentence(name, "be a list of texts", type(names).__name__))
    odd = [n for n in names if not isinstance(n, str)]
    if odd:
        raise InvalidType(sentence(name, "hold texts only", f"{odd[0]!r}"))
    if not any(n.strip() for n in names):
        raise InvalidValue(sentence(name, "hold at least one letter", "none"))
    return names


def _check_parameters(parameters, n_x=None):
    rows = "n_x" if n_x is None else ("n_x", n_x)
    shapes = {"Wax": ("n_a", rows), "Waa": ("n_a", "n_a"), "Wya": (rows, "n_a")}
    checked = check_keys("parameters", parameters, shapes | {"b": ("n_a", 1), "by": (rows, 1)})
    n_a, n_x = checked["Wax"].shape
    a, x = ("n_a", n_a), ("n_x", n_x)
    shapes = {"Waa": (a, a), "Wya": (x, a), "b": (a, 1), "by": (x, 1)}
    return {"Wax": checked["Wax"]} | check_keys("parameters", checked, shapes)


def _check_letters(X, Y, n_x):
    for name, letters in (("X", X), ("Y", Y)):
        numbers = [l for l in letters if not (name == "X" and l is None)]
        for letter in numbers:
            if check_count(name, letter, minimum=0) >= n_x:
                expected = f"hold indices below n_x={n_x}"
                raise InvalidValue(sentence(name, expected, letter))
    if len(X) != len(Y) or not len(X):
        expected = "be as long as `X`, at least 1"
        raise InvalidValue(sentence("Y", expected, f"{len(Y)} for {len(X)}"))
    return list(X), list(Y)
