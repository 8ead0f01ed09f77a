"""The sandbox in which students' code runs: bubblewrap, or Docker where bubblewrap does not work.

What works is found out by running it once, on a small probe, not by looking for a program. Inside
there is no network; /tmp is private and small; the system, Python and its packages can be read and
not written; neither submissions nor hidden tests nor anything else of the disk can be seen.

A third kind, `"user"`, is for a container that holds one student's work only, as Gradescope's does:
a user of its own, from whom hidden tests and results are kept by the modes of files.
"""

import os
import random
import shutil
import site
import subprocess
import sys
import sysconfig
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

__all__ = ["KINDS", "Limits", "NoSandboxError", "Sandbox", "command", "work_user"]

KINDS = ("bubblewrap", "docker", "user")
HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PROGRAMS = ("inside.py", "wire.py")  # and the helpers, nnbook_utils
INSIDE = "/grading"
SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
SETTINGS = {
    "CUDA_VISIBLE_DEVICES": "",
    "HOME": "/tmp",
    "KERAS_BACKEND": "tensorflow",
    "LANG": "C.UTF-8",
    "MPLBACKEND": "Agg",
    "MPLCONFIGDIR": "/tmp",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PATH": "/usr/bin:/bin",
    "PYTHONDONTWRITEBYTECODE": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_NUM_INTEROP_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
}
CAPABILITIES = ("SETUID", "SETGID", "KILL", "DAC_OVERRIDE", "FOWNER")
FIRST_USER, N_USERS = 60578, 600  # numbers that systemd's documents name as unused
MIB = 2**20


class NoSandboxError(ValueError):
    """Nothing works here that could hold students' code; says what was tried, and what to do."""


@dataclass(frozen=True)
class Limits:
    """What one student's code may use.

    Attributes:
        seconds: Time for one exercise, its check and its hidden test together.
        memory: Bytes, beyond what the chapter's imports take.
        processes: Processes and threads at a time.
        file: Bytes of one file.
        files: Files open at a time.
        disk: Bytes of /tmp.
    """

    seconds: float = 10.0
    memory: int = 1024 * MIB
    processes: int = 48
    file: int = 16 * MIB
    files: int = 64
    disk: int = 64 * MIB

    def as_message(self, user: int) -> dict[str, int]:
        """Return the limits as the program inside reads them, with the user to change to."""
        return {
            "memory": self.memory,
            "processes": self.processes,
            "file": self.file,
            "files": self.files,
            "cpu": 60 + int(20 * self.seconds),
            "uid": user,
        }


@dataclass(frozen=True)
class Sandbox:
    """A way to run code apart that was tried and works.

    Attributes:
        kind: One of `KINDS`.
        image: Docker's image, with Python and the packages of requirements.txt.
    """

    kind: str
    image: str = ""


def work_user(kind: str) -> int:
    """Return the number of an unused user for students' code, 0 where the user cannot change.

    Root's processes are under no limit of their number, so root's bubblewrap changes users inside;
    anybody else's is a user namespace of its own, in which the limit counts as it is.

    Example:
        >>> work_user("docker") > 60000
        True
    """
    if kind == "docker" or (kind == "bubblewrap" and os.geteuid() == 0):
        return FIRST_USER + random.randrange(N_USERS)
    return 0


def command(sandbox: Sandbox, limits: Limits, link: Path | None = None) -> list[str]:
    """Return the words that start the program inside.

    Args:
        sandbox: The kind of sandbox.
        limits: What students' code may use.
        link: For Docker, the folder of the socket through which the program is spoken to, which
            is the standard input elsewhere; for a user, the folder that holds the program.

    Returns:
        The command line.

    Raises:
        NoSandboxError: If bubblewrap's program is missing.

    Example:
        >>> command(Sandbox("bubblewrap"), Limits())[0]  # doctest: +SKIP
        '/usr/bin/bwrap'
    """
    if sandbox.kind == "user":
        return [sys.executable, "-P", str(link / "inside.py")]
    if sandbox.kind == "docker":
        return _docker(sandbox.image, limits, link)
    return _bubblewrap(limits)


