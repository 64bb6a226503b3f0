"""The Transformer: known values, what masks hide, the course's calls, saving, JAX, bad input."""

import warnings

import keras
import numpy as np
import pytest
from keras import ops

from dlspec.sequence.transformer import (
    SIZES,
    Decoder,
    DecoderLayer,
    Encoder,
    EncoderLayer,
    FullyConnected,
    MaskedCrossentropy,
    NoamSchedule,
    PaddingMask,
    PositionalEncoding,
    Size,
    Transformer,
    build_transformer,
    copy_weights,
    create_look_ahead_mask,
    create_padding_mask,
    get_angles,
    positional_encoding,
    scaled_dot_product_attention,
    transformer_encoder,
)
from dlspec.testing import assert_close
from tests.backends import Call, outputs_on
from tests.complaints import complaints_test

SMALL = (1, 8, 2, 16)
SOURCE = np.array([[3, 8, 1, 0, 0], [2, 2, 5, 7, 4]])
TARGET = np.array([[1, 4, 6, 0], [1, 3, 3, 5]])
Q = np.array([[1, 0, 1, 1], [0, 1, 1, 1], [1, 0, 0, 1]], np.float32)
K = np.array([[1, 1, 0, 1], [1, 0, 1, 1], [0, 1, 1, 0], [0, 0, 0, 1]], np.float32)
V = np.array([[0, 0], [1, 0], [1, 0], [1, 1]], np.float32)


def small_model(seed=0, **options):
    model = build_transformer(9, 7, 6, 5, SMALL, **options)
    random = np.random.default_rng(seed)
    model.set_weights([random.normal(size=w.shape) / 2 for w in model.get_weights()])
    return model


@pytest.fixture(scope="module")
def model():
    return small_model()


@pytest.fixture(scope="module")
def course():
    """The course's class, called once as the course calls it."""
    made = Transformer(2, 4, 2, 8, 9, 7, 6, 5)
    made(SOURCE, TARGET, False, None, None, None)
    random = np.random.default_rng(1)
    made.set_weights([random.normal(size=w.shape) / 2 for w in made.get_weights()])
    return made


PURE_CALLS = {
    "get_angles": (np.arange(3)[:, None], np.arange(4)[None], 4),
    "positional_encoding": (3, 4),
    "create_padding_mask": (SOURCE,),
    "create_look_ahead_mask": (3,),
    "scaled_dot_product_attention": (Q, K, V, np.array([[1, 1, 0, 1]])),
    "FullyConnected": (4, 8),
    "build_transformer": (9, 7, 6, 5, (1, 4, 2, 8)),
    "transformer_encoder": (keras.Input((None,), dtype="int32"), 9, 6, (1, 4, 2, 8)),
    "copy_weights": (build_transformer(9, 7, 6, 5, SMALL),) * 2,
}


def numpy_of(tensor):
    return ops.convert_to_numpy(tensor)


# --- Positions and masks --------------------------------------------------------------------------


def test_angles_by_hand():
    angles = get_angles(np.arange(4)[:, None], np.arange(16)[None], 16)
    assert angles.shape == (4, 16)
    assert_close(angles[:, 0], np.arange(4.0))
    assert_close(angles[:, 0::2], angles[:, 1::2])
    assert_close(angles[3, 15], np.array(3 / 10000 ** (14 / 16)))


def test_codes_are_points_on_circles():
    code = numpy_of(positional_encoding(8, 16))
    assert code.shape == (1, 8, 16)
    assert code.dtype == np.float32
    assert_close(code[..., 0::2] ** 2 + code[..., 1::2] ** 2, np.ones((1, 8, 8)), rtol=1e-6)
    assert_close(code[0, 0], np.tile([0.0, 1.0], 8))


def test_a_shift_is_one_rotation_for_all_positions():
    """Why sines: PE(pos + 3) is a linear function of PE(pos) (Vaswani et al., section 3.5)."""
    code = numpy_of(positional_encoding(20, 6))[0].astype(np.float64)
    frequency = 1 / 10000 ** (np.arange(0, 6, 2) / 6)
    sine, cosine = np.sin(3 * frequency), np.cos(3 * frequency)
    odd, even = code[:-3, 0::2], code[:-3, 1::2]
    np.testing.assert_allclose(code[3:, 0::2], odd * cosine + even * sine, atol=1e-6)
    np.testing.assert_allclose(code[3:, 1::2], even * cosine - odd * sine, atol=1e-6)


