"""Rules that count multiply-adds, one per kind of layer."""

import math
from typing import Any, NamedTuple

import keras

Shape = tuple[int | None, ...]

KERNEL_LAYERS = (
    keras.layers.Dense,
    keras.layers.Conv1D,
    keras.layers.Conv2D,
    keras.layers.Conv3D,
    keras.layers.DepthwiseConv1D,
    keras.layers.DepthwiseConv2D,
)
TRANSPOSED_LAYERS = (keras.layers.Conv1DTranspose, keras.layers.Conv2DTranspose)
SEPARABLE_LAYERS = (keras.layers.SeparableConv1D, keras.layers.SeparableConv2D)
RECURRENT_LAYERS = (keras.layers.SimpleRNN, keras.layers.LSTM, keras.layers.GRU)
SCALING_LAYERS = (
    keras.layers.BatchNormalization,
    keras.layers.GroupNormalization,
    keras.layers.LayerNormalization,
    keras.layers.Normalization,
)
FREE_LAYERS = (keras.layers.Embedding,)
PRODUCTS = ("Matmul", "Einsum", "Dot", "Tensordot", "Attention", "AdditiveAttention")


class Call(NamedTuple):
    """One use of a layer in a model, with the batch axis first in every shape."""

    layer: Any
    inputs: tuple[Shape, ...]
    output: Shape


def calls_of(model: keras.Model) -> list[Call]:
    """Return every use of a layer between a model's inputs and outputs, in order.

    Raises:
        TypeError: If it is no Keras model.
        ValueError: If its graph is unknown: subclassed, or sequential and not built.
    """
    if not isinstance(model, keras.Model):
        raise TypeError(f"expected a Keras model, got {type(model).__name__}; pass the model")
    if not getattr(model, "outputs", None):
        raise ValueError(
            f"model {model.name!r} shows no inputs and outputs: start a Sequential model with "
            "keras.Input(shape), and write a subclassed model in the functional way"
        )
    calls: dict[tuple[int, int], Call] = {}
    for output in model.outputs:
        _visit(output, {id(tensor) for tensor in model.inputs}, calls)
    return list(calls.values())


def _visit(tensor: Any, inputs: set[int], calls: dict[tuple[int, int], Call]) -> None:
    history = tensor._keras_history
    key = (id(history.operation), history.node_index)
    if id(tensor) in inputs or key in calls:
        return
    node = history.operation._inbound_nodes[history.node_index]
    for parent in node.input_tensors:
        _visit(parent, inputs, calls)
    shapes = tuple(parent.shape for parent in node.input_tensors)
    calls[key] = Call(history.operation, shapes, node.output_tensors[0].shape)


def built_call(layer: keras.layers.Layer) -> Call:
    """Return the use of a layer that its build recorded.

    Raises:
        ValueError: If it has not been built.
    """
    shape = (layer.get_build_config() or {}).get("input_shape") if layer.built else None
    if shape is None and layer.built and not layer.weights:
        return Call(layer, (), ())
    if shape is None:
        raise ValueError(
            f"layer {layer.name!r} has not seen one input yet, so its sizes are unknown: call it "
            "on data or a keras.Input first, or pass the whole model"
        )
    return Call(layer, (tuple(shape),), layer.compute_output_shape(shape))


def count(call: Call) -> int:
    """Return the multiply-adds of one use of a layer, per example.

    Raises:
        TypeError: If the layer has weights or products that have no rule here.
        ValueError: If an axis other than the batch has no fixed size.
    """
    layer = call.layer
    if isinstance(layer, keras.Model):
        return sum(count(inner) for inner in calls_of(layer))
    if isinstance(layer, KERNEL_LAYERS):
        return _positions(layer, call.output) * _size(layer.kernel)
    if isinstance(layer, TRANSPOSED_LAYERS):
        return _positions(layer, call.inputs[0]) * _size(layer.kernel)
    if isinstance(layer, SEPARABLE_LAYERS):
        kernels = _size(layer.depthwise_kernel) + _size(layer.pointwise_kernel)
        return _positions(layer, call.output) * kernels
    if isinstance(layer, RECURRENT_LAYERS):
        return _fixed(layer, call.inputs[0][1:2]) * _cell_size(layer.cell)
    if isinstance(layer, SCALING_LAYERS):
        return _fixed(layer, call.output[1:])
    if isinstance(layer, keras.layers.Bidirectional):
        both = (layer.forward_layer, layer.backward_layer)
        return sum(count(Call(one, call.inputs, call.output)) for one in both)
    if isinstance(layer, keras.layers.TimeDistributed):
        return _fixed(layer, call.inputs[0][1:2]) * count(built_call(layer.layer))
    if isinstance(layer, keras.layers.MultiHeadAttention):
        return _attention(call)
    return _without_rule(layer)


def _without_rule(layer: Any) -> int:
    is_free = isinstance(layer, FREE_LAYERS) or not getattr(layer, "weights", [])
    if is_free and type(layer).__name__ not in PRODUCTS:
        return 0
    raise TypeError(
        f"no rule counts the multiply-adds of {type(layer).__name__} {layer.name!r}; count it by "
        "hand and add it to the sum of the other layers"
    )


def _positions(layer: Any, shape: Shape) -> int:
    """Return at how many places per example the kernel is applied."""
    if getattr(layer, "data_format", "channels_last") == "channels_first":
        return _fixed(layer, shape[2:])
    return _fixed(layer, shape[1:-1])


def _attention(call: Call) -> int:
    layer, query = call.layer, call.inputs[0]
    value = call.inputs[1] if len(call.inputs) > 1 else query
    config = layer.get_config()
    n_queries, n_values = (_fixed(layer, shape[1:-1]) for shape in (query, value))
    key_width = config["num_heads"] * config["key_dim"]
    value_width = config["num_heads"] * (config["value_dim"] or config["key_dim"])
    projections = n_queries * query[-1] * key_width + n_values * value[-1] * (
        key_width + value_width
    )
    mixing = n_queries * n_values * (key_width + value_width)
    return projections + mixing + n_queries * value_width * call.output[-1]


def _cell_size(cell: Any) -> int:
    return _size(cell.kernel) + _size(cell.recurrent_kernel)


def _size(weight: Any) -> int:
    return math.prod(weight.shape)


def _fixed(layer: Any, sizes: Shape) -> int:
    if any(size is None for size in sizes):
        raise ValueError(
            f"layer {layer.name!r} has an axis without a fixed size, {tuple(sizes)}; build the "
            "model with a full shape, for example keras.Input((200, 8)), to count"
        )
    return math.prod(sizes)
