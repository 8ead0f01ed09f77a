"""Run the contests and show what came out: `python -m benchmarks [CONTEST...]`."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Any

from tqdm import tqdm

from benchmarks import records, report
from benchmarks.contests import CONTESTS


def main(arguments: list[str] | None = None) -> int:
    """Run what is not yet recorded, and print the table; return 1 if a run failed."""
    options = _options().parse_args(arguments)
    names = options.contests or list(CONTESTS)
    if unknown := [name for name in names if name not in CONTESTS]:
        print(f"no contest {unknown[0]!r}; there are {', '.join(CONTESTS)}", file=sys.stderr)
        return 2
    failed = 0 if options.show else _run_all(_waiting(names, options), options)
    runs = records.load(options.results)
    old = records.stale(runs)
    chosen = [run for run in runs if run["contest"] in names]
    print(report.markdown(records.summaries(chosen, old)))
    report.plot(runs, options.results.with_suffix(".svg"))
    return 1 if failed else 0


def _run_all(waiting: list[tuple[str, str, int]], options: argparse.Namespace) -> int:
    """Make the runs, and record each as it ends; return how many failed."""
    failed = 0
    with ThreadPoolExecutor(options.at_once) as pool:
        tasks = {pool.submit(_run, *run): run for run in waiting}
        for task in tqdm(as_completed(tasks), total=len(tasks), unit="run", disable=not tasks):
            try:
                records.add(task.result(), options.results)
            except ChildProcessError as error:
                failed += 1
                print(f"{' '.join(map(str, tasks[task]))} failed: {error}", file=sys.stderr)
    return failed


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Train each chapter's network and the reference listing on the same data and "
        "split, with the chapter's own cells, in the full profile. Full-size data come from "
        "NNBOOK_DATA_DIR or are downloaded. Runs on record are kept while the chapter's statements "
        "that they ran are unchanged: stop and go on as you like.",
    )
    parser.add_argument("contests", nargs="*", metavar="CONTEST", help=", ".join(CONTESTS))
    parser.add_argument("--runs", type=int, default=3, help="runs of each side (default 3)")
    parser.add_argument("--sides", nargs="+", help="only these sides, such as ours")
    parser.add_argument("--at-once", type=int, default=1, help="processes, one core each")
    parser.add_argument("--again", action="store_true", help="repeat runs on record")
    parser.add_argument("--show", action="store_true", help="run nothing, draw and show the record")
    parser.add_argument(
        "--results", type=Path, default=records.DEFAULT, help="file of the recorded runs"
    )
    return parser


def _waiting(names: list[str], options: argparse.Namespace) -> list[tuple[str, str, int]]:
    """Return the runs to make, seed by seed; the sides take turns in going first."""
    runs = records.load(options.results)
    known = {(run["contest"], run["side"], run["seed"]) for run in runs} - records.stale(runs)
    waiting = []
    for name in names:
        for seed in range(options.runs):
            sides = [
                side for side in CONTESTS[name].sides if not options.sides or side in options.sides
            ]
            waiting += [(name, side, seed) for side in (sides if seed % 2 else reversed(sides))]
    return [run for run in waiting if options.again or run not in known]


def _run(contest: str, side: str, seed: int) -> dict[str, Any]:
    """Return the record of one run in a process of its own.

    Raises:
        ChildProcessError: With the last lines of its error, if the process failed.
    """
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "run.json")
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.worker", contest, side, str(seed), str(file)],
            cwd=records.ROOT,
            capture_output=True,
            text=True,
            check=False,
            env=os.environ | {"NNBOOK_PROFILE": "full"},
        )
        if done.returncode or not file.is_file():
            raise ChildProcessError(
                done.stderr.strip()[-2000:] or f"it ended with {done.returncode}"
            )
        return json.loads(file.read_text(encoding="utf-8"))


if __name__ == "__main__":
    sys.exit(main())