def test_masks_of_the_course():
    tokens = np.array([[7, 6, 0, 0, 0], [1, 2, 3, 0, 0], [3, 0, 0, 0, 0]])
    expected = np.array([[[1, 1, 0, 0, 0]], [[1, 1, 1, 0, 0]], [[1, 0, 0, 0, 0]]], np.float32)
    np.testing.assert_array_equal(numpy_of(create_padding_mask(tokens)), expected, strict=True)
    np.testing.assert_array_equal(
        numpy_of(create_look_ahead_mask(3)),
        np.array([[[1, 0, 0], [1, 1, 0], [1, 1, 1]]], np.float32),
        strict=True,
    )


# --- Attention ------------------------------------------------------------------------------------


def test_attention_weights_of_the_course():
    """The exercise's public test; by hand row 0 is softmax([2, 3, 1, 1] / 2)."""
    output, weights = scaled_dot_product_attention(Q, K, V, None)
    expected = [
        [0.2589478, 0.42693272, 0.15705977, 0.15705977],
        [0.2772748, 0.2772748, 0.2772748, 0.16817567],
        [0.33620113, 0.33620113, 0.12368149, 0.2039163],
    ]
    np.testing.assert_allclose(numpy_of(weights), expected, rtol=1e-6)
    np.testing.assert_allclose(numpy_of(output), np.array(expected) @ V, rtol=1e-6)


def test_attention_weights_of_the_course_with_a_mask():
    mask = np.array([[[1, 1, 0, 1], [1, 1, 0, 1], [1, 1, 0, 1]]])
    output, weights = scaled_dot_product_attention(Q, K, V, mask)
    expected = [
        [0.3071959, 0.5064804, 0.0, 0.18632372],
        [0.38365173, 0.38365173, 0.0, 0.23269653],
        [0.38365173, 0.38365173, 0.0, 0.23269653],
    ]
    assert weights.shape == (1, 3, 4)
    np.testing.assert_allclose(numpy_of(weights)[0], expected, rtol=1e-6)
    np.testing.assert_allclose(numpy_of(output)[0], np.array(expected) @ V, rtol=1e-6)


@pytest.mark.parametrize("masked", [False, True])
def test_attention_agrees_with_the_one_of_keras(masked):
    random = np.random.default_rng(0)
    q, k, v = (random.normal(size=(2, 3, n, 4)).astype("float32") for n in (5, 6, 6))
    mask = (random.random((2, 1, 5, 6)) < 0.7) if masked else None
    heads_last = [np.swapaxes(a, 1, 2) for a in (q, k, v)]  # Keras: (batch, length, heads, size)
    theirs = ops.dot_product_attention(*heads_last, mask=mask)
    ours, weights = scaled_dot_product_attention(q, k, v, mask)
    np.testing.assert_allclose(numpy_of(ours), np.swapaxes(numpy_of(theirs), 1, 2), atol=1e-6)
    np.testing.assert_allclose(numpy_of(weights).sum(-1), np.ones((2, 3, 5)), rtol=1e-6)


def test_a_hidden_key_has_no_influence():
    mask = np.array([[1, 1, 0, 1]])
    other_K, other_V = K.copy(), V.copy()
    other_K[2], other_V[2] = 50, -70
    ours = numpy_of(scaled_dot_product_attention(Q, K, V, mask)[0])
    np.testing.assert_array_equal(
        ours, numpy_of(scaled_dot_product_attention(Q, other_K, other_V, mask)[0])
    )


# --- The course's layers --------------------------------------------------------------------------


def words(m=2, n=3, d=4, seed=0):
    return np.random.default_rng(seed).normal(size=(m, n, d)).astype("float32")


def test_keras_ignores_a_mask_in_the_fourth_place():
    """Why ours is passed by name."""
    layer, x = keras.layers.MultiHeadAttention(2, 4), words()
    mask = np.array([[[True, True, False]]])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fourth = numpy_of(layer(x, x, x, ops.convert_to_tensor([[True, True, False]] * 2)))
    by_name = numpy_of(layer(x, x, x, attention_mask=mask))
    np.testing.assert_allclose(fourth, numpy_of(layer(x, x, x)), atol=1e-6)
    assert np.abs(by_name - fourth).max() > 1e-3


