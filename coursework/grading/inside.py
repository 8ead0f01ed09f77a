"""The program inside the sandbox: loads the chapter's imports once, then forks for each student.

It is run as `python -P inside.py`, with a socket as its standard input or the path of one as its
argument, as process 1 of the sandbox. It never sees what students wrote: each forked child reads
that from a socket of its own. When a child's time is over, everything that it started is killed and
/tmp is emptied; if anything stays behind, this program ends, and a new sandbox takes its place.

Each child runs under another user than this program where this program may change users, and under
limits of memory, processes, files and processor time.
"""

import array
import contextlib
import ctypes
import gc
import json
import linecache
import os
import resource
import shutil
import signal
import socket
import sys
import time
import traceback
from pathlib import Path

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import wire

LOOK = 0.02  # seconds between two looks at what the child uses
PAGE = os.sysconf("SC_PAGE_SIZE")
SCARCE = 0.06  # of the machine's memory
PR_SET_DUMPABLE = 4
PR_SET_NO_NEW_PRIVS = 38
MAX_TEXT = 1000
MAX_FILES = 10_000
ALONE = os.environ.get("NNBOOK_ALONE", "")  # a user's own folder, where there is no sandbox around
WORK = os.path.join(ALONE or "/tmp", "work")  # of a student's code, made anew for each
FOLDERS = [ALONE] if ALONE else ["/tmp", "/dev/shm"]


def main() -> None:
    """Load, then serve one student after the other until the socket closes."""
    if len(sys.argv) > 1:
        control = socket.socket(socket.AF_UNIX)
        control.connect(sys.argv[1])
    else:
        control = socket.socket(fileno=os.dup(0))
    setup = json.loads(wire.receive(control, limit=None))
    sys.path[:0] = setup["paths"]
    quiet = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(quiet, number)
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, signal.SIG_IGN)  # process 1 cannot be killed from within by the rest
    namespace: dict = {"__name__": "__main__", "display": print}
    try:
        for name, source in setup["sources"]:
            _execute(source, name, namespace)
    except BaseException as error:
        _reply(control, {"error": f"{type(error).__name__}: {error}"})
        return
    ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)  # nobody inside may read its memory
    gc.collect()
    gc.freeze()
    _reply(control, {"ready": sorted(name for name in namespace if isinstance(name, str))})
    files, is_clean = _files(), True
    while is_clean:
        channel = _next_job(control)
        if channel is None:
            return
        pid = os.fork()
        if pid == 0:
            _child(channel, control, namespace, setup["limits"])
        channel.close()
        reason = _watch(pid, control, setup["limits"])
        is_clean = _clean(files)
        _reply(control, {"ended": reason, "clean": is_clean})


def _reply(control: socket.socket, message: dict) -> None:
    with contextlib.suppress(OSError):
        wire.send(control, json.dumps(message).encode("utf-8", "replace"))


def _next_job(control: socket.socket) -> socket.socket | None:
    fds = array.array("i")
    try:
        message, ancillary, _, _ = control.recvmsg(1, socket.CMSG_SPACE(fds.itemsize))
    except OSError:
        return None
    for level, kind, content in ancillary:
        if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
            fds.frombytes(content[: fds.itemsize])
    return socket.socket(fileno=fds[0]) if message == b"j" and fds else None


# Watching


