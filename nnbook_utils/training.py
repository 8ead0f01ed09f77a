"""Bookkeeping around training: progress, time, parameters and multiply-adds.

Nothing here takes both a model and data: training itself stands in the chapters.
"""

import gc
import time

import keras
import pandas as pd
from tqdm import tqdm

from nnbook_utils._counting import built_call, calls_of, count

__all__ = [
    "EpochTimes",
    "Stopwatch",
    "layer_table",
    "multiply_adds",
    "progress",
    "restart",
    "timed",
]


class Stopwatch:
    """Seconds since the block began, or that the block took once it has ended."""

    def __init__(self):
        self._started = self._stopped = None

    @property
    def seconds(self) -> float:
        """Elapsed seconds as a float.

        Raises:
            RuntimeError: If the block has not begun.
        """
        if self._started is None:
            raise RuntimeError("the stopwatch has not started; use it as `with timed() as watch:`")
        return (self._stopped or time.perf_counter()) - self._started

    def __enter__(self) -> "Stopwatch":
        self._started, self._stopped = time.perf_counter(), None
        return self

    def __exit__(self, *error: object) -> None:
        self._stopped = time.perf_counter()


class EpochTimes(keras.callbacks.Callback):
    """Keras callback that notes when each epoch ended, to draw a metric against time.

    Attributes:
        seconds: One float per epoch, seconds since `fit` began; a new list for every `fit`.

    Example:
        >>> times = EpochTimes()
        >>> history = model.fit(x, y, callbacks=[times], verbose=0)  # doctest: +SKIP
        >>> plt.plot(times.seconds, history.history["loss"])  # doctest: +SKIP
    """

    def __init__(self):
        super().__init__()
        self.seconds: list[float] = []
        self._watch = Stopwatch()

    def on_train_begin(self, logs: dict[str, float] | None = None) -> None:
        """Start the clock."""
        self.seconds = []
        self._watch.__enter__()

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Note the time."""
        self.seconds.append(self._watch.seconds)


class _Progress(keras.callbacks.Callback):
    """Counts training steps; the numbers behind the bar are those of the last full epoch."""

    async_safe = True  # the step hook reads no losses, so steps need not wait for it

    def __init__(self):
        super().__init__()
        self._bar = None

    def on_train_begin(self, logs: dict[str, float] | None = None) -> None:
        n_epochs, n_steps = self.params["epochs"], self.params.get("steps")
        total = n_epochs * n_steps if n_steps else None
        self._bar = tqdm(total=total, desc=f"epoch 0/{n_epochs}", unit="step", leave=True)
        self._epoch_start = 0

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        self._epoch_start = self._bar.n
        self._bar.set_description(f"epoch {epoch + 1}/{self.params['epochs']}", refresh=False)

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
        n_done = min(batch + 1, self.params.get("steps") or batch + 1)
        self._bar.update(max(0, self._epoch_start + n_done - self._bar.n))

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        self._bar.set_postfix(
            {name: f"{value:.4g}" for name, value in (logs or {}).items()}, refresh=False
        )

    def on_train_end(self, logs: dict[str, float] | None = None) -> None:
        self._bar.close()


def progress() -> keras.callbacks.Callback:
    """Return a Keras callback that draws one progress bar per `fit`, on stderr.

    Being on stderr it is live in Jupyter and Colab and absent from the built page.

    Returns:
        A callback; pass `verbose=0` to `fit`, or Keras draws its own bars too.

    Example:
        >>> model.fit(x, y, verbose=0, callbacks=[progress()])  # doctest: +SKIP
    """
    return _Progress()


def restart(model: keras.Model, seed: int) -> None:
    """Set a compiled model back to before its first `fit`, with new random weights.

    Compiling again would trace the model again, which often takes longer than training it here.

    Args:
        model: A built and compiled model. Its weights are drawn anew by the initialisers of its
            layers, and its optimiser forgets all steps; a constant learning rate stays.
        seed: Passed to `keras.utils.set_random_seed`, so it decides the order of batches too.

    Raises:
        TypeError: If `model` is no Keras model.
        ValueError: If the model is not compiled or not built.

    Example:
        >>> model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)])
        >>> model.compile("adam", "mse")
        >>> history = model.fit(keras.ops.ones((8, 4)), keras.ops.zeros((8, 3)), verbose=0)
        >>> int(model.optimizer.iterations)
        1
        >>> restart(model, seed=0)
        >>> int(model.optimizer.iterations)
        0
    """
    if not isinstance(model, keras.Model):
        raise TypeError(f"model must be a Keras model, got {type(model).__name__}")
    if not model.built:
        raise ValueError(f"model {model.name!r} has no weights yet: give it an Input, or call it")
    if getattr(model, "optimizer", None) is None:
        raise ValueError(f"model {model.name!r} has no optimiser: call its compile method first")
    gc.collect()  # gives back what the last training held
    keras.utils.set_random_seed(seed)
    model.set_weights(keras.models.clone_model(model).get_weights())
    for variable in model.optimizer.variables:
        if variable.name != "learning_rate":
            variable.assign(keras.ops.zeros_like(variable))


def timed() -> Stopwatch:
    """Measure the seconds of a `with` block.

    Returns:
        A context manager whose `seconds` can be read inside the block and after it.

    Example:
        >>> with timed() as watch:
        ...     total = sum(range(1000))
        >>> watch.seconds < 60
        True
    """
    return Stopwatch()


def layer_table(model: keras.Model) -> pd.DataFrame:
    """Tabulate a model's layers.

    Args:
        model: A built functional or sequential model.

    Returns:
        A table with one row per layer, inputs left out; columns `layer` (name), `type`,
        `output shape` (without the batch), `parameters` and `multiply-adds` (per example, all uses
        of the layer together).

    Raises:
        TypeError: If `model` is no Keras model, or a layer cannot be counted.
        ValueError: If the model is not built or a shape is not fixed.

    Example:
        >>> inputs = keras.Input((4,))
        >>> model = keras.Model(inputs, keras.layers.Dense(3, name="scores")(inputs))
        >>> layer_table(model)
            layer   type output shape  parameters  multiply-adds
        0  scores  Dense         (3,)          15             12
    """
    calls = [call for call in calls_of(model) if isinstance(call.layer, keras.layers.Layer)]
    rows = {}
    for call in calls:
        row = rows.setdefault(
            id(call.layer),
            {
                "layer": call.layer.name,
                "type": type(call.layer).__name__,
                "output shape": tuple(call.output[1:]),
                "parameters": call.layer.count_params(),
                "multiply-adds": 0,
            },
        )
        row["multiply-adds"] += count(call)
    columns = ["layer", "type", "output shape", "parameters", "multiply-adds"]
    return pd.DataFrame(list(rows.values()), columns=columns)


def multiply_adds(model_or_layer: keras.layers.Layer) -> int:
    """Count the multiplications, each with its addition, of one forward pass of one example.

    Matrix products and convolutions are counted; so is the scaling in normalisation layers, once
    per value. Biases, activations, pooling and look-ups are free. Transposed convolutions count
    every product with their input, cropped borders included.

    Args:
        model_or_layer: A built functional or sequential model, or a layer that has been built.

    Returns:
        Number of multiply-adds, a whole number.

    Raises:
        TypeError: If it is no Keras layer, or has weights or products that have no rule here.
        ValueError: If it is not built, or an axis other than the batch has no fixed size.

    Example:
        >>> inputs = keras.Input((30,))
        >>> multiply_adds(keras.Model(inputs, keras.layers.Dense(16)(inputs)))
        480
    """
    if isinstance(model_or_layer, keras.Model):
        return sum(count(call) for call in calls_of(model_or_layer))
    if not isinstance(model_or_layer, keras.layers.Layer):
        raise TypeError(
            f"expected a Keras model or layer, got {type(model_or_layer).__name__}; pass the model"
        )
    return count(built_call(model_or_layer))
