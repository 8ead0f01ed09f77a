"""Training on several devices at once: which strategy, and what to leave out of `compile`.

A chapter runs on one device unless you say otherwise. The page on several GPUs shows how a
chapter's `fit` is spread over all GPUs of a machine with the two functions here.
"""

from collections.abc import Sequence
from typing import Any

import tensorflow as tf

__all__ = ["compile_options", "strategy"]

# What `compile` takes and a mirrored strategy cannot do: both end in an error in the first step.
ONE_DEVICE_ONLY = ("jit_compile", "steps_per_execution")


def strategy(devices: Sequence[str] | None = None) -> tf.distribute.Strategy:
    """Choose how `fit` spreads its batches: over all GPUs, or not at all.

    Build and compile the model inside the strategy's `scope()`; call `fit` as ever. Every device
    holds a copy of the model and gets an equal part of each batch, and the gradients are added,
    so `batch_size` stays the number of examples per step.

    Args:
        devices: Names such as `"GPU:0"`, two or more of them, for a part of the GPUs or for other
            devices; by default every GPU in sight.

    Returns:
        TensorFlow's `MirroredStrategy` over the devices. With no GPU or a single one, TensorFlow's
        default strategy: its scope changes nothing.

    Raises:
        TypeError: If `devices` is a single text, not a list of them.
        ValueError: If fewer than two devices are named, one twice, or one that TensorFlow does not
            see; the message lists those that it sees.

    Example:
        >>> plan = strategy()
        >>> with plan.scope():
        ...     model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
        ...     model.compile("adam", "mse", **compile_options(plan, jit_compile=True))
    """
    if isinstance(devices, str):
        raise TypeError(f"devices must be a list of names, got {devices!r}: write [{devices!r}]")
    seen = [_short(device.name) for device in tf.config.list_logical_devices()]
    if devices is None:
        gpus = [name for name in seen if name.startswith("GPU:")]
        return tf.distribute.MirroredStrategy(gpus) if len(gpus) > 1 else _default()
    names = [_short(name) for name in devices]
    unknown = [name for name in names if name not in seen]
    if unknown:
        raise ValueError(f"no device {unknown[0]!r} here; TensorFlow sees {', '.join(seen)}")
    if len(set(names)) != len(names) or len(names) < 2:
        raise ValueError(f"name two or more different devices, or none for all GPUs; got {names}")
    return tf.distribute.MirroredStrategy(names)


def compile_options(plan: tf.distribute.Strategy, **wanted: Any) -> dict[str, Any]:
    """Leave out of the arguments for `compile` what several devices at once cannot do.

    Args:
        plan: As returned by `strategy`.
        wanted: Any arguments of a Keras model's `compile`.

    Returns:
        The arguments as they are for one device. For several, without XLA
        (`jit_compile=False` is set, because Keras would otherwise choose it on GPUs) and without
        `steps_per_execution`: both only save time, and change no result beyond rounding.

    Example:
        >>> compile_options(strategy(), loss="mse", steps_per_execution=10)
        {'loss': 'mse', 'steps_per_execution': 10}
    """
    if plan.num_replicas_in_sync == 1:
        return wanted
    kept = {name: value for name, value in wanted.items() if name not in ONE_DEVICE_ONLY}
    return kept | {"jit_compile": False}


def _default() -> tf.distribute.Strategy:
    return tf.distribute.get_strategy()


def _short(name: str) -> str:
    """Return "CPU:0" for "/device:CPU:0" and "/job:.../device:CPU:0"."""
    return name.rsplit("device:", 1)[-1].lstrip("/").upper()