def _watch(pid: int, control: socket.socket, limits: dict) -> str:
    """Wait until the grader says stop; kill all as soon as the child ends or uses too much."""
    control.settimeout(LOOK)
    at_rest = _pages(os.getpid())
    shared = _meminfo("Shmem")
    reason = ""
    try:
        while True:
            try:
                control.recv(1)
            except TimeoutError:
                pass
            else:
                ended = _reap(pid)
                return reason if reason or ended is None else _ending(ended)
            if reason:
                continue
            used, whole = _memory(at_rest)
            grown = _meminfo("Shmem") - shared
            is_scarce = _meminfo("MemAvailable") < SCARCE * _meminfo("MemTotal")
            if (
                used > limits["memory"]
                or grown > limits["memory"]
                or (is_scarce and whole > at_rest * PAGE + limits["memory"] // 4)
            ):
                reason = "memory"
            ended = _reap(pid)
            if ended is not None and not reason:
                reason = _ending(ended)
            if reason:
                _kill_all()
    except OSError:
        return reason
    finally:
        control.settimeout(None)


def _ending(status: int) -> str:
    number = os.waitstatus_to_exitcode(status)
    if number == -signal.SIGXCPU:
        return "time"
    return f"signal {-number}" if number < 0 else f"exit {number}"


def _reap(wanted: int) -> int | None:
    """Collect every ended process; return the status of one, if it is among them."""
    found = None
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return found
        if pid == 0:
            return found
        if pid == wanted:
            found = status


def _others() -> list[int]:
    """Return every process but this one; without a sandbox around, of this user only."""
    found = []
    for name in os.listdir("/proc"):
        if name.isdecimal() and int(name) != os.getpid() and (not ALONE or _is_mine(name)):
            found.append(int(name))
    return found


def _is_mine(name: str) -> bool:
    with contextlib.suppress(OSError, IndexError, ValueError):
        status = Path(f"/proc/{name}/status").read_text()
        return int(status.partition("\nUid:")[2].split()[0]) == os.getuid()
    return False


def _pages(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError, ValueError):
        return 0


def _memory(at_rest: int) -> tuple[int, int]:
    """Return bytes beyond what the children were born with, and with that."""
    pages = [_pages(pid) for pid in _others()]
    segments = 0
    if ALONE:  # shared memory may be anybody's
        return sum(max(0, number - at_rest) for number in pages) * PAGE, sum(pages) * PAGE
    with contextlib.suppress(OSError, ValueError, IndexError):
        for line in Path("/proc/sysvipc/shm").read_text().splitlines()[1:]:
            segments += int(line.split()[3])
    beyond = sum(max(0, number - at_rest) for number in pages) * PAGE
    return beyond + segments, sum(pages) * PAGE + segments


def _meminfo(name: str) -> int:
    for line in Path("/proc/meminfo").read_text().splitlines():
        if line.startswith(name + ":"):
            return int(line.split()[1]) * 1024
    return 0


def _kill_all() -> None:
    with contextlib.suppress(OSError):
        os.kill(-1, signal.SIGKILL)  # all that this user may end, but not this process


def _clean(files: set[str]) -> bool:
    """Kill what is left and empty /tmp but for `files`; return whether nothing stayed behind."""
    for _ in range(200):
        _kill_all()
        _reap(0)
        if not _others():
            break
        time.sleep(0.005)
    for path in _files() - files:
        with contextlib.suppress(OSError, RecursionError):
            if os.path.isdir(path) and not os.path.islink(path):
                shutil.rmtree(path, ignore_errors=True)
            else:
                os.unlink(path)
    return not _others() and _files() == files and not _segments()


def _files() -> set[str]:
    """Return what lies in /tmp, but not in other file systems below it, such as Python's."""
    found: set[str] = set()
    folders = list(FOLDERS)
    while folders and len(found) < MAX_FILES:
        with contextlib.suppress(OSError):
            folder = folders.pop()
            device = os.stat(folder).st_dev
            for entry in os.scandir(folder):
                found.add(entry.path)
                status = entry.stat(follow_symlinks=False)
                if entry.is_dir(follow_symlinks=False) and status.st_dev == device:
                    folders.append(entry.path)
    return found


def _segments() -> bool:
    """Return whether shared memory, queues or semaphores outlived their makers."""
    for kind in () if ALONE else ("shm", "msg", "sem"):
        with contextlib.suppress(OSError):
            if len(Path(f"/proc/sysvipc/{kind}").read_text().splitlines()) > 1:
                return True
    return False


# The child


def _child(channel: socket.socket, control: socket.socket, namespace: dict, limits: dict) -> None:
    try:
        control.close()
        _restrict(limits, keep=channel.fileno())
        for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(name, signal.SIG_DFL)
        _serve(channel, namespace)
    except BaseException:
        os._exit(70)
    os._exit(0)


def _restrict(limits: dict, keep: int) -> None:
    for number in (int(name) for name in os.listdir("/proc/self/fd")):
        if number > 2 and number != keep:
            with contextlib.suppress(OSError):
                os.close(number)
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")
    born_with = int(Path("/proc/self/statm").read_text().split()[0]) * PAGE
    for name, number in (
        (resource.RLIMIT_AS, born_with + limits["memory"]),
        (resource.RLIMIT_NPROC, limits["processes"]),
        (resource.RLIMIT_FSIZE, limits["file"]),
        (resource.RLIMIT_NOFILE, limits["files"]),
        (resource.RLIMIT_CPU, limits["cpu"]),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_MEMLOCK, 0),
        (resource.RLIMIT_MSGQUEUE, 0),
    ):
        resource.setrlimit(name, (number, number))
    if limits["uid"]:
        os.setgroups([])
        os.setresgid(*[limits["uid"]] * 3)
        os.setresuid(*[limits["uid"]] * 3)
    ctypes.CDLL(None).prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)  # no program changes users again
    os.umask(0o077)
    os.mkdir(WORK)
    os.chdir(WORK)
    os.environ.update(HOME=WORK, TMPDIR=WORK, MPLCONFIGDIR=WORK)


