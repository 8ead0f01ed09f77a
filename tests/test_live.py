"""Live figures: the browser's engine, run in Node, gives what Keras gives."""

import base64
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import keras
import matplotlib.pyplot as plt
import numpy as np
import pytest
from keras import layers

from nnbook_utils import live

ROOT = Path(__file__).resolve().parent.parent
NODE = shutil.which("node") or shutil.which("nodejs")
NO_NODE = "Node is not installed (Debian, Ubuntu: apt-get install nodejs)"
IMAGES, STEPS, WORDS = (9, 8, 3), (6, 4), (7,)


def model(shape, *stack, dtype="float32"):
    """Return a model of random weights, biases and statistics included."""
    keras.utils.set_random_seed(len(stack))
    made = keras.Sequential([keras.Input(shape, dtype=dtype), *stack])
    rng = np.random.default_rng(0)
    made.set_weights(
        [rng.uniform(0.1, 0.9, w.shape) - 0.45 * (w.ndim > 1) for w in made.get_weights()]
    )
    return made


def branches():
    keras.utils.set_random_seed(0)
    image = keras.Input(IMAGES)
    one, two = (layers.Conv2D(4, 3, padding="same", name=name)(image) for name in ("one", "two"))
    both = layers.Concatenate()([layers.Add()([one, two]), two])
    return keras.Model(image, layers.GlobalAveragePooling2D()(both))


def attention():
    keras.utils.set_random_seed(0)
    steps = keras.Input(STEPS)
    others = layers.Dense(4, name="others")(steps)
    return keras.Model(steps, layers.MultiHeadAttention(2, 3, name="look")(steps, others))


MODELS = {
    "Activation": lambda: model((5,), layers.Dense(4), layers.Activation("tanh")),
    "Add": branches,
    "AveragePooling2D": lambda: model(IMAGES, layers.AveragePooling2D(2, padding="same")),
    "BatchNormalization": lambda: model(IMAGES, layers.BatchNormalization()),
    "Concatenate": branches,
    "Conv2D": lambda: model(IMAGES, layers.Conv2D(5, 3, 2, padding="same", activation="relu")),
    "Conv2D, valid": lambda: model(IMAGES, layers.Conv2D(5, (2, 3), use_bias=False)),
    "Conv2DTranspose": lambda: model(
        (4, 5, 3), layers.Conv2DTranspose(2, 5, 2, padding="same", activation="tanh")
    ),
    "Conv2DTranspose, even": lambda: model((4, 5, 3), layers.Conv2DTranspose(2, 4, 2, "same")),
    "Conv2DTranspose, valid": lambda: model(
        (4, 5, 3), layers.Conv2DTranspose(2, (2, 3), 2, use_bias=False)
    ),
    "Dense": lambda: model((5,), layers.Dense(4, activation="sigmoid"), layers.Dense(3)),
    "Dropout": lambda: model((5,), layers.Dropout(0.5), layers.Dense(3)),
    "Embedding": lambda: model(WORDS, layers.Embedding(11, 4), dtype="int32"),
    "Flatten": lambda: model(IMAGES, layers.Flatten(), layers.Dense(3)),
    "GlobalAveragePooling2D": lambda: model(IMAGES, layers.GlobalAveragePooling2D()),
    "GlobalMaxPooling1D": lambda: model(STEPS, layers.GlobalMaxPooling1D()),
    "GlobalMaxPooling2D": lambda: model(IMAGES, layers.GlobalMaxPooling2D()),
    "GRU": lambda: model(STEPS, layers.GRU(5, return_sequences=True, name="cell")),
    "LayerNormalization": lambda: model(STEPS, layers.LayerNormalization()),
    "LSTM": lambda: model(STEPS, layers.LSTM(5, name="cell"), layers.Dense(2)),
    "LeakyReLU": lambda: model((5,), layers.Dense(4), layers.LeakyReLU(0.2)),
    "MultiHeadAttention": attention,
    "MaxPooling2D": lambda: model(IMAGES, layers.MaxPooling2D(3, 2, padding="same")),
    "ReLU": lambda: model((5,), layers.Dense(4), layers.ReLU()),
    "Reshape": lambda: model((6,), layers.Reshape((-1, 2)), layers.SimpleRNN(4)),
    "SimpleRNN": lambda: model(STEPS, layers.SimpleRNN(5, return_sequences=True)),
    "Softmax": lambda: model((5,), layers.Dense(4), layers.Softmax()),
}