@pytest.mark.parametrize("mask", [np.array([[1, 1, 0]]), np.array([[[1, 1, 0]]])])
def test_a_hidden_word_has_no_influence_on_the_others(mask):
    layer, x = EncoderLayer(4, 2, 8), words()
    other = x.copy()
    other[:, 2] = 9
    before, after = (numpy_of(layer(a, False, mask)) for a in (x, other))
    np.testing.assert_array_equal(before[:, :2], after[:, :2])
    assert np.abs(numpy_of(layer(other, False, None)) - numpy_of(layer(x, False, None)))[
        :, :2
    ].max()


def test_dropout_follows_training():
    layer, x = EncoderLayer(4, 2, 8, 0.5), words()
    at_rest = numpy_of(layer(x, False, None))
    np.testing.assert_array_equal(at_rest, numpy_of(layer(x)))
    assert np.abs(numpy_of(layer(x, True, None)) - at_rest).max() > 1e-3


def test_the_encoder_layer_by_hand(float64):
    """Its equations with the parts' own weights: attention, shortcut, norm, network, norm."""
    layer, x = EncoderLayer(4, 2, 8), words().astype("float64")
    layer.build()
    y = layer.layernorm1(x + layer.mha(x, x))
    expected = layer.layernorm2(y + layer.ffn(y))
    np.testing.assert_allclose(numpy_of(layer(x, False, None)), numpy_of(expected), rtol=1e-12)
    spread = numpy_of(layer(x, False, None))
    np.testing.assert_allclose(spread.mean(-1), 0, atol=1e-9)  # normalised last
    np.testing.assert_allclose(spread.std(-1), 1, rtol=1e-3)


def test_the_decoder_layer_sees_neither_the_future_nor_padding():
    layer, x, memory = DecoderLayer(4, 2, 8), words(), words(n=5, seed=1)
    padding = np.array([[[1, 1, 1, 0, 0]]])
    masks = create_look_ahead_mask(3), padding
    out, own, other = (numpy_of(a) for a in layer(x, memory, False, *masks))
    assert (out.shape, own.shape, other.shape) == ((2, 3, 4), (2, 2, 3, 3), (2, 2, 3, 5))
    np.testing.assert_allclose(own.sum(-1), 1, rtol=1e-6)
    np.testing.assert_array_equal(own[:, :, 0], np.tile([1.0, 0, 0], (2, 2, 1)))
    np.testing.assert_array_equal(other[..., 3:], 0)
    later, elsewhere = x.copy(), memory.copy()
    later[:, 2], elsewhere[:, 3:] = 5, 7
    changed = numpy_of(layer(later, elsewhere, False, *masks)[0])
    np.testing.assert_array_equal(changed[:, :2], out[:, :2])
    assert np.abs(changed[:, 2] - out[:, 2]).max() > 1e-3


def test_the_encoder_adds_positions_to_scaled_words():
    encoder = Encoder(1, 4, 2, 8, 9, 6)
    encoder.build()
    x = numpy_of(encoder.embedding(SOURCE)) * 2 + numpy_of(positional_encoding(6, 4))[:, :5]
    expected = encoder.enc_layers[0](x, False, None)
    np.testing.assert_allclose(numpy_of(encoder(SOURCE, False, None)), expected, atol=1e-6)
    assert_close(numpy_of(PositionalEncoding(6, 4)(x)), x * 2 + positional_encoding(6, 4)[:, :5])


def test_the_decoder_names_its_attention():
    decoder = Decoder(3, 4, 2, 8, 7, 5)
    x, attention = decoder(TARGET, words(n=6), False, create_look_ahead_mask(4), None)
    assert x.shape == (2, 4, 4)
    assert list(attention) == [
        f"decoder_layer{i}_{block}"
        for i in (1, 2, 3)
        for block in ("block1_self_att", "block2_decenc_att")
    ]
    assert attention["decoder_layer3_block2_decenc_att"].shape == (2, 2, 4, 6)


