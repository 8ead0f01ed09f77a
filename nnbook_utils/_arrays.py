"""Checks of the arrays given to plotting functions, with messages for people."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray


def checked_points(points: ArrayLike, name: str = "points") -> NDArray[np.floating]:
    """Return a finite float array (n, 2), n > 0.

    Raises:
        ValueError: If it is anything else.
    """
    points = _numbers(points, name)
    if points.ndim != 2 or points.shape[1] != 2:
        raise ValueError(f"{name} must have shape (n_points, 2), x and y, got {points.shape}")
    return points


def checked_curve(name: str, values: ArrayLike) -> NDArray[np.floating]:
    """Return one number per epoch; NaN in some epochs is drawn as a gap.

    Raises:
        ValueError: If there is no epoch, or no number in any.
    """
    values = np.asarray(values, dtype=float)
    if values.ndim != 1 or values.size == 0:
        raise ValueError(f"{name} must hold one number per epoch, got shape {values.shape}")
    if not np.isfinite(values).any():
        raise ValueError(
            f"{name} is NaN or infinite in every epoch: training diverged; try a smaller learning "
            "rate, and look for NaN in the data"
        )
    return values


def checked_labels(
    labels: ArrayLike, n_labels: int | None = None, name: str = "labels"
) -> NDArray[np.integer]:
    """Return class numbers from 0 as an integer array (n,), of the length given if any.

    Raises:
        ValueError: If it is anything else.
    """
    labels = np.asarray(labels)
    if labels.ndim == 2 and labels.shape[1] == 1:
        labels = labels[:, 0]
    if labels.ndim != 1:
        raise ValueError(
            f"{name} must be class numbers of shape (n,), got shape {labels.shape}; take the "
            "argmax over the last axis of probabilities or one-hot rows"
        )
    if labels.size == 0:
        raise ValueError(f"{name} is empty")
    if n_labels is not None and len(labels) != n_labels:
        raise ValueError(f"expected {n_labels} {name}, one per row, got {len(labels)}")
    whole = _whole(labels)
    if whole is None or whole.min() < 0:
        raise ValueError(f"{name} must be whole numbers from 0, got for example {labels[0]!r}")
    return whole


def checked_scores(scores: ArrayLike, n_scores: int) -> NDArray[Any]:
    """Return class numbers (integers) or probabilities (floats) as an array (n_scores,).

    Raises:
        ValueError: If it is anything else.
    """
    scores = _numbers(scores, "scores", keep_integers=True)
    if scores.ndim == 2 and scores.shape[1] == 1:
        scores = scores[:, 0]
    if scores.shape != (n_scores,):
        raise ValueError(
            f"scores must have shape ({n_scores},), one per grid point, got {scores.shape}; for "
            "several classes take the argmax first"
        )
    if np.issubdtype(scores.dtype, np.integer):
        return checked_labels(scores, name="scores")
    if scores.min() < 0 or scores.max() > 1:
        raise ValueError(
            f"scores must be probabilities from 0 to 1, got {scores.min():.3g} to "
            f"{scores.max():.3g}; apply a sigmoid to logits first"
        )
    return scores


def checked_images(images: ArrayLike) -> NDArray[np.floating]:
    """Return finite images, float array (n, height, width) or (n, height, width, 3).

    Raises:
        ValueError: If it is anything else.
    """
    images = _numbers(images, "images")
    if images.ndim == 4 and images.shape[-1] == 1:
        images = images[..., 0]
    if images.ndim == 2:
        raise ValueError(
            f"images must be several; for one of shape {images.shape} pass image[None]"
        )
    if images.ndim != 3 and not (images.ndim == 4 and images.shape[-1] == 3):
        raise ValueError(
            "images must have shape (n, height, width), or (n, height, width, 1 or 3), got "
            f"{images.shape}"
        )
    return images


def _numbers(values: ArrayLike, name: str, keep_integers: bool = False) -> NDArray[Any]:
    array = np.asarray(values)
    if array.size == 0:
        raise ValueError(f"{name} is empty, shape {array.shape}")
    if not (keep_integers and np.issubdtype(array.dtype, np.integer)):
        try:
            array = array.astype(float)
        except (TypeError, ValueError) as error:
            raise ValueError(f"{name} must be numbers, got dtype {array.dtype}") from error
    if not np.isfinite(array).all():
        raise ValueError(f"{name} holds NaN or infinite values; drop or repair them first")
    return array


def _whole(labels: NDArray[Any]) -> NDArray[np.integer] | None:
    if np.issubdtype(labels.dtype, np.integer) or labels.dtype == bool:
        return labels.astype(int)
    if np.issubdtype(labels.dtype, np.floating) and (labels == np.floor(labels)).all():
        return labels.astype(int)
    return None