def payload(made, bits=16):
    rng = np.random.default_rng(1)
    shape = (2, *made.input_shape[1:])
    example = (
        rng.integers(0, 11, shape) if made.inputs[0].dtype == "int32" else rng.normal(size=shape)
    )
    return {
        "network": live.describe(made, bits=bits),
        "weights": [live.pack(made.get_weights(), bits)],
        "example": live._example(made, example.astype("float32"), made.get_weights(), bits),
    }


def run(payloads):
    if NODE is None:
        if os.environ.get("CI"):
            pytest.fail(NO_NODE)
        pytest.skip(NO_NODE)
    script = ROOT / "tests" / "live_outputs.cjs"
    done = subprocess.run(
        [NODE, str(script)], input=json.dumps(payloads), capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def answers():
    cases = {name: payload(build()) for name, build in MODELS.items()}
    return {
        name: (case, answer)
        for (name, case), answer in zip(cases.items(), run(list(cases.values())), strict=True)
    }


@pytest.mark.parametrize("name", MODELS)
def test_engine_equals_keras(answers, name):
    case, answer = answers[name]
    wanted = case["example"]["output"]
    assert answer.get("error") is None
    assert answer["shape"] == wanted["shape"]
    np.testing.assert_allclose(answer["data"], wanted["data"], atol=1e-4, rtol=0)
    assert np.ptp(wanted["data"]) > 0.01  # not a comparison of constants


@pytest.mark.parametrize("name", ["Conv2D", "Conv2DTranspose", "Dense", "LSTM"])
def test_weights_in_bytes_are_those_of_keras(name):
    case = payload(MODELS[name](), bits=8)
    (answer,) = run([case])
    np.testing.assert_allclose(answer["data"], case["example"]["output"]["data"], atol=1e-4)
    exact = payload(MODELS[name]())
    assert len(case["weights"][0]) < 0.8 * len(exact["weights"][0])
    assert answer["data"] != exact["example"]["output"]["data"]  # rounded more


def test_every_layer_of_the_engine_is_compared():
    source = (ROOT / "web" / "live" / "engine.js").read_text(encoding="utf-8")
    table = source[source.index("const LAYERS = {") : source.index("function fromHalf")]
    known = set(re.findall(r"^    (\w+):", table, flags=re.MULTILINE))
    known |= set(re.findall(r"^    (\w+): sum", table, flags=re.MULTILINE))
    assert known == set(live.LAYERS) == {name.split(",")[0] for name in MODELS}


@pytest.mark.parametrize(("kind", "gates"), [("LSTM", "ifgoc"), ("GRU", "zrg")])
def test_engine_keeps_the_gates(answers, kind, gates):
    trace = answers[kind][1]["traces"]["cell"]
    assert sorted(trace) == sorted(gates)
    assert {len(values) for values in trace.values()} == {2 * 6 * 5}
    if kind == "GRU":  # the state follows from the gates alone
        z, g = (np.reshape(trace[gate], (2, 6, 5)) for gate in "zg")
        state = np.zeros((2, 5))
        for step in range(6):
            state = z[:, step] * state + (1 - z[:, step]) * g[:, step]
        states = np.reshape(answers[kind][1]["data"], (2, 6, 5))
        np.testing.assert_allclose(state, states[:, -1], atol=1e-5)


def broken(**changes):
    case = payload(MODELS["Dense"]())
    for change in changes.values():
        change(case)
    return case


def test_engine_refuses_what_is_cut_off_or_unknown():
    def cut(case):
        case["weights"][0] = case["weights"][0][:-8]

    def rename(case):
        case["network"]["layers"][0]["type"] = "Magic"

    short, unknown = run([broken(a=cut), broken(a=rename)])
    assert "weights are used" in short["error"] or "do not fill" in short["error"]
    assert "unknown layer Magic" in unknown["error"]


def test_halves_are_what_numpy_makes_of_them():
    values = np.array([0.0, -1.5, 6.1e-5, 3e-7, 65504.0, 0.1])
    halves = np.frombuffer(base64.b64decode(live.pack([values])), "<f2")
    np.testing.assert_array_equal(halves, values.astype("float16"))


@pytest.mark.parametrize("value", [1e5, np.nan, np.inf])
def test_weights_that_16_bits_cannot_hold_are_refused(value):
    with pytest.raises(ValueError, match="16-bit"):
        live.pack([np.array([value])])


@pytest.mark.parametrize(
    ("build", "complaint"),
    [
        (lambda: model((5,), layers.Dense(3, activation="gelu")), "activation 'gelu'"),
        (lambda: model(STEPS, layers.GRU(3, reset_after=False)), "reset_after=False"),
        (lambda: model(WORDS, layers.Embedding(4, 2, mask_zero=True), dtype="int32"), "mask_zero"),
        (lambda: model((5,), layers.UnitNormalization()), "is a UnitNormalization"),
        (lambda: model(IMAGES, layers.Conv2D(2, 3, dilation_rate=2)), "dilation_rate"),
        (lambda: model(IMAGES, layers.Conv2D(3, 3, groups=3)), "groups=3"),
        (lambda: model((5,), layers.ReLU(threshold=1.0)), "threshold=1.0"),
        (lambda: model(STEPS, layers.Softmax(axis=1)), "axis=1"),
        (lambda: model(STEPS, layers.LayerNormalization(rms_scaling=True)), "rms_scaling"),
        (lambda: keras.Sequential([layers.Dense(3)], name="bare"), "'bare' has no weights yet"),
    ],
)
def test_models_that_the_engine_lacks_are_refused(build, complaint):
    with pytest.raises(ValueError, match=re.escape(complaint)):
        live.describe(build())


def test_a_model_grown_layer_by_layer_is_described_as_one_made_at_once():
    grown = keras.Sequential([keras.Input((5,))])
    for layer in (layers.Dense(4, name="first"), layers.ReLU(name="bend"), layers.Dense(3)):
        grown.add(layer)
    spec = live.describe(grown)
    assert [layer["inputs"] for layer in spec["layers"]] == [["input"], ["first"], ["bend"]]
    assert spec["output"] == spec["layers"][-1]["name"]


def test_what_is_no_model_is_refused():
    with pytest.raises(TypeError, match="Keras model, got str"):
        live.describe("model")


def test_several_inputs_are_refused():
    one, two = keras.Input((2,)), keras.Input((2,))
    with pytest.raises(ValueError, match="one input and one output"):
        live.describe(keras.Model([one, two], layers.Add()([one, two])))


class Display:
    def __init__(self, monkeypatch):
        self.bundles = []
        import IPython

        monkeypatch.setattr(IPython, "get_ipython", lambda: self)
        monkeypatch.setattr(IPython.display, "display", lambda b, raw: self.bundles.append(b))


def shown(monkeypatch, **changes):
    figure, _ = plt.subplots()
    display, made = Display(monkeypatch), MODELS["Dense"]()
    options = {"picture": figure, "alt": 'Two "lines".', "data": {"text": "</script><b>"}}
    live.show("neuron", made, np.ones((1, 5)), **(options | changes))
    return display.bundles[0], made, figure


def test_figure_holds_picture_and_payload(monkeypatch):
    bundle, _, figure = shown(monkeypatch)
    body = bundle["text/html"]
    assert bundle["text/plain"] == 'Two "lines".'
    assert base64.b64decode(bundle["image/png"]).startswith(b"\x89PNG")
    assert 'alt="Two &quot;lines&quot;."' in body
    assert "data:image/png;base64," in body
    assert body.count("</script>") == 1  # the data cannot end the script
    payload = json.loads(body.split('type="application/json">')[1].split("</script>")[0])
    assert payload["data"] == {"text": "</script><b>"}
    assert not plt.fignum_exists(figure.number)


def test_snapshots_are_stages_and_the_last_is_the_example(monkeypatch):
    made = MODELS["Dense"]()
    weights = made.get_weights()
    zeros = [np.zeros_like(weight) for weight in weights]
    bundle, _, _ = shown(monkeypatch, snapshots=[weights, zeros])
    payload = json.loads(bundle["text/html"].split('json">')[1].split("</script>")[0])
    assert len(payload["weights"]) == 2
    assert payload["example"]["output"]["data"] == [0, 0, 0]
    for now, before in zip(made.get_weights(), weights, strict=True):
        np.testing.assert_array_equal(now, before)  # showing changes nothing


def test_empty_alt_is_refused(monkeypatch):
    with pytest.raises(ValueError, match="alt is empty"):
        shown(monkeypatch, alt=" ")