def test_the_transformer_is_called_as_the_course_calls_it(course):
    padding = create_padding_mask(SOURCE)
    masks = padding, create_look_ahead_mask(4), padding
    p, attention = course(SOURCE, TARGET, False, *masks)
    p = numpy_of(p)
    assert p.shape == (2, 4, 7)
    np.testing.assert_allclose(p.sum(-1), 1, rtol=1e-6)
    assert len(attention) == 4
    other, later = SOURCE.copy(), TARGET.copy()
    other[0, 3:], later[:, 3] = 6, 2  # behind the masks
    np.testing.assert_array_equal(numpy_of(course(other, later, False, *masks)[0])[:, :3], p[:, :3])
    assert np.abs(numpy_of(course(SOURCE, TARGET, True, *masks)[0]) - p).max() > 1e-3


def course_parameters(L, d, h, f, V_in, V_out):
    attention = 4 * h * d * d + 3 * h * d + d  # heads of the course are d wide
    feed, norm = 2 * d * f + f + d, 2 * d
    encoder = attention + feed + 2 * norm
    decoder = 2 * attention + feed + 3 * norm
    return L * (encoder + decoder) + d * (V_in + V_out) + (d + 1) * V_out


def test_parameters_of_the_course_by_hand(course):
    assert course.count_params() == course_parameters(2, 4, 2, 8, 9, 7)


def test_the_transformer_survives_a_file(course, tmp_path):
    course.save(tmp_path / "course.keras")
    again = keras.saving.load_model(tmp_path / "course.keras")
    assert again.get_config() == course.get_config()
    expected, seen = course(SOURCE, TARGET, False, None, None, None)
    p, attention = again(SOURCE, TARGET, False, None, None, None)
    np.testing.assert_array_equal(numpy_of(p), numpy_of(expected))
    assert list(attention) == list(seen)


@pytest.mark.parametrize(
    "layer",
    [
        EncoderLayer(4, 2, 8, 0.2, 1e-5),
        DecoderLayer(4, 2, 8, 0.2, 1e-5),
        Encoder(1, 4, 2, 8, 9, 6, 0.2, 1e-5),
        Decoder(1, 4, 2, 8, 7, 5, 0.2, 1e-5),
        PositionalEncoding(6, 4),
        PaddingMask(),
    ],
    ids=lambda layer: type(layer).__name__,
)
def test_layers_are_made_again_from_their_configuration(layer):
    again = type(layer).from_config(layer.get_config())
    assert again.get_config() == layer.get_config()
    assert keras.saving.get_registered_name(type(layer)) == f"dlspec>{type(layer).__name__}"


# --- The builder ----------------------------------------------------------------------------------


def parameters(L, d, h, f, V_in, V_out):
    attention, feed, norm = 4 * (d * d + d), 2 * d * f + f + d, 2 * d
    stack = L * (3 * attention + 2 * feed + 5 * norm)
    return stack, d * (V_in + V_out) + (d + 1) * V_out


def test_parameter_counts_by_hand(model):
    assert model.count_params() == sum(parameters(*SMALL, 9, 7))
    assert build_transformer(9, 7, 6, 5, "tiny").count_params() == sum(
        parameters(*SIZES["tiny"], 9, 7)
    )


@pytest.mark.parametrize(("name", "millions"), [("base", 65), ("big", 213)])
def test_sizes_of_the_paper(name, millions):
    """Table 3; there one matrix of some 37,000 tokens serves both sides and the output."""
    stack, _ = parameters(*SIZES[name], 0, 0)
    assert stack + 37_000 * SIZES[name].embedding_dim == pytest.approx(millions * 1e6, rel=0.035)


def test_layers_have_the_same_names_when_built_twice():
    first, second = (build_transformer(9, 7, 6, 5, (1, 4, 2, 8)) for _ in range(2))
    assert [w.path for w in first.weights] == [w.path for w in second.weights]
    assert [layer.name for layer in first.layers] == [layer.name for layer in second.layers]
    assert all(layer.name.split("_")[0] in NAMES for layer in first.layers)


NAMES = {"source", "target", "encoder", "decoder", "head"}


def test_neither_the_future_nor_padding_has_influence(model):
    before = numpy_of(model([SOURCE, TARGET], training=False))
    assert before.shape == (2, 4, 7)
    later = TARGET.copy()
    later[:, 2:] = 2
    after = numpy_of(model([SOURCE, later], training=False))
    np.testing.assert_array_equal(after[:, :2], before[:, :2])
    shorter = numpy_of(model([SOURCE[:1, :3], TARGET[:1]], training=False))
    np.testing.assert_allclose(shorter, before[:1], atol=2e-6)  # without the padding at all


