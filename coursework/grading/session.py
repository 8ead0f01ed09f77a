"""A running sandbox, spoken to from outside: send an answer in, call its function, get values out.

What comes out is data of plain types (`wire`), so nothing of the student's runs here. A call that
takes too long, ends the process or returns nonsense becomes an exception here, and the next
student's code runs in a process that has seen nothing of it.
"""

import builtins
import contextlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from coursework.grading import wire
from coursework.grading.answers import Answer
from coursework.grading.sandbox import (
    FIRST_USER,
    HERE,
    N_USERS,
    PROGRAMS,
    ROOT,
    SETTINGS,
    Limits,
    NoSandboxError,
    Sandbox,
    command,
    docker_answers,
    work_user,
)

__all__ = ["Gone", "Room", "StudentError", "find_sandbox", "raised"]

START_SECONDS = 240  # for the chapter's imports, TensorFlow among them, on a busy machine
GRACE = 5.0
MAX_CALLBACKS = 20_000
PROBE = """
import os, socket, subprocess, sys, time
def probe():
    found = {"network": False, "writes": False, "files": [], "processes": 0}
    try:
        socket.create_connection(("192.0.2.1", 9), timeout=0.2)
        found["network"] = True
    except OSError as error:
        found["network"] = isinstance(error, TimeoutError)
    for place in (%(places)r + ["/usr", "/", "/etc"]):
        try:
            with open(os.path.join(place, "nnbook-probe"), "w"):
                found["writes"] = True
        except OSError:
            pass
    found["files"] = [place for place in %(hidden)r if os.access(place, os.R_OK)]
    children = []
    while len(children) < %(limit)d + 8:
        try:
            pid = os.fork()
        except OSError:
            break
        if not pid:
            time.sleep(20)
            os._exit(0)
        children.append(pid)
    for pid in children:
        os.kill(pid, 9)
    found["processes"] = len(children)
    return found
"""


class StudentError(Exception):
    """The student's code raised an error; `line` says where, `name` is the error's type."""

    name = ""
    line = ""
    arguments: tuple[Any, ...] = ()


class Gone(BaseException):
    """The student's process is of no more use; `reason` says why."""

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason


def raised(reply: dict[str, Any]) -> Exception:
    """Return an error of the student's as one that a check can meet: of the same built-in type.

    Example:
        >>> isinstance(raised({"error": "KeyError", "text": "'x'", "line": ""}), KeyError)
        True
    """
    name = re.sub(r"\W", "", str(reply.get("error")))[:40] or "Exception"
    kind = getattr(builtins, name, Exception)
    if not (isinstance(kind, type) and issubclass(kind, Exception)):
        kind = Exception
    text = str(reply.get("text", ""))
    try:
        error = type(name, (StudentError, kind), {"__str__": lambda self: text})(text)
    except TypeError:  # UnicodeDecodeError and its like want more
        error = type(name, (StudentError,), {})(text)
    error.name, error.line = name, str(reply.get("line", ""))
    error.arguments = tuple(reply.get("arguments") or ())
    return error


