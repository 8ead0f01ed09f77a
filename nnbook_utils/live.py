"""Live figures: a trained Keras model, inside the cell's output, that the reader's browser runs.

The output holds a picture for where no script runs (Colab, a PDF), the model's layers, its weights
as 16-bit floats and one example. On the book's pages `web/live` computes the example first, and
replaces the picture only if it comes out as here.
"""

import base64
import html
import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from nnbook_utils import _display

__all__ = ["describe", "pack", "show"]

# What the engine in web/live/engine.js has, and the settings it reads.
LAYERS = {
    "Activation": ("activation",),
    "Add": (),
    "AveragePooling2D": ("pool_size", "strides", "padding"),
    "BatchNormalization": ("epsilon",),
    "Concatenate": (),
    "Conv2D": ("strides", "padding", "activation"),
    "Dense": ("activation",),
    "Dropout": (),
    "Embedding": (),
    "Flatten": (),
    "GRU": ("units", "activation", "recurrent_activation", "return_sequences"),
    "GlobalAveragePooling2D": (),
    "GlobalMaxPooling1D": (),
    "GlobalMaxPooling2D": (),
    "LSTM": ("units", "activation", "recurrent_activation", "return_sequences"),
    "LayerNormalization": ("epsilon",),
    "MaxPooling2D": ("pool_size", "strides", "padding"),
    "ReLU": (),
    "Reshape": ("target_shape",),
    "SimpleRNN": ("units", "activation", "return_sequences"),
    "Softmax": (),
}
ACTIVATIONS = {"linear", "relu", "sigmoid", "softmax", "tanh"}
# Settings with which a layer computes something that the engine does not: name -> what it may be.
PLAIN = {
    "data_format": ("channels_last",), "dilation_rate": ((1, 1), [1, 1]),
    "go_backwards": (False,), "groups": (1,), "keepdims": (False,), "mask_zero": (False,),
    "max_value": (None,), "negative_slope": (0.0,), "reset_after": (True,), "rms_scaling": (False,),
    "stateful": (False,), "threshold": (0.0,),
}  # fmt: skip


def describe(model: Any) -> dict[str, Any]:
    """Return the layers of a Keras model as JSON values.

    Args:
        model: A Sequential or functional model with one input and one output, of the layers in
            `LAYERS`.

    Returns:
        The names of input and output, and for each layer its name, type, inputs, settings and the
        names and shapes of its weights, in the order of `model.weights`.

    Raises:
        TypeError: If `model` is no Keras model.
        ValueError: If it is not built, has several inputs or outputs, or a layer that the engine
            does not know.

    Example:
        >>> import keras
        >>> model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3, name="last")])
        >>> describe(model)["layers"][0]["weights"]
        [['kernel', [2, 3]], ['bias', [3]]]
    """
    import keras

    if not isinstance(model, keras.Model):
        raise TypeError(f"model must be a Keras model, got {type(model).__name__}")
    if not model.built:
        raise ValueError(f"model {model.name!r} has no weights yet: give it an Input, or call it")
    if len(model.inputs) != 1 or len(model.outputs) != 1:
        raise ValueError(
            f"a live model has one input and one output; {model.name!r} has "
            f"{len(model.inputs)} and {len(model.outputs)}"
        )
    names: dict[int, str] = {id(model.inputs[0]): "input"}
    layers = []
    for layer in model.layers:
        if isinstance(layer, keras.layers.InputLayer):
            names[id(layer.output)] = "input"
            continue
        sources = layer.input if isinstance(layer.input, list) else [layer.input]
        names[id(layer.output)] = layer.name
        layers.append(
            {
                "name": layer.name,
                "type": type(layer).__name__,
                "inputs": [names[id(source)] for source in sources],
                "config": _settings(layer),
                "weights": [[w.path.split("/")[-1], list(w.shape)] for w in layer.weights],
            }
        )
    return {"input": "input", "output": names[id(model.outputs[0])], "layers": layers}


