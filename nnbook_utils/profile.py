"""Which profile runs, on what, since when: the first output of every chapter.

The quick profile needs a CPU and no network; the full profile takes the classic full-size data.
`NNBOOK_PROFILE` chooses, and unset means quick. Only `begin` imports TensorFlow.
"""

import gc
import os
import platform
import sys
import time
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import TypeVar

from nnbook_utils._names import nearest

__all__ = ["begin", "device", "minutes", "name", "peak_memory_gib", "pick", "versions"]

Value = TypeVar("Value")

PROFILES = ("quick", "full")
MAX_SEED = 2**32 - 1  # what NumPy's legacy generator takes
GIB = 2**30
PACKAGES = {
    "TensorFlow": ("tensorflow", "tensorflow-cpu", "tf-nightly"),
    "Keras": ("keras", "keras-nightly"),
    "NumPy": ("numpy",),
}


@dataclass(frozen=True)
class Run:
    """What `begin` was told, kept for `results.report`."""

    chapter: str
    seed: int
    started: float


_run: Run | None = None


def name() -> str:
    """Return the profile's name.

    Returns:
        `"quick"` or `"full"`, from `NNBOOK_PROFILE`; quick when it is unset or empty.

    Raises:
        ValueError: If `NNBOOK_PROFILE` is neither; the message suggests the nearest.

    Example:
        >>> name()
        'quick'
    """
    chosen = os.environ.get("NNBOOK_PROFILE") or "quick"
    if chosen not in PROFILES:
        raise ValueError(
            f"NNBOOK_PROFILE must be 'quick' or 'full', got {chosen!r}; "
            f"{nearest(chosen, PROFILES)} Unset it for the quick profile."
        )
    return chosen


def pick(*, quick: Value, full: Value) -> Value:
    """Return the constant that belongs to the current profile.

    Args:
        quick: Value for a CPU and a few minutes.
        full: Value for the full-size data.

    Returns:
        One of the two, unchanged.

    Raises:
        ValueError: If `NNBOOK_PROFILE` is neither quick nor full.

    Example:
        >>> N_EPOCHS = pick(quick=3, full=20)
        >>> N_EPOCHS
        3
    """
    return {"quick": quick, "full": full}[name()]


def begin(chapter: str, *, seed: int) -> None:
    """Seed every generator, start the clock, set the plotting style and print what runs where.

    Call it once, in a chapter's `settings` cell. The generators of Python, NumPy and Keras are
    seeded, so two runs on the same CPU give the same numbers. TensorFloat-32, which cuts the
    factors of matrix products on some GPUs to 10 bits, is switched off: results that equal
    Keras to 1e-5 on a CPU do so there too. The first call hides the objects of the libraries
    from the garbage collector (`gc.freeze`), so that a collection between two trainings is short;
    and the tuner of `tf.data` is switched off, whose sleep can double the time of a training.

    Args:
        chapter: The notebook's name without ending, such as `"01_multilayer_perceptron"`.
        seed: Whole number from 0 to 2**32 - 1.

    Raises:
        TypeError: If `seed` is not a whole number.
        ValueError: If `seed` is out of range or `NNBOOK_PROFILE` is unknown.

    Example:
        >>> begin("01_multilayer_perceptron", seed=0)  # doctest: +SKIP
        Chapter   01_multilayer_perceptron
        Profile   quick, about 3 minutes on two idle cores
    """
    global _run
    profile_name = name()
    seed = _checked_seed(seed)

    import keras
    import tensorflow as tf

    from nnbook_utils import plotting
    from nnbook_utils._tensorflow import end_iterators_at_once

    keras.utils.set_random_seed(seed)
    end_iterators_at_once()
    tf.config.experimental.enable_tensor_float_32_execution(False)
    plotting.use_style()
    if _run is None:
        gc.freeze()  # no later collection looks at the objects of the libraries again
    _run = Run(chapter, seed, time.perf_counter())
    print(_summary(_run, profile_name))


def minutes() -> float:
    """Return the minutes since `begin`.

    Raises:
        RuntimeError: If `begin` was not called.

    Example:
        >>> minutes()  # doctest: +SKIP
        1.73
    """
    return (time.perf_counter() - current_run().started) / 60