def test_order_has_influence(model):
    turned = SOURCE.copy()
    turned[1] = turned[1, ::-1]
    both = [numpy_of(model([s, TARGET], training=False))[1] for s in (SOURCE, turned)]
    assert np.abs(both[0] - both[1]).max() > 1e-3


def test_class_and_builder_agree_where_there_is_one_head():
    """With one head d is shared by nobody, and both have the same weights in the same order."""
    ours = build_transformer(9, 7, 6, 5, (1, 8, 1, 16))
    course = Transformer(1, 8, 1, 16, 9, 7, 6, 5)
    course.build()
    random = np.random.default_rng(3)
    values = {
        layer.name: [random.normal(size=w.shape) / 2 for w in layer.get_weights()]
        for layer in ours.layers
        if layer.weights
    }
    for name, arrays in values.items():
        ours.get_layer(name).set_weights(arrays)
    course.encoder.embedding.set_weights(values["encoder_0_tokens"])
    course.decoder.embedding.set_weights(values["decoder_0_tokens"])
    course.final_layer.set_weights(values["head_1_logits"])
    for l, layer in enumerate(course.encoder.enc_layers, start=1):
        layer.mha.set_weights(values[f"encoder_{l}_self_attention"])
        layer.layernorm1.set_weights(values[f"encoder_{l}_attention_norm"])
        layer.layernorm2.set_weights(values[f"encoder_{l}_feed_norm"])
        feed = values[f"encoder_{l}_feed_hidden"] + values[f"encoder_{l}_feed_output"]
        layer.ffn.set_weights(feed)
    for l, layer in enumerate(course.decoder.dec_layers, start=1):
        layer.mha1.set_weights(values[f"decoder_{l}_self_attention"])
        layer.mha2.set_weights(values[f"decoder_{l}_cross_attention"])
        layer.layernorm1.set_weights(values[f"decoder_{l}_attention_norm"])
        layer.layernorm2.set_weights(values[f"decoder_{l}_cross_norm"])
        layer.layernorm3.set_weights(values[f"decoder_{l}_feed_norm"])
        feed = values[f"decoder_{l}_feed_hidden"] + values[f"decoder_{l}_feed_output"]
        layer.ffn.set_weights(feed)
    padding = create_padding_mask(SOURCE)
    p, _ = course(SOURCE, TARGET, False, padding, create_look_ahead_mask(4), padding)
    logits = ours([SOURCE, TARGET], training=False)
    np.testing.assert_allclose(numpy_of(p), numpy_of(ops.softmax(logits)), atol=2e-6)


def test_the_builders_model_survives_a_file(model, tmp_path):
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras")
    expected = numpy_of(model([SOURCE, TARGET], training=False))
    np.testing.assert_array_equal(numpy_of(again([SOURCE, TARGET], training=False)), expected)
    fresh = copy_weights(tmp_path / "model.keras", small_model(seed=5))
    np.testing.assert_array_equal(numpy_of(fresh([SOURCE, TARGET], training=False)), expected)


def test_one_step_of_training_moves_the_weights():
    model = small_model(dropout_rate=0.2)
    before = model.get_weights()
    rate = NoamSchedule(8, warmup_steps=2)
    model.compile(keras.optimizers.Adam(rate), MaskedCrossentropy(0.1), run_eagerly=True)
    loss = model.train_on_batch([SOURCE, TARGET[:, :-1]], TARGET[:, 1:])
    assert np.isfinite(loss)
    still = [w.path for w, a in zip(model.weights, before, strict=True) if (w == a).numpy().all()]
    assert all("key/bias" in path for path in still)  # it shifts all scores of a query alike


def wrapped_transformer():
    """The course's class as a functional model, so that another process can call it."""
    source = keras.Input((5,), dtype="int32", name="source")
    target = keras.Input((4,), dtype="int32", name="target")
    padding = PaddingMask()(source)
    p, attention = Transformer(2, 4, 2, 8, 9, 7, 6, 5)(
        source, target, False, padding, create_look_ahead_mask(4), padding
    )
    return keras.Model([source, target], [p, attention["decoder_layer2_block2_decenc_att"]])


