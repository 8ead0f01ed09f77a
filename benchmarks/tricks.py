"""What each trick gains by itself: `python -m benchmarks.tricks [WORD...]`.

A trick is two trainings that differ in one thing. Both run on the quick profile's data, with the
same seeds, once before the clock counts, so that tracing and compiling are left out.
"""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from benchmarks.records import ROOT
from benchmarks.worker import circumstances, keep_to_one_device
from nnbook_utils._record_files import write_atomically

RESULTS = ROOT / "results" / "tricks.json"
SEEDS = (0, 1)
GAPS = (0, 10, 40)  # neutral words at the end of a review, so that lengths differ

__all__ = ["RESULTS", "TRICKS", "Trick", "main"]


@dataclass(frozen=True)
class Trick:
    """One change of a training.

    Attributes:
        name: The change, for people.
        task: What is trained, for people.
        plain: A function from seed to the run without it.
        changed: A function from seed to the run with it.
    """

    name: str
    task: str
    plain: Callable[[int], dict[str, Any]]
    changed: Callable[[int], dict[str, Any]]


def fit(
    model: Any,
    examples: Any,
    validation: tuple,
    seed: int,
    n_epochs: int,
    cleared: bool = False,
    **compiling: Any,
) -> dict[str, Any]:
    """Train twice, the second time on the clock; return seconds and validation scores.

    `cleared`: TensorFlow's kernels are cleared in between, as Keras' own seeding does.
    """
    import keras

    from nnbook_utils import training

    model.compile(
        **{"optimizer": "adam", "metrics": ["accuracy"], "jit_compile": False} | compiling
    )
    times = training.EpochTimes()
    for epochs in (1, n_epochs):
        training.restart(model, seed)
        if cleared:
            keras.utils.set_random_seed(seed)
        history = model.fit(
            examples, epochs=epochs, verbose=0, callbacks=[times], validation_data=validation
        )
    scores = history.history["val_accuracy"]
    return {"seconds": times.seconds, "scores": scores, "total": times.seconds[-1]}


def digits(
    seed: int,
    batch_size: int = 32,
    cached: bool = False,
    prefetched: bool = False,
    one_cycle: bool = False,
    n_more_layers: int = 0,
    n_epochs: int = 4,
    **compiling: Any,
) -> dict[str, Any]:
    """A small convolutional network on the sample of MNIST, its images enlarged on the way."""
    import keras
    import tensorflow as tf
    from keras import layers

    from nnbook_utils import data

    train, validation, _ = data.load_mnist_sample()

    def enlarged(images, labels):  # (batch, 28, 28) to (batch, 32, 32, 1)
        return tf.image.resize(images[..., None], (32, 32)), labels

    def batches(part):
        return tf.data.Dataset.from_tensor_slices(tuple(part[:2])).batch(batch_size).map(enlarged)

    examples = batches(train)
    examples = examples.cache() if cached else examples
    examples = examples.prefetch(2) if prefetched else examples
    model = keras.Sequential([keras.Input((32, 32, 1))])
    for n_filters in (16, 32):
        model.add(layers.Conv2D(n_filters, 3, strides=2, activation="relu"))
    for _ in range(n_more_layers):
        model.add(layers.Conv2D(32, 3, padding="same", activation="relu"))
        model.add(layers.BatchNormalization())
    model.add(layers.Flatten())
    model.add(layers.Dense(10))
    rate = 1e-3
    if one_cycle:
        n_steps = n_epochs * len(examples)
        rate = keras.optimizers.schedules.CosineDecay(
            1e-4, n_steps - n_steps // 4, warmup_target=5e-3, warmup_steps=n_steps // 4
        )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    adam = keras.optimizers.Adam(rate)
    checked = batches(validation).cache()
    return fit(model, examples, checked, seed, n_epochs, optimizer=adam, loss=loss, **compiling)


def table(seed: int, **compiling: Any) -> dict[str, Any]:
    """A small multilayer perceptron on the breast-cancer table."""
    import keras
    import tensorflow as tf
    from keras import layers

    from nnbook_utils import data

    train, validation, _ = data.load_breast_cancer()
    mean, spread = train.features.mean(0), train.features.std(0)
    train, validation = (
        ((part.features - mean) / spread, part.labels) for part in (train, validation)
    )
    model = keras.Sequential([keras.Input((train[0].shape[1],)), layers.Dense(16, "relu")])
    model.add(layers.Dense(1, "sigmoid"))
    examples = tf.data.Dataset.from_tensor_slices(train).batch(8)
    return fit(model, examples, validation, seed, 10, loss="binary_crossentropy", **compiling)


def word_numbers() -> tuple[tuple[list[np.ndarray], np.ndarray], ...]:
    """Return training and validation reviews as arrays of word numbers from 1, and labels."""
    from nnbook_utils import data

    parts = [data.make_reviews(400, gap=gap, seed=gap) for gap in GAPS]
    train, validation = (
        (
            np.concatenate([part[place].texts for part in parts]),
            np.concatenate([part[place].labels for part in parts]),
        )
        for place in (0, 1)
    )
    known = {word for text in train[0] for word in text.split()}
    numbers = {word: number for number, word in enumerate(sorted(known), start=1)}
    return tuple(
        ([np.array([numbers.get(word, 0) for word in text.split()]) for text in texts], labels)
        for texts, labels in (train, validation)
    )