@dataclass
class Room:
    r"""One sandbox with the chapter's imports loaded, for one student after the other.

    Attributes:
        sandbox: The kind.
        sources: (name, source) of the cells to run first, in order.
        limits: What students' code may use.

    Example:
        >>> with Room(sandbox, [("imports", "import math")]) as room:  # doctest: +SKIP
        ...     room.enter()
        ...     room.define(Answer("def half(x):\n    return x / 2"), "half", deadline)
        ...     room.call([3], {}, deadline)
        1.5
    """

    sandbox: Sandbox
    sources: Sequence[tuple[str, str]]
    limits: Limits = field(default_factory=Limits)
    names: tuple[str, ...] = ()
    _process: subprocess.Popen | None = None
    _control: socket.socket | None = None
    _channel: socket.socket | None = None
    _folder: tempfile.TemporaryDirectory | None = None
    _user: int = 0

    def __enter__(self) -> "Room":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self) -> None:
        """Start the sandbox and load the sources.

        Raises:
            NoSandboxError: If it does not start, or a source fails; says why.
        """
        errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed below
        try:
            self._control = self._launch(errors)
            setup = {
                "paths": [self._folder.name if self.sandbox.kind == "user" else str(ROOT)],
                "sources": list(self.sources),
                "limits": self.limits.as_message(work_user(self.sandbox.kind)),
            }
            wire.send(self._control, json.dumps(setup).encode())
            reply = self._reply(time.monotonic() + START_SECONDS)
        except (OSError, EOFError, TimeoutError, ValueError) as error:
            self.close()
            errors.seek(0)
            said = errors.read()[-500:].decode("utf-8", "replace").strip()
            raise NoSandboxError(f"{self.sandbox.kind}: {said or error}") from error
        finally:
            errors.close()
        if "ready" not in reply:
            self.close()
            raise NoSandboxError(f"the chapter's imports fail in the sandbox: {reply}")
        self.names = tuple(reply["ready"])

    def enter(self) -> None:
        """Have a new process for the next student; the sandbox is started if there is none."""
        if self._process is None or self._process.poll() is not None or self._control is None:
            self.close()
            self.start()
        self._channel, far = socket.socketpair()
        with far:
            socket.send_fds(self._control, [b"j"], [far.fileno()])

    def leave(self) -> str:
        """End the student's process and all that it started.

        Returns:
            How it had ended before, such as `"memory"` or `"exit 3"`; empty if it had not.
        """
        if self._channel is not None:
            self._channel.close()
            self._channel = None
        try:
            self._control.sendall(b"s")
            reply = self._reply(time.monotonic() + GRACE)
        except (OSError, EOFError, TimeoutError, ValueError, AttributeError):
            self.close()
            return "lost"
        if not reply["clean"]:
            self.close()
        return str(reply["ended"])

    def define(self, answer: Answer, function: str, deadline: float) -> None:
        """Run an answer's cell in a fresh copy of the chapter's variables.

        Raises:
            StudentError: What the cell raised.
            Gone: If the process ended, or the deadline has passed.
        """
        message = {"source": answer.source, "support": answer.support, "function": function}
        self._ask(wire.encode(message), [], deadline)

    def call(self, arguments: Sequence[Any], keywords: dict[str, Any], deadline: float) -> Any:
        """Call the function that was defined last.

        Functions among the arguments are called out here, with what the student's code gives them.

        Returns:
            What it returned.

        Raises:
            StudentError: What it raised.
            Gone: If the process ended, sent nonsense, or the deadline has passed.
        """
        functions: list[Callable[..., Any]] = []
        message = {"arguments": list(arguments), "keywords": dict(keywords)}
        return self._ask(wire.encode(message, functions), functions, deadline)

    def close(self) -> None:
        """End the sandbox."""
        for one in (self._channel, self._control):
            if one is not None:
                one.close()
        self._channel = self._control = None
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
        if self._user:
            _end_all(self._user)
            self._user = 0
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def _launch(self, errors: Any) -> socket.socket:
        if self.sandbox.kind == "user":
            return self._launch_as_user(errors)
        if self.sandbox.kind != "docker":
            near, far = socket.socketpair()
            with far:
                words = command(self.sandbox, self.limits)
                self._process = subprocess.Popen(
                    words, stdin=far, stdout=subprocess.DEVNULL, stderr=errors
                )
            return near
        self._folder = tempfile.TemporaryDirectory(prefix="nnbook-")
        link = Path(self._folder.name)
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(link / "grader"))
            listener.listen(1)
            listener.settimeout(START_SECONDS)
            words = command(self.sandbox, self.limits, link)
            self._process = subprocess.Popen(
                words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=errors
            )
            return listener.accept()[0]

    def _launch_as_user(self, errors: Any) -> socket.socket:
        """Start the program under an unused user, from a folder that holds all it may read."""
        if os.geteuid() != 0:
            raise NoSandboxError("user: only root can run code under another user")
        self._user = _unused_user()
        self._folder = tempfile.TemporaryDirectory(prefix="nnbook-")
        folder = Path(self._folder.name)
        for name in PROGRAMS:
            shutil.copyfile(HERE / name, folder / name)
        helpers = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / "nnbook_utils", folder / "nnbook_utils", ignore=helpers)
        for path in (folder, *folder.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)
        work = folder / "tmp"
        work.mkdir()
        work.chmod(0o700)
        os.chown(work, self._user, self._user)
        places = {name: str(work) for name in ("HOME", "TMPDIR", "MPLCONFIGDIR", "NNBOOK_ALONE")}
        near, far = socket.socketpair()
        with far:
            self._process = subprocess.Popen(
                command(self.sandbox, self.limits, folder),
                stdin=far,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                cwd=work,
                env=SETTINGS | places,
                user=self._user,
                group=self._user,
                extra_groups=[],
                umask=0o077,
                start_new_session=True,
            )
        return near

    def _reply(self, deadline: float) -> dict[str, Any]:
        return json.loads(wire.receive(self._control, deadline))

    def _ask(self, message: bytes, functions: list[Callable[..., Any]], deadline: float) -> Any:
        try:
            self._channel.settimeout(max(0.01, deadline - time.monotonic()))
            wire.send(self._channel, message)
            for _ in range(MAX_CALLBACKS):
                reply = wire.decode(wire.receive(self._channel, deadline))
                if not isinstance(reply, dict):
                    raise wire.WireError("no reply")
                if "callback" not in reply:
                    break
                wire.send(self._channel, wire.encode(_called(functions, reply)))
            else:
                raise Gone("nonsense")
        except TimeoutError as error:
            raise Gone("time") from error
        except (EOFError, OSError) as error:
            raise Gone("ended") from error
        except ValueError as error:
            raise Gone("nonsense") from error
        if "error" in reply:
            raise raised(reply)
        return reply.get("value")


