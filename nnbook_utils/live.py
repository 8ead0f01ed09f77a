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
    "Conv2DTranspose": ("strides", "padding", "activation"),
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
    "LeakyReLU": ("negative_slope",),
    "MaxPooling2D": ("pool_size", "strides", "padding"),
    "MultiHeadAttention": ("num_heads", "key_dim"),
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
    "max_value": (None,), "negative_slope": (0.0,), "output_padding": (None,),
    "output_shape": (None,), "reset_after": (True,), "rms_scaling": (False,),
    "stateful": (False,), "threshold": (0.0,),
}  # fmt: skip


def describe(model: Any, *, connected: bool = True, bits: int = 16) -> dict[str, Any]:
    """Return the layers of a Keras model as JSON values.

    Args:
        model: A Sequential or functional model with one input and one output, of the layers in
            `LAYERS`.
        connected: Whether the connections are described, too. Without them a model may have
            several inputs, and layers that the engine lacks; the figure's script puts the layers
            together itself.
        bits: Of a number in the weights that have two axes or more, 16 or 8.

    Returns:
        The names of input and output, and for each layer its name, type, inputs, settings and the
        names, shapes and bits of its weights, in the order of `model.weights`.

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
    if not connected:
        kept = [layer for layer in model.layers if layer.weights]
        return {"layers": [_described(layer, [], bits, known_only=False) for layer in kept]}
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
        if isinstance(model, keras.Sequential):  # grown by `add`, its layers know older inputs, too
            layers.append(_described(layer, [layers[-1]["name"] if layers else "input"], bits))
            continue
        sources = layer.input if isinstance(layer.input, list) else [layer.input]
        names[id(layer.output)] = layer.name
        if isinstance(layer, keras.layers.MultiHeadAttention):  # its input is the query alone
            sources = layer._inbound_nodes[0].input_tensors[:2]
        layers.append(_described(layer, [names[id(source)] for source in sources], bits))
    is_chain = isinstance(model, keras.Sequential) and layers
    output = layers[-1]["name"] if is_chain else names[id(model.outputs[0])]
    return {"input": "input", "output": output, "layers": layers}


def pack(values: Sequence[np.ndarray], bits: int = 16) -> str:
    """Return arrays as one text: base64 of little-endian 16-bit floats.

    Args:
        values: Arrays of numbers, no larger than 65,504 in absolute value.
        bits: With 8, arrays of two axes or more become bytes: a 16-bit scale for each place of the
            last axis, then whole numbers from -127 to 127.

    Raises:
        ValueError: If a number is too large for 16 bits, or not finite.

    Example:
        >>> pack([np.array([1.0])])
        'ADw='
    """
    parts = []
    for value in values:
        scales, numbers = _rounded(np.asarray(value), bits)
        parts += [scales.astype("<f2").tobytes(), numbers.tobytes()]
    return base64.b64encode(b"".join(parts)).decode("ascii")


def show(
    name: str,
    model: Any,
    example: np.ndarray | Sequence[np.ndarray],
    *,
    picture: Figure,
    alt: str,
    data: Mapping[str, Any],
    snapshots: Sequence[Sequence[np.ndarray]] = (),
    connected: bool = True,
    bits: int = 16,
) -> None:
    """Display a model as a live figure.

    Args:
        name: Of the figure's script in `web/live`, without `.js`.
        model: A trained model that `describe` accepts.
        example: One batch of inputs, with the batch's axis; a list of them for a model of several
            inputs. The browser's answer must be equal to the model's, with rounded weights, up to
            1e-4.
        picture: What is shown where nothing runs; it is closed.
        alt: What is to be seen in the picture, in words.
        data: What else the script needs, as JSON values.
        snapshots: Weights as from `model.get_weights()`, for a figure that shows several stages;
            by default those of now.
        connected: As in `describe`. Without connections the figure's script computes the answer:
            `nnLive.forward[name]`.
        bits: As in `describe`: 8 halves a large payload.

    Raises:
        TypeError: If `model` is no Keras model, or `data` holds what JSON cannot.
        ValueError: As `describe` and `pack`, or if `alt` is empty.

    Example:
        >>> show("neuron", model, points[:5], picture=plt.gcf(), alt="Points.",
        ...      data={})  # doctest: +SKIP
    """
    if not alt.strip():
        raise ValueError("alt is empty: say in words what is to be seen")
    network = describe(model, connected=connected, bits=bits)
    stages = [list(weights) for weights in snapshots] or [model.get_weights()]
    payload = {
        "network": network,
        "weights": [pack(weights, bits) for weights in stages],
        "example": _example(model, example, stages[-1], bits),
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


def _described(layer: Any, inputs: list[str], bits: int, known_only: bool = True) -> dict[str, Any]:
    kind = type(layer).__name__
    depth = 2 if kind == "MultiHeadAttention" else 1  # its weights belong to four layers inside
    weights = [
        ["_".join(w.path.split("/")[-depth:]), list(w.shape)]
        + ([8] if _in_bytes(w.shape, bits) else [])
        for w in layer.weights
    ]
    settings = _settings(layer) if known_only or kind in LAYERS else {}
    return {
        "name": layer.name,
        "type": kind,
        "inputs": inputs,
        "config": settings,
        "weights": weights,
    }


def _in_bytes(shape: Sequence[int], bits: int) -> bool:
    if bits not in (8, 16):
        raise ValueError(f"bits must be 8 or 16, got {bits!r}")
    return bits == 8 and len(shape) > 1


def _rounded(value: np.ndarray, bits: int) -> tuple[np.ndarray, np.ndarray]:
    """Return scales and bytes; without bytes the scales are the numbers."""
    in_bytes = _in_bytes(value.shape, bits)
    wanted = np.abs(value).max(axis=tuple(range(value.ndim - 1))) / 127 if in_bytes else value
    with np.errstate(over="ignore"):
        halves = np.asarray(wanted).astype("float16")
    if not (np.isfinite(halves).all() and np.isfinite(value).all()):
        raise ValueError("a weight is not finite, or too large for a 16-bit float (65,504)")
    if not in_bytes:
        return halves, np.zeros(0, "int8")
    scales = halves.astype("float32")
    numbers = np.round(value / np.where(scales == 0, 1, scales))
    return halves, np.clip(numbers, -127, 127).astype("int8")


def _settings(layer: Any) -> dict[str, Any]:
    kind, config = type(layer).__name__, layer.get_config()
    if kind not in LAYERS:
        raise ValueError(f"layer {layer.name!r} is a {kind}; the engine knows {', '.join(LAYERS)}")
    for name, allowed in PLAIN.items():
        if name not in LAYERS[kind] and config.get(name, allowed[0]) not in allowed:
            raise ValueError(
                f"layer {layer.name!r} has {name}={config[name]!r}, which the engine lacks"
            )
    if config.get("value_dim") not in (None, config.get("key_dim")):
        raise ValueError(f"layer {layer.name!r} has a value_dim of its own, which the engine lacks")
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


def _example(
    model: Any, example: Any, weights: Sequence[np.ndarray], bits: int = 16
) -> dict[str, Any]:
    """Return inputs and output with rounded weights, the model's own untouched."""
    inputs = [np.asarray(e) for e in (example if isinstance(example, list) else [example])]
    kept, rounded = model.get_weights(), []
    for weight in weights:
        scales, numbers = _rounded(weight, bits)
        values = scales.astype("float32") * numbers if numbers.size else scales
        rounded.append(values.astype(weight.dtype))
    try:
        model.set_weights(rounded)
        output = np.asarray(model(inputs if len(inputs) > 1 else inputs[0], training=False))
    finally:
        model.set_weights(kept)
    output = output.astype("float64").round(6)  # few letters; the browser is held to 1e-4
    tables = [
        {"shape": list(array.shape), "data": [float(str(v)) for v in np.ravel(array)]}
        for array in (*(each.astype("float32") for each in inputs), output)
    ]
    return {"inputs": tables[:-1], "output": tables[-1]}