def test_the_same_on_jax(model, course, tmp_path):
    wrapped = wrapped_transformer()
    wrapped.set_weights(course.get_weights())
    inputs, here = [SOURCE, TARGET], "dlspec.sequence.transformer.build_transformer"
    kwargs = {"input_vocab_size": 9, "target_vocab_size": 7}
    kwargs |= {"input_length": 6, "target_length": 5, "size": SMALL}
    calls = [
        Call(here, kwargs, model.get_weights(), inputs),
        Call(f"{__name__}.wrapped_transformer", {}, course.get_weights(), inputs),
    ]
    expected = [[model(inputs, training=False)], wrapped(inputs, training=False)]
    for found, own in zip(outputs_on("jax", calls, tmp_path), expected, strict=True):
        for a, b in zip(found, own, strict=True):
            assert_close(a, numpy_of(b), rtol=1e-4, atol=2e-6)


# --- Training -------------------------------------------------------------------------------------


def test_the_schedule_is_the_formula_of_the_paper():
    rate = NoamSchedule(64, warmup_steps=10, scale=2)
    steps = np.arange(1, 41)
    expected = 2 * 64**-0.5 * np.minimum(steps**-0.5, steps * 10**-1.5)
    found = np.array([float(rate(step - 1)) for step in steps])
    np.testing.assert_allclose(found, expected, rtol=1e-6)
    assert steps[found.argmax()] == 10
    again = NoamSchedule.from_config(rate.get_config())
    assert float(again(5)) == float(rate(5))


@pytest.mark.parametrize("e", [0.0, 0.1])
def test_the_loss_against_a_loop(e):
    logits = np.random.default_rng(0).normal(size=(2, 4, 7)).astype("float32")
    losses = []
    for i, j in np.argwhere(TARGET):
        p = np.exp(logits[i, j].astype(np.float64))
        label = np.full(7, e / 7)
        label[TARGET[i, j]] += 1 - e
        losses.append(-label @ np.log(p / p.sum()))
    loss = MaskedCrossentropy(e)
    assert float(loss(TARGET, logits)) == pytest.approx(np.mean(losses), rel=1e-6)
    logits[0, 3] = 99  # padding
    assert float(loss(TARGET, logits)) == pytest.approx(np.mean(losses), rel=1e-6)
    assert MaskedCrossentropy.from_config(loss.get_config()).label_smoothing == e


def test_all_trust_in_one_token_does_not_pay_with_smoothing():
    loss, label = MaskedCrossentropy(0.1), np.array([[1]])
    share = np.full(4, 0.025)
    share[1] += 0.9
    best = float(loss(label, np.log(share)[None, None].astype("float32")))
    assert best == pytest.approx(-share @ np.log(share), rel=1e-6)  # the entropy
    assert float(loss(label, np.array([[[0, 50.0, 0, 0]]], "float32"))) > best


def test_a_batch_of_padding_is_no_division_by_zero():
    assert float(MaskedCrossentropy()(np.zeros((1, 2), int), np.ones((1, 2, 3), "float32"))) == 0


# --- Bad input ------------------------------------------------------------------------------------

THREE = "create_padding_mask and create_look_ahead_mask give such masks."
WRONG = np.ones((2, 1, 9))


def wrong_mask(name, m, n_q, n_v):
    return (
        f"`{name}` must have shape (m or 1, n_q or 1, n_v) with m={m}, n_q={n_q}, n_v={n_v}. "
        f"Received: (2, 1, 9). {THREE}"
    )


LONG = np.ones((1, 7), int)
DEPTH = "`{}` must have shape (m, n, d=4). Received: (2, 3, 5). `embedding_dim` sets d=4."
POSITIONS = (
    "`{}` must have at most {} positions. Received: 7. Its table of positions has {}: cut the "
    "sentence or build a longer table."
)


def built(*sizes, **options):
    return lambda folder: build_transformer(*sizes, **options)


COURSE = Transformer(1, 4, 2, 8, 9, 7, 6, 5)
ENCODER, DECODER = Encoder(1, 4, 2, 8, 9, 6), Decoder(1, 4, 2, 8, 7, 5)
ENCODER_LAYER, DECODER_LAYER = EncoderLayer(4, 2, 8), DecoderLayer(4, 2, 8)
X, MEMORY = words(), words(n=5)
FRESH = build_transformer(9, 7, 6, 5, SMALL)