def _serve(channel: socket.socket, start: dict) -> None:
    """Answer the grader's messages until it hangs up."""
    namespace: dict = {}
    function = None

    def far(place: int):
        def call(*arguments):
            wire.send(channel, wire.encode({"callback": place, "arguments": arguments}))
            reply = wire.decode(wire.receive(channel, limit=None))
            if "error" in reply:
                raise RuntimeError(reply["error"])
            return reply["value"]

        return call

    while True:
        try:
            message = wire.decode(wire.receive(channel, limit=None), far)
        except EOFError:
            return
        try:
            if "source" in message:
                namespace = dict(start)
                reply = _define(message, namespace)
                function = namespace.get(message["function"])
            else:
                reply = {"value": function(*message["arguments"], **message["keywords"])}
            content = wire.encode(reply)
            if len(content) > wire.MAX_BYTES:
                content = wire.encode(
                    {"error": "ValueError", "text": "the value returned is too large", "line": ""}
                )
        except BaseException as error:
            content = wire.encode(_told(error))
        wire.send(channel, content)


def _define(message: dict, namespace: dict) -> dict:
    """Run an answer's cell; an error after the function's definition is the cell's own matter."""
    for name, source in (("support", message["support"]), ("answer", message["source"])):
        try:
            _execute(source, f"<{name}>", namespace)
        except BaseException as error:
            if name == "answer" and message["function"] not in namespace:
                return _told(error)
    if not callable(namespace.get(message["function"])):
        text = f"the cell does not define the function {message['function']}"
        return {"error": "NameError", "text": text, "line": ""}
    return {"value": None}


def _execute(source: str, name: str, namespace: dict) -> None:
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    exec(compile(source, name, "exec", dont_inherit=True), namespace)


def _told(error: BaseException) -> dict:
    """Return what the student may read of an error: type, text, and the line of the answer."""
    try:
        text = str(error)[:MAX_TEXT]
    except BaseException:
        text = ""
    line = ""
    with contextlib.suppress(Exception):
        frames = traceback.extract_tb(error.__traceback__)
        own = [frame for frame in frames if frame.filename in ("<answer>", "<support>")]
        if own:
            place = own[-1]
            line = f"in {place.name}, line {place.lineno} of its cell: {place.line}"
            line = line.replace("in <module>, ", "")[:MAX_TEXT]
    arguments = [part for part in error.args if isinstance(part, str)]
    return {"error": type(error).__name__, "text": text, "line": line, "arguments": arguments[:1]}


if __name__ == "__main__":
    main()