def device() -> str:
    """Return what this process computes on, such as `"CPU, 2 cores"` or `"GPU NVIDIA H100"`.

    TensorFlow is asked only if it is already imported: a process without it uses the CPU.
    If the environment variable NNBOOK_SHARED is set, because another chapter runs on the same
    machine, the answer says so: the minutes are then not those of an idle machine.

    Example:
        >>> device()  # doctest: +SKIP
        'CPU, 2 cores'
    """
    gpus = _gpu_names()
    shared = ", shared with another chapter" if os.environ.get("NNBOOK_SHARED") else ""
    if gpus:
        count = f"{len(gpus)} x " if len(gpus) > 1 else ""
        return f"GPU {count}{gpus[0]}{shared}"
    n_cores = _core_count()
    return f"CPU, {n_cores} core" + ("s" if n_cores != 1 else "") + shared


def peak_memory_gib() -> float:
    """Return the largest resident memory of this process so far, in GiB (2**30 bytes).

    Read from `/proc` on Linux, where `getrusage` would also count the process that started this
    one; from `getrusage` on other POSIX systems; from psutil on Windows.

    Raises:
        RuntimeError: On Windows without psutil.

    Example:
        >>> 0 < peak_memory_gib() < 1000
        True
    """
    return _peak_memory_bytes() / GIB


def versions() -> dict[str, str]:
    """Return the versions that decide a result, none of the packages being imported for it.

    Returns:
        Python, TensorFlow, Keras, NumPy and nnbook-utils, `"not installed"` where one is missing.

    Example:
        >>> sorted(versions())
        ['Keras', 'NumPy', 'Python', 'TensorFlow', 'nnbook-utils']
    """
    found = {"Python": platform.python_version()}
    for label, distributions in PACKAGES.items():
        found[label] = _version(*distributions)
    found["nnbook-utils"] = _version("nnbook-utils")
    return found


def current_run() -> Run:
    """Return what `begin` recorded.

    Raises:
        RuntimeError: If `begin` was not called.
    """
    if _run is None:
        raise RuntimeError(
            "the run has not begun: run the chapter's settings cell, which calls "
            'begin("CHAPTER", seed=SEED), and then this one'
        )
    return _run


def _checked_seed(seed: int) -> int:
    if isinstance(seed, bool) or not hasattr(seed, "__index__"):
        raise TypeError(f"seed must be a whole number, got {seed!r}; pass for example seed=0")
    seed = int(seed)
    if not 0 <= seed <= MAX_SEED:
        raise ValueError(f"seed must lie between 0 and {MAX_SEED}, got {seed}; pass for example 0")
    return seed


def _summary(run: Run, profile_name: str) -> str:
    packages = {label: found for label, found in versions().items() if label != "nnbook-utils"}
    lines = [
        f"Chapter   {run.chapter}",
        f"Profile   {profile_name}{_expected_minutes(run.chapter, profile_name)}",
        f"Device    {device()}",
        "Versions  " + ", ".join(f"{label} {found}" for label, found in packages.items()),
        f"Seed      {run.seed}",
    ]
    if profile_name == "quick" and _gpu_names():
        lines.append(
            "A GPU is here: for the full-size data put  %env NNBOOK_PROFILE=full  in a new "
            "first cell, restart and run all."
        )
    return "\n".join(lines)


def _expected_minutes(chapter: str, profile_name: str) -> str:
    from nnbook_utils import results

    try:
        budget = results.load_expected()[chapter][profile_name]["minutes"]
    except (OSError, KeyError):
        return ""
    unit = "minute" if budget == 1 else "minutes"
    return f", about {budget:g} {unit} on two idle cores"


def _gpu_names() -> list[str]:
    tensorflow = sys.modules.get("tensorflow")
    if tensorflow is None:
        return []
    gpus = tensorflow.config.list_physical_devices("GPU")
    details = [tensorflow.config.experimental.get_device_details(gpu) for gpu in gpus]
    return [detail.get("device_name", "of unknown make") for detail in details]


def _core_count() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _peak_memory_bytes() -> int:
    status = Path("/proc/self/status")
    if sys.platform == "linux" and status.exists():
        lines = status.read_text(encoding="utf-8").splitlines()
        peaks = [int(line.split()[1]) for line in lines if line.startswith("VmHWM:")]
        if peaks:
            return peaks[0] * 1024
    if sys.platform == "win32":
        return _windows_peak_bytes()
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def _windows_peak_bytes() -> int:
    try:
        import psutil
    except ImportError as error:
        raise RuntimeError(
            "peak memory on Windows needs psutil; install it: pip install psutil"
        ) from error
    return psutil.Process().memory_info().peak_wset


def _version(*distributions: str) -> str:
    for distribution in distributions:
        try:
            return metadata.version(distribution)
        except metadata.PackageNotFoundError:
            continue
    return "not installed"
