"""Two habits of TensorFlow that cost small trainings much of their time, and how to avoid them."""

import functools
from collections.abc import Iterator
from unittest import mock

import keras
import tensorflow as tf
from tensorflow.python.eager import context


def seed_all(seed: int) -> None:
    """Seed as `keras.utils.set_random_seed` does, and keep TensorFlow's kernels.

    TensorFlow clears them for the sake of `tf.random.uniform` and its like, called outside of a
    function; what Keras draws, and the order in which `fit` shuffles, do not depend on them.
    """
    with mock.patch.object(context.pywrap_tfe, "TFE_ContextClearCaches", create=True):
        keras.utils.set_random_seed(seed)


def end_iterators_at_once() -> None:
    """Iterate over every `tf.data.Dataset` without its tuner, unless its options ask for it.

    The tuner is a thread that sleeps between looks, each time twice as long. An iterator that
    ends wakes it; but it looks for the sign to stop before the sign is set, often enough, and
    sleeps on; and `fit` waits for it, up to as long as the training took. No result changes.
    """
    iterate = tf.data.Dataset.__iter__
    if hasattr(iterate, "__wrapped__"):  # called before
        return

    @functools.wraps(iterate)
    def iterate_untuned(dataset: tf.data.Dataset) -> Iterator:
        if dataset.options().autotune.enabled is None:
            untuned = tf.data.Options()
            untuned.autotune.enabled = False
            dataset = dataset.with_options(untuned)
        return iterate(dataset)

    tf.data.Dataset.__iter__ = iterate_untuned