def pack(values: Sequence[np.ndarray]) -> str:
    """Return arrays as one text: base64 of little-endian 16-bit floats.

    Args:
        values: Arrays of numbers, no larger than 65,504 in absolute value.

    Raises:
        ValueError: If a number is too large for 16 bits, or not finite.

    Example:
        >>> pack([np.array([1.0])])
        'ADw='
    """
    flat = np.concatenate([np.ravel(value) for value in values]) if len(values) else np.zeros(0)
    with np.errstate(over="ignore"):
        halves = flat.astype("<f2")
    if not np.isfinite(halves).all():
        raise ValueError("a weight is not finite, or too large for a 16-bit float (65,504)")
    return base64.b64encode(halves.tobytes()).decode("ascii")


def show(
    name: str,
    model: Any,
    example: np.ndarray,
    *,
    picture: Figure,
    alt: str,
    data: Mapping[str, Any],
    snapshots: Sequence[Sequence[np.ndarray]] = (),
) -> None:
    """Display a model as a live figure.

    Args:
        name: Of the figure's script in `web/live`, without `.js`.
        model: A trained model that `describe` accepts.
        example: One batch of inputs, with the batch's axis. The browser's answer to it must be
            equal to the model's, with rounded weights, up to 1e-4.
        picture: What is shown where nothing runs; it is closed.
        alt: What is to be seen in the picture, in words.
        data: What else the script needs, as JSON values.
        snapshots: Weights as from `model.get_weights()`, for a figure that shows several stages;
            by default those of now.

    Raises:
        TypeError: If `model` is no Keras model, or `data` holds what JSON cannot.
        ValueError: As `describe` and `pack`, or if `alt` is empty.

    Example:
        >>> show("neuron", model, points[:5], picture=plt.gcf(), alt="Points.",
        ...      data={})  # doctest: +SKIP
    """
    if not alt.strip():
        raise ValueError("alt is empty: say in words what is to be seen")
    network = describe(model)
    stages = [list(weights) for weights in snapshots] or [model.get_weights()]
    payload = {
        "network": network,
        "weights": [pack(weights) for weights in stages],
        "example": _example(model, np.asarray(example, "float32"), stages[-1]),
        "data": dict(data),
    }
    record = json.dumps(payload, separators=(",", ":"), allow_nan=False).replace("</", "<\\/")
    png = io.BytesIO()
    picture.savefig(png, format="png")
    plt.close(picture)
    image = base64.b64encode(png.getvalue()).decode("ascii")
    words = html.escape(alt)
    body = (
        f'<div class="nn-live" data-figure="{html.escape(name)}">'
        f'<img class="nn-live-picture" alt="{words}" src="data:image/png;base64,{image}">'
        f'<script type="application/json">{record}</script></div>'
    )
    _display.show(alt, body, "image/png", image)


def _settings(layer: Any) -> dict[str, Any]:
    kind, config = type(layer).__name__, layer.get_config()
    if kind not in LAYERS:
        raise ValueError(f"layer {layer.name!r} is a {kind}; the engine knows {', '.join(LAYERS)}")
    for name, allowed in PLAIN.items():
        if config.get(name, allowed[0]) not in allowed:
            raise ValueError(
                f"layer {layer.name!r} has {name}={config[name]!r}, which the engine lacks"
            )
    axes, last = list(np.ravel(config.get("axis", -1))), len(layer.output.shape) - 1
    if axes not in ([-1], [last]):
        raise ValueError(
            f"layer {layer.name!r} has axis={config['axis']!r}; the engine has the last"
        )
    settings = {name: config[name] for name in LAYERS[kind]}
    if kind == "Reshape":
        settings["target_shape"] = list(layer.output.shape[1:])  # without -1
    for name in ("activation", "recurrent_activation"):
        if settings.get(name, "linear") not in ACTIVATIONS:
            raise ValueError(
                f"layer {layer.name!r} has {name} {settings[name]!r}: not in the engine"
            )
    return settings


def _example(model: Any, example: np.ndarray, weights: Sequence[np.ndarray]) -> dict[str, Any]:
    """Return input and output with rounded weights, the model's own untouched."""
    kept = model.get_weights()
    try:
        model.set_weights([weight.astype("float16").astype(weight.dtype) for weight in weights])
        output = np.asarray(model(example, training=False))
    finally:
        model.set_weights(kept)
    return {
        "input": {"shape": list(example.shape), "data": [float(v) for v in example.ravel()]},
        "output": {"shape": list(output.shape), "data": [float(v) for v in output.ravel()]},
    }