def _unused_user() -> int:
    """Return the number of a user who owns no process here."""
    taken = set()
    for path in Path("/proc").glob("[0-9]*/status"):
        with contextlib.suppress(OSError, IndexError, ValueError):
            taken.add(int(path.read_text().partition("\nUid:")[2].split()[0]))
    free = [number for number in range(FIRST_USER, FIRST_USER + N_USERS) if number not in taken]
    if not free:
        raise NoSandboxError("user: every user that could run students' code has processes")
    return free[0]


def _end_all(user: int) -> None:
    """Kill every process of a user, as that user, who can reach no other."""
    kill = "import os, signal; os.kill(-1, signal.SIGKILL)"
    words = [sys.executable, "-I", "-S", "-c", kill]
    who = {"user": user, "group": user, "extra_groups": [], "cwd": "/"}
    for _ in range(3):  # some may be started while the first are killed
        with contextlib.suppress(OSError):  # if that user cannot run Python, nothing runs
            subprocess.run(words, **who, check=False, stderr=subprocess.DEVNULL)


def _called(functions: list[Callable[..., Any]], reply: dict[str, Any]) -> dict[str, Any]:
    """Call one of our own functions with a student's arguments."""
    place, arguments = reply["callback"], reply.get("arguments")
    if (
        type(place) is not int
        or not 0 <= place < len(functions)
        or not isinstance(arguments, (list, tuple))
    ):
        raise wire.WireError("no such function")
    try:
        return {"value": functions[place](*arguments)}
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}


def find_sandbox(image: str = "", kinds: Sequence[str] = ("bubblewrap", "docker")) -> Sandbox:
    """Return the first kind of sandbox that works here and holds, found by trying.

    Args:
        image: Docker's image; Docker is tried only with one.
        kinds: What to try, in order.

    Returns:
        The sandbox.

    Raises:
        NoSandboxError: If none works; says what was tried, and what to do.

    Example:
        >>> find_sandbox().kind  # doctest: +SKIP
        'bubblewrap'
    """
    tried = []
    for kind in kinds:
        if kind == "docker":
            if not image:
                tried.append("docker: no image was named (--image)")
                continue
            if why := docker_answers():
                tried.append(why)
                continue
        try:
            return _probed(Sandbox(kind, image))
        except NoSandboxError as error:
            tried.append(str(error))
    raise NoSandboxError(
        "students' code runs only in a sandbox, and none works here:\n  "
        + "\n  ".join(tried)
        + "\nOn Linux install bubblewrap (Debian and Ubuntu: apt install bubblewrap) and allow "
        "user namespaces; or start Docker and name an image with --image. On Windows and macOS "
        "use Docker's Linux, or a Linux machine."
    )


def _probed(sandbox: Sandbox) -> Sandbox:
    limits = Limits(processes=12)
    home = str(Path.home())
    written = [place for place in (str(ROOT), home) if not place.startswith("/tmp")]
    places = {"places": written, "limit": limits.processes}
    places["hidden"] = [str(ROOT / "coursework"), str(ROOT / "chapters"), "/etc/shadow"]
    places["hidden"] += [str(ROOT / "settings.json"), str(ROOT.parent / "submission")]
    deadline = time.monotonic() + START_SECONDS
    with Room(sandbox, [], limits) as room:
        try:
            room.start()
            room.enter()
            room.define(Answer(PROBE % places), "probe", deadline)
            found = room.call([], {}, time.monotonic() + 20)
        except (Gone, StudentError) as error:
            raise NoSandboxError(f"{sandbox.kind}: the probe ended with {error!r}") from error
        with contextlib.suppress(OSError):
            room.leave()
    holds = ("writes", "files") if sandbox.kind == "user" else ("network", "writes", "files")
    faults = [name for name in holds if found[name]]
    if found["processes"] > limits.processes:
        faults.append("processes")
    if faults:
        raise NoSandboxError(f"{sandbox.kind}: it does not hold ({', '.join(faults)})")
    return sandbox
