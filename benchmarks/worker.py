"""One run in a process of its own: `python -m benchmarks.worker CONTEST SIDE SEED FILE`.

On a CPU the process keeps to one core and counts processor seconds, so that whatever else the
machine does changes the figure little; on a GPU it counts seconds of the clock.
"""

import json
import os
import platform
import resource
import sys
import time
from dataclasses import asdict
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

__all__ = ["circumstances", "keep_to_one_device"]


def main(contest: str, side: str, seed: str, file: str) -> None:
    """Train, and write the run with all that is needed to understand it."""
    device = keep_to_one_device("full")

    from benchmarks.contests import CONTESTS, ran

    run = CONTESTS[contest].sides[side](int(seed))
    record = {
        "contest": contest,
        "side": side,
        "seed": int(seed),
        **asdict(run),
        "peak_memory_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "statements": sorted({statement.digest for statement in ran}),
        **circumstances(device),
    }
    Path(file).write_text(json.dumps(record), encoding="utf-8")


def keep_to_one_device(profile: str) -> str:
    """Set this process to one GPU, or else to one core and processor seconds; return which."""
    os.environ |= {"NNBOOK_PROFILE": profile, "MPLBACKEND": "Agg", "TF_CPP_MIN_LOG_LEVEL": "3"}
    import tensorflow as tf

    if tf.config.list_physical_devices("GPU"):
        return "one GPU"
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)

    import threadpoolctl

    from nnbook_utils import training

    threadpoolctl.threadpool_limits(1)
    training.clock = time.process_time
    return "one core of a CPU"


def circumstances(device: str) -> dict[str, Any]:
    """Return what a record says of the machine, the day and the versions."""
    return {
        "device": device,
        "machine": platform.machine(),
        "date": datetime.now(UTC).date().isoformat(),
        "versions": {
            "python": platform.python_version(),
            **{name: metadata.version(name) for name in ("keras", "numpy", "tensorflow")},
        },
    }


if __name__ == "__main__":
    main(*sys.argv[1:])