def readable() -> list[Path]:
    """Return the folders of Python and its packages, which code inside may read."""
    folders = [sys.base_prefix, sys.prefix, sysconfig.get_path("stdlib"), sys.executable]
    folders += [path for path in sys.path if Path(path).name in ("site-packages", "dist-packages")]
    if site.ENABLE_USER_SITE and Path(site.getusersitepackages()).is_dir():
        folders.append(site.getusersitepackages())
    paths = [Path(os.path.abspath(folder)) for folder in folders]
    paths[3] = paths[3].parent
    paths += [Path(os.path.realpath(sys.executable)).parent.parent]
    paths = [path for path in paths if path.exists() and path not in (Path("/"), Path.home(), ROOT)]
    kept: list[Path] = []
    for path in sorted(set(paths)):
        is_system = any(path.is_relative_to(folder) for folder in SYSTEM)
        if not is_system and not any(path.is_relative_to(other) for other in kept):
            kept.append(path)
    return kept


def _bubblewrap(limits: Limits) -> list[str]:
    program = shutil.which("bwrap")
    if program is None:
        raise NoSandboxError("bubblewrap is not installed (no program bwrap)")
    words = [program, *_system()]
    words += ["--perms", "1777", "--size", str(limits.disk), "--tmpfs", "/tmp"]
    for path in [*readable(), ROOT / "nnbook_utils"]:
        for folder in reversed(path.parents[:-1]):  # or the student's user could not pass
            if folder != Path("/tmp"):
                words += ["--perms", "0755", "--dir", str(folder)]
        words += ["--ro-bind", str(path), str(path)]
    for name in PROGRAMS:
        words += ["--ro-bind", str(HERE / name), f"{INSIDE}/{name}"]
    words += ["--proc", "/proc", "--dev", "/dev"]
    words += ["--remount-ro", "/dev", "--remount-ro", "/"]
    if os.geteuid() == 0:
        words += ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts"]
        words += ["--unshare-cgroup-try", "--cap-drop", "ALL"]
        for name in CAPABILITIES:
            words += ["--cap-add", f"CAP_{name}"]
    else:
        words += ["--unshare-all", "--cap-drop", "ALL"]
    words += ["--die-with-parent", "--new-session", "--as-pid-1", "--chdir", "/tmp", "--clearenv"]
    for name, value in SETTINGS.items():
        words += ["--setenv", name, value]
    return [*words, "--", sys.executable, "-P", f"{INSIDE}/inside.py"]


def _system() -> list[str]:
    words: list[str] = []
    for folder in SYSTEM:
        path = Path(folder)
        if path.is_symlink():
            words += ["--symlink", os.readlink(path), folder]
        elif path.is_dir():
            words += ["--ro-bind", folder, folder]
    for name in ("/etc/ld.so.cache", "/etc/localtime"):
        words += ["--ro-bind-try", name, name]
    return words


def _docker(image: str, limits: Limits, link: Path | None) -> list[str]:
    words = ["docker", "run", "--rm", "--network", "none", "--read-only", "--ipc", "private"]
    words += ["--cap-drop", "ALL"]
    for name in CAPABILITIES:
        words += ["--cap-add", name]
    words += ["--security-opt", "no-new-privileges", "--user", "0:0"]
    whole = limits.memory + 4096 * MIB  # the imports too
    words += ["--memory", str(whole), "--memory-swap", str(whole)]
    words += ["--pids-limit", str(limits.processes + 64)]
    words += ["--tmpfs", f"/tmp:rw,nosuid,nodev,mode=1777,size={limits.disk}"]
    words += ["--volume", f"{ROOT / 'nnbook_utils'}:{ROOT / 'nnbook_utils'}:ro"]
    for name in PROGRAMS:
        words += ["--volume", f"{HERE / name}:{INSIDE}/{name}:ro"]
    words += ["--volume", f"{link}:/link:ro", "--workdir", "/tmp"]
    for name, value in SETTINGS.items():
        if name != "PATH":
            words += ["--env", f"{name}={value}"]
    return [*words, image, "python", "-P", f"{INSIDE}/inside.py", "/link/grader"]


def docker_answers() -> str:
    """Return why Docker cannot be used, empty if its engine answers."""
    try:
        words: Sequence[str] = ["docker", "version", "--format", "{{.Server.Version}}"]
        done = subprocess.run(words, capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"docker: {error}"
    return "" if done.returncode == 0 else f"docker: {done.stderr.strip()[-200:] or 'no engine'}"
