"""Helpers of the neural-network book: bookkeeping around a lesson, never the lesson itself.

Importing this package imports neither TensorFlow nor Keras.

Example:
    >>> from nnbook_utils import begin, exercise, pick
    >>> pick(quick=3, full=20)
    3
"""

from importlib import metadata as _metadata

from nnbook_utils.exercises import exercise
from nnbook_utils.profile import begin, pick

__all__ = ["__version__", "begin", "exercise", "pick"]

try:
    __version__ = _metadata.version("nnbook-utils")
except _metadata.PackageNotFoundError:
    __version__ = "0+unknown"