def padded(rows: list[np.ndarray], n_words: int, left: bool = True) -> np.ndarray:
    """Return the last `n_words` numbers of each row, filled up with zeros: (rows, n_words)."""
    out = np.zeros((len(rows), n_words), "int32")
    for number, row in enumerate(rows):
        kept = row[-n_words:]
        out[number, slice(n_words - len(kept), None) if left else slice(len(kept))] = kept
    return out


def reviews(
    seed: int,
    kind: str = "LSTM",
    n_words: int = 0,
    right_with_mask: bool = False,
    recurrent_dropout: float = 0.0,
    batch_padding: str = "",
    use_cudnn: bool | str = "auto",
    **compiling: Any,
) -> dict[str, Any]:
    """A recurrent network on made reviews; `batch_padding` is "longest" or "own" for buckets."""
    import keras
    import tensorflow as tf
    from keras import layers

    (rows, labels), (checked, checked_labels) = word_numbers()
    longest = max(map(len, rows + checked))
    n_known = int(max(map(max, rows)))
    n_words, left = n_words or longest, not (right_with_mask or batch_padding)
    words = keras.Input((None if batch_padding else n_words,), dtype="int32")
    vectors = layers.Embedding(1 + n_known, 16, mask_zero=not left)(words)
    layer = getattr(layers, kind)(32, recurrent_dropout=recurrent_dropout, use_cudnn=use_cudnn)
    model = keras.Model(words, layers.Dense(1, "sigmoid")(layer(vectors)))

    if batch_padding:
        order = np.argsort([len(row) for row in rows], kind="stable")
        batches = np.array_split(order, len(rows) // 32)

        def in_turn():
            for number in np.random.default_rng(seed).permutation(len(batches)):
                batch = [rows[row] for row in batches[number]]
                width = max(map(len, batch)) if batch_padding == "own" else longest
                yield padded(batch, width, left=False), labels[batches[number]][:, None]

        shapes = tf.TensorSpec((None, None), "int32"), tf.TensorSpec((None, 1), "int32")
        examples = tf.data.Dataset.from_generator(in_turn, output_signature=shapes)
        examples = examples.apply(tf.data.experimental.assert_cardinality(len(batches)))
    else:
        examples = (padded(rows, n_words, left), labels[:, None])
        examples = tf.data.Dataset.from_tensor_slices(examples)
        examples = examples.shuffle(len(rows), seed=seed).batch(32, drop_remainder=True)
    validation = padded(checked, n_words, left), checked_labels[:, None]
    adam = keras.optimizers.Adam(5e-3)
    loss = "binary_crossentropy"
    return fit(model, examples, validation, seed, 4, optimizer=adam, loss=loss, **compiling)


def _pairs() -> tuple[Trick, ...]:
    cnn, lstm = "digits, convolutional network", "made reviews, LSTM"
    xla = {"jit_compile": True, "use_cudnn": False}
    bucket = partial(reviews, batch_padding="own")
    return (
        Trick("cache() after the pipeline's work", cnn, digits, partial(digits, cached=True)),
        Trick("prefetch(2)", cnn, digits, partial(digits, prefetched=True)),
        Trick("batches of 128 for 32", cnn, digits, partial(digits, batch_size=128)),
        Trick("one-cycle schedule", cnn, digits, partial(digits, one_cycle=True)),
        Trick(
            "steps_per_execution=25",
            "breast cancer, multilayer perceptron",
            table,
            partial(table, steps_per_execution=25),
        ),
        Trick(
            "kernels kept between trainings",
            "digits, convolutional network, ten layers",
            partial(digits, n_more_layers=8, cleared=True),
            partial(digits, n_more_layers=8),
        ),
        Trick("no recurrent_dropout", lstm, partial(reviews, recurrent_dropout=0.2), reviews),
        Trick("last 30 words alone", lstm, reviews, partial(reviews, n_words=30)),
        Trick("XLA", lstm, reviews, partial(reviews, **xla)),
        Trick(
            "XLA",
            "made reviews, GRU",
            partial(reviews, kind="GRU"),
            partial(reviews, kind="GRU", **xla),
        ),
        Trick("batches of like length", lstm, partial(reviews, batch_padding="longest"), bucket),
        Trick("right padding under a mask", lstm, reviews, partial(reviews, right_with_mask=True)),
    )


TRICKS = _pairs()


def main(words: list[str], path: Path = RESULTS) -> None:
    """Measure the tricks whose names hold one of the words, all without words, and record them."""
    device = keep_to_one_device("quick")
    known = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else []
    by_name = {(record["name"], record["task"]): record for record in known}
    for trick in tqdm([t for t in TRICKS if not words or any(w in t.name for w in words)]):
        runs = []
        for seed in SEEDS:
            both = {"plain": trick.plain, "changed": trick.changed}
            order = reversed(both) if seed % 2 else both
            runs.append({side: both[side](seed) for side in order})
        record = {"name": trick.name, "task": trick.task, "runs": runs, **circumstances(device)}
        by_name[trick.name, trick.task] = record
        kept = [by_name[t.name, t.task] for t in TRICKS if (t.name, t.task) in by_name]
        write_atomically(path, json.dumps(kept, indent=1) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
