"""Bookkeeping around training: progress, time, parameters and multiply-adds.

Nothing here takes both a model and data: training itself stands in the chapters.
"""

import gc
import time
from collections.abc import Callable, Sequence

import keras
import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from tqdm import tqdm

from nnbook_utils._counting import built_call, calls_of, count
from nnbook_utils._tensorflow import seed_all

__all__ = [
    "EpochTimes",
    "SideBySide",
    "Stopwatch",
    "layer_table",
    "multiply_adds",
    "progress",
    "restart",
    "timed",
]

clock: Callable[[], float] = time.perf_counter  # benchmarks put processor time in its place


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
        return (self._stopped or clock()) - self._started

    def __enter__(self) -> "Stopwatch":
        self._started, self._stopped = clock(), None
        return self

    def __exit__(self, *error: object) -> None:
        self._stopped = clock()


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
        _build_optimizer(self.model)
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


class SideBySide(keras.layers.Layer):
    """A cell for `keras.layers.RNN`: several cells of one kind that share nothing but their inputs.

    Several starts of a small recurrent network are trained in one `fit`, in a fraction of the
    time that they take one after another. What kind of cell it is, `step` says.

    Args:
        step: Called as `step(x, states, *weights)`, with x (1, batch, features), a list of
            `n_states` states (cells, batch, units), and the weights of all cells, stacked on a
            leading axis of cells. It returns the new states; the first of them is the output.
        starts: For each cell its weights, as arrays; the second of them is the recurrent kernel,
            whose first axis counts the units, as in the layers of Keras.
        n_states: How many states the cell has; they begin as zeros.

    Attributes:
        n_cells, n_units: Number of cells, and of units in each.
        stacked: The trainable variables, in the order of `starts[0]`, with the axis of cells first.

    The output of the layer is (batch, cells * units), to be reshaped to (batch, cells, units).

    Raises:
        TypeError: If `step` cannot be called.
        ValueError: If there is no start, if the starts differ in number or shapes of weights, or
            if `n_states` is below 1.

    Example:
        >>> def tanh_cells(x, states, kernel, recurrent, bias):
        ...     return (keras.ops.tanh(x @ kernel + states[0] @ recurrent + bias[:, None]),)
        >>> starts = [(np.ones((2, 4)), np.eye(4), np.zeros(4))] * 3
        >>> layer = keras.layers.RNN(SideBySide(tanh_cells, starts))
        >>> layer(np.zeros((5, 7, 2), "float32")).shape
        TensorShape([5, 12])
    """

    def __init__(
        self, step: Callable, starts: Sequence[Sequence[ArrayLike]], n_states: int = 1
    ) -> None:
        super().__init__()
        if not callable(step):
            raise TypeError(f"step must be a function, got {type(step).__name__}")
        if n_states < 1:
            raise ValueError(f"n_states must be at least 1, got {n_states}")
        shapes = {tuple(np.shape(weight) for weight in start) for start in starts}
        if len(shapes) != 1 or len(next(iter(shapes))) < 2:
            raise ValueError(
                "starts must hold, for at least one cell, kernel, recurrent kernel and what else "
                f"the cell has, in equal shapes for all cells; got the shapes {sorted(shapes)}"
            )
        weights = [np.stack(values) for values in zip(*starts, strict=True)]
        self.step, self.n_cells, self.n_units = step, len(starts), weights[1].shape[1]
        self.output_size = self.n_cells * self.n_units
        self.state_size = [self.output_size] * n_states
        self.stacked = [self.add_weight(shape=values.shape) for values in weights]
        for variable, values in zip(self.stacked, weights, strict=True):
            variable.assign(values)

    def call(self, inputs, states):
        """Take one step: inputs (batch, features) and flat states to the output and new states."""
        ops, apart = keras.ops, (-1, self.n_cells, self.n_units)
        states = [ops.swapaxes(ops.reshape(state, apart), 0, 1) for state in states]
        states = self.step(inputs[None], states, *self.stacked)
        flat = [ops.reshape(ops.swapaxes(state, 0, 1), (-1, self.output_size)) for state in states]
        return flat[0], flat


def progress() -> keras.callbacks.Callback:
    """Return a Keras callback that draws one progress bar per `fit`, on stderr.

    Being on stderr it is live in Jupyter and Colab and absent from the built page. It also has
    the optimiser make its variables before the first step: the step is then traced once, not
    twice, which for a deep model saves many seconds and changes no number.

    Returns:
        A callback; pass `verbose=0` to `fit`, or Keras draws its own bars too.

    Example:
        >>> model.fit(x, y, verbose=0, callbacks=[progress()])  # doctest: +SKIP
    """
    return _Progress()


def restart(model: keras.Model, seed: int) -> None:
    """Set a compiled model back to before its first `fit`, with new random weights.

    Compiling again would trace the model again, and seeding by `keras.utils.set_random_seed` would
    throw away what TensorFlow has prepared to run it; both often take longer than training here.

    Args:
        model: A built and compiled model. Its weights are drawn anew by the initialisers of its
            layers, its dropout begins again, and its optimiser forgets all steps; a constant
            learning rate stays.
        seed: Seeds Python, NumPy, Keras and TensorFlow, so it decides the order of batches too.

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
    _build_optimizer(model)
    seed_all(seed)
    model.compiled = False  # else the copy is compiled too, which fails with a loss of one's own
    try:
        fresh = keras.models.clone_model(model)
    finally:
        model.compiled = True
    model.set_weights(fresh.get_weights())
    for state, fresh_state in zip(_random_states(model), _random_states(fresh), strict=True):
        state.assign(fresh_state)
    for variable in model.optimizer.variables:
        if variable.name != "learning_rate":
            variable.assign(keras.ops.zeros_like(variable))


def _random_states(model: keras.Model) -> list[keras.Variable]:
    """What dropout and the like draw from: no weights, so `set_weights` leaves them alone."""
    return [variable for variable in model.variables if variable.name == "seed_generator_state"]


def _build_optimizer(model: keras.Model) -> None:
    """Make the optimiser's variables now: TensorFlow traces a step again if it makes variables."""
    optimizer = getattr(model, "optimizer", None)
    if model.built and optimizer is not None and not optimizer.built:
        optimizer.build(model.trainable_variables)


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