COMPLAINTS = [
    (
        lambda folder: get_angles("0", 1, 4),
        TypeError,
        "`pos` must be an array of real numbers. Received: str.",
    ),
    (
        lambda folder: get_angles(0, [np.nan], 4),
        ValueError,
        "`k` must hold finite numbers only. Received: 1 NaN and 0 infinite of 1 values, the first "
        "at [0]. Remove or replace them.",
    ),
    (
        lambda folder: get_angles(0, 1, 0),
        ValueError,
        "`d` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: positional_encoding(2.5, 4),
        TypeError,
        "`positions` must be a whole number. Received: 2.5 (float).",
    ),
    (
        lambda folder: create_padding_mask(np.array([1, 0])),
        ValueError,
        "`decoder_token_ids` must have shape (m, n). Received: (2,).",
    ),
    (
        lambda folder: create_look_ahead_mask(0),
        ValueError,
        "`sequence_length` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: scaled_dot_product_attention(Q, K[:, :3], V, None),
        ValueError,
        "`k` must have shape (..., n_v, d_k=4). Received: (4, 3). `q` of shape (3, 4) sets d_k=4.",
    ),
    (
        lambda folder: scaled_dot_product_attention(Q, K, V[:3], None),
        ValueError,
        "`v` must have shape (..., n_v=4, d_v). Received: (3, 2). `k` of shape (4, 4) sets n_v=4.",
    ),
    (
        lambda folder: scaled_dot_product_attention(Q, K, V, np.ones((4, 3))),
        ValueError,
        "`mask` must be spread over the scores, (..., n_q, n_v) = (3, 4). Received: (4, 3).",
    ),
    (
        lambda folder: FullyConnected(4, 0),
        ValueError,
        "`fully_connected_dim` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: FullyConnected(0, 4),
        ValueError,
        "`embedding_dim` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: EncoderLayer(4, 0, 8),
        ValueError,
        "`num_heads` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: EncoderLayer(4, 2, 8, 1.0),
        ValueError,
        "`dropout_rate` must be in [0, 1). Received: 1.0.",
    ),
    (
        lambda folder: EncoderLayer(4, 2, 8, 0.1, 0),
        ValueError,
        "`layernorm_eps` must be a positive finite number. Received: 0.",
    ),
    (lambda folder: ENCODER_LAYER(words(d=5), False, None), ValueError, DEPTH.format("x")),
    (
        lambda folder: ENCODER_LAYER(X, False, WRONG),
        ValueError,
        wrong_mask("mask", 2, 3, 3),
    ),
    (lambda folder: DECODER_LAYER(words(d=5), MEMORY), ValueError, DEPTH.format("x")),
    (lambda folder: DECODER_LAYER(X, words(d=5)), ValueError, DEPTH.format("enc_output")),
    (
        lambda folder: DECODER_LAYER(X, MEMORY, False, WRONG, None),
        ValueError,
        wrong_mask("look_ahead_mask", 2, 3, 3),
    ),
    (
        lambda folder: DECODER_LAYER(X, MEMORY, False, None, WRONG),
        ValueError,
        wrong_mask("padding_mask", 2, 3, 5),
    ),
    (
        lambda folder: PositionalEncoding(0, 4),
        ValueError,
        "`maximum` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: PositionalEncoding(4, 0),
        ValueError,
        "`embedding_dim` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: PositionalEncoding(6, 4)(words(n=7)),
        ValueError,
        POSITIONS.format("x", 6, 6),
    ),
    (
        lambda folder: Encoder(0, 4, 2, 8, 9, 6),
        ValueError,
        "`num_layers` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: Encoder(1, 4, 2, 8, 0, 6),
        ValueError,
        "`input_vocab_size` must be at least 1. Received: 0.",
    ),
    (lambda folder: ENCODER(LONG), ValueError, POSITIONS.format("x", 6, 6)),
    (
        lambda folder: ENCODER(SOURCE[0]),
        ValueError,
        "`x` must have shape (m, n). Received: (5,).",
    ),
    (
        lambda folder: ENCODER(SOURCE + 1),
        ValueError,
        "`x` must hold tokens from 0 to 8. Received: 1 to 9. The vocabulary has 9.",
    ),
    (
        lambda folder: ENCODER(SOURCE, False, WRONG),
        ValueError,
        wrong_mask("mask", 2, 5, 5),
    ),
    (
        lambda folder: Decoder(1, 4, 2, 8, "7", 6),
        TypeError,
        "`target_vocab_size` must be a whole number. Received: '7' (str).",
    ),
    (lambda folder: DECODER(LONG, MEMORY), ValueError, POSITIONS.format("x", 5, 5)),
    (lambda folder: DECODER(TARGET, words(d=5)), ValueError, DEPTH.format("enc_output")),
    (
        lambda folder: DECODER(TARGET, MEMORY, False, None, WRONG),
        ValueError,
        wrong_mask("padding_mask", 2, 4, 5),
    ),
    (
        lambda folder: COURSE(LONG, TARGET),
        ValueError,
        POSITIONS.format("input_sentence", 6, 6),
    ),
    (
        lambda folder: COURSE(SOURCE, LONG),
        ValueError,
        POSITIONS.format("output_sentence", 5, 5),
    ),
    (
        lambda folder: COURSE(SOURCE, TARGET, False, WRONG),
        ValueError,
        wrong_mask("enc_padding_mask", 2, 5, 5),
    ),
    (
        lambda folder: COURSE(SOURCE, TARGET, False, None, WRONG),
        ValueError,
        wrong_mask("look_ahead_mask", 2, 4, 4),
    ),
    (
        lambda folder: COURSE(SOURCE, TARGET, False, None, None, WRONG),
        ValueError,
        wrong_mask("dec_padding_mask", 2, 4, 5),
    ),
    (
        built(9, 7, 0, 5),
        ValueError,
        "`input_length` must be at least 1. Received: 0.",
    ),
    (
        built(0, 7, 6, 5),
        ValueError,
        "`vocab_size` must be at least 1. Received: 0.",
    ),
    (
        built(9, 0, 6, 5),
        ValueError,
        "`target_vocab_size` must be at least 1. Received: 0.",
    ),
    (
        built(9, 7, 6, 5, "tniy"),
        ValueError,
        "`size` must be a known name. Received: 'tniy'. Did you mean tiny? "
        "Known: tiny, small, base, big.",
    ),
    (
        lambda folder: transformer_encoder(None, 9, 6, (1, 8)),
        ValueError,
        "`size` must be a name in SIZES, or (layers, d, heads, hidden units). Received: (1, 8).",
    ),
    (
        built(9, 7, 6, 5, (1, 8, 0, 4)),
        ValueError,
        "`size.num_heads` must be at least 1. Received: 0.",
    ),
    (
        built(9, 7, 6, 5, Size(1, 8, 3, 4)),
        ValueError,
        "`size` must have an embedding_dim that 3 heads can share. Received: 8.",
    ),
    (
        built(9, 7, 6, 5, dropout_rate=-0.1),
        ValueError,
        "`dropout_rate` must be in [0, 1). Received: -0.1.",
    ),
    (
        lambda folder: copy_weights(7, COURSE),
        TypeError,
        "`source` must be a Keras model or the path of one. Received: int.",
    ),
    (
        lambda folder: copy_weights(folder / "no.keras", COURSE),
        ValueError,
        "`source` must be the path of a .keras file. Received: {folder}/no.keras.",
    ),
    (
        lambda folder: copy_weights(keras.Sequential(), FRESH),
        ValueError,
        "`source` must have the layers of transformer. Received: a model without "
        "encoder_0_tokens/embeddings.",
    ),
    (
        lambda folder: copy_weights(build_transformer(8, 7, 6, 5, SMALL), FRESH),
        ValueError,
        "`source` must fit the model. Received: encoder_0_tokens/embeddings of shape (8, 8), not "
        "(9, 8). Its vocabulary has 8 tokens: build the model with that size.",
    ),
    (
        lambda folder: copy_weights(build_transformer(9, 7, 6, 5, (1, 8, 4, 16)), FRESH),
        ValueError,
        "`source` must fit the model. Received: encoder_1_self_attention/query/kernel of shape "
        "(8, 4, 2), not (8, 2, 4). Its `size` is another: build the model with that.",
    ),
    (
        lambda folder: NoamSchedule(0),
        ValueError,
        "`embedding_dim` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: NoamSchedule(8, 0),
        ValueError,
        "`warmup_steps` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: NoamSchedule(8, 1, -1),
        ValueError,
        "`scale` must be a positive finite number. Received: -1.",
    ),
    (
        lambda folder: MaskedCrossentropy(1),
        ValueError,
        "`label_smoothing` must be in [0, 1). Received: 1.",
    ),
]

test_complaints = complaints_test(COMPLAINTS)
