"""Values on their way into the sandbox and out of it, as JSON and raw bytes of arrays.

Nothing is pickled, so that reading a value runs no code of whoever wrote it. What comes out is
made of None, truth values, numbers, text, arrays, lists, tuples, sets and dictionaries; any other
object arrives as a `Foreign`, which has the name of its type and nothing else.
"""

import json
import math
import re
import socket
import struct
import time
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

__all__ = ["MAX_BYTES", "Foreign", "WireError", "decode", "encode", "receive", "send"]

MAX_BYTES = 4 * 2**20  # of one message from the sandbox
MAX_DEPTH = 32
MAX_NODES = 200_000
DTYPE = r"[<>|=]?[biufcSU]\d{1,5}"
PREFIX = struct.Struct("!I")
PLAIN = (type(None), bool, int, float, str)


class WireError(ValueError):
    """A message cannot be written or read; says why."""


class Foreign:
    """Stands for an object of which only the type's name came out of the sandbox."""

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"


def encode(value: Any, callables: list[Callable[..., Any]] | None = None) -> bytes:
    """Return a value as bytes.

    Args:
        value: Any value; tensors and tables become arrays.
        callables: Functions met in the value are appended here, and travel as their places in it;
            without such a list they are foreign objects.

    Returns:
        Bytes for `decode`.

    Raises:
        WireError: If the value is nested more than 32 deep.

    Example:
        >>> decode(encode({"shape": (2, 3)}))
        {'shape': (2, 3)}
    """
    buffers: list[bytes] = []
    tree = _tree(value, buffers, callables, 0)
    try:
        header = json.dumps(tree).encode("ascii")
    except ValueError as error:  # a whole number of more than 4300 digits
        raise WireError(str(error)) from error
    return PREFIX.pack(len(header)) + header + b"".join(buffers)


def decode(message: bytes, function: Callable[[int], Callable[..., Any]] | None = None) -> Any:
    """Return the value that `encode` wrote; safe for bytes from a stranger.

    Args:
        message: The bytes.
        function: Makes a function of its place in the sender's list; without it, functions
            arrive as foreign objects.

    Returns:
        The value, arrays writable.

    Raises:
        WireError: If the bytes are no message, or one too deep or too large to be worth reading.

    Example:
        >>> decode(encode([1.5, None]))
        [1.5, None]
    """
    try:
        (length,) = PREFIX.unpack_from(message)
        tree = json.loads(message[PREFIX.size : PREFIX.size + length])
        reader = _Reader(memoryview(message)[PREFIX.size + length :], function)
        return reader.value(tree, 0)
    except WireError:
        raise
    except (ValueError, TypeError, KeyError, IndexError, struct.error, RecursionError) as error:
        raise WireError(f"no message: {type(error).__name__}") from error


def send(channel: socket.socket, message: bytes) -> None:
    """Write one message, after its length.

    Raises:
        OSError: If the other side is gone.
    """
    channel.sendall(PREFIX.pack(len(message)) + message)


def receive(
    channel: socket.socket, deadline: float | None = None, limit: int | None = MAX_BYTES
) -> bytes:
    """Read one message.

    Args:
        channel: The socket.
        deadline: Value of `time.monotonic()` after which to give up; never if left out.
        limit: Greatest number of bytes; None for whatever comes.

    Returns:
        The message.

    Raises:
        EOFError: If the other side is gone.
        TimeoutError: If the deadline has passed.
        WireError: If the message is larger than the limit.
    """
    (length,) = PREFIX.unpack(_exactly(channel, PREFIX.size, deadline))
    if limit is not None and length > limit:
        raise WireError(f"{length:,} bytes, more than {limit:,}")
    return _exactly(channel, length, deadline)


def _exactly(channel: socket.socket, n_bytes: int, deadline: float | None) -> bytes:
    found = bytearray()
    while len(found) < n_bytes:
        if deadline is not None:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError("the deadline has passed")
            channel.settimeout(left)
        try:
            part = channel.recv(min(n_bytes - len(found), 2**20))
        except ConnectionError as error:
            raise EOFError("the other side is gone") from error
        if not part:
            raise EOFError("the other side is gone")
        found += part
    return bytes(found)


def _tree(value: Any, buffers: list[bytes], callables: list | None, depth: int) -> Any:  # noqa: C901
    if depth > MAX_DEPTH:
        raise WireError(f"nested more than {MAX_DEPTH} deep")

    def inner(part: Any) -> Any:
        return _tree(part, buffers, callables, depth + 1)

    if type(value) in PLAIN:
        return value
    if isinstance(value, (np.ndarray, np.generic)):
        return _array(value, buffers, inner)
    if isinstance(value, tuple):
        return {"tuple": [inner(part) for part in value]}
    if isinstance(value, list):
        return {"list": [inner(part) for part in value]}
    if isinstance(value, (set, frozenset)):
        return {"set": [inner(part) for part in value]}
    if isinstance(value, Mapping):
        return {"dict": [[inner(key), inner(part)] for key, part in value.items()]}
    if isinstance(value, complex):
        return {"complex": [value.real, value.imag]}
    for plain in (bool, int, float, str):
        if isinstance(value, plain):
            return plain(value)
    if hasattr(value, "__array__") and not isinstance(value, type):
        return _array(np.asarray(value), buffers, inner)
    if callable(value) and callables is not None:
        callables.append(value)
        return {"function": len(callables) - 1}
    return {"foreign": type(value).__name__}


def _array(value: Any, buffers: list[bytes], inner: Callable[[Any], Any]) -> Any:
    array = np.asarray(value)
    if array.dtype.kind == "O":
        return (
            {"list": [inner(part) for part in array.tolist()]}
            if array.ndim
            else {"foreign": "object"}
        )
    if not re.fullmatch(DTYPE, array.dtype.str):
        return {"foreign": f"{array.dtype.name}"}
    buffers.append(array.tobytes())
    kind = "number" if isinstance(value, np.generic) else "array"
    return {kind: [array.dtype.str, list(array.shape)]}


class _Reader:
    """Reads a tree; the arrays' bytes follow each other in the order of the tree."""

    def __init__(self, buffers: memoryview, function: Callable[[int], Callable] | None):
        self.buffers, self.function = buffers, function
        self.place = self.n_nodes = 0

    def value(self, tree: Any, depth: int) -> Any:
        self.n_nodes += 1
        if depth > MAX_DEPTH or self.n_nodes > MAX_NODES:
            raise WireError("too deep or too large")
        if isinstance(tree, str):
            return tree.encode("utf-8", "replace").decode("utf-8")  # half characters
        if type(tree) in PLAIN:
            return tree
        ((kind, content),) = tree.items()
        return getattr(self, f"_{kind}")(content, depth + 1) if kind in KINDS else _refuse(kind)

    def _list(self, content: Any, depth: int) -> list:
        return [self.value(part, depth) for part in content]

    def _tuple(self, content: Any, depth: int) -> tuple:
        return tuple(self._list(content, depth))

    def _set(self, content: Any, depth: int) -> set:
        return set(self._list(content, depth))

    def _dict(self, content: Any, depth: int) -> dict:
        return {self.value(key, depth): self.value(part, depth) for key, part in content}

    def _complex(self, content: Any, depth: int) -> complex:
        real, imaginary = content
        return complex(float(real), float(imaginary))

    def _foreign(self, content: Any, depth: int) -> Foreign:
        name = content if isinstance(content, str) and content.isidentifier() else "object"
        return type(name[:40], (Foreign,), {})()

    def _function(self, content: Any, depth: int) -> Any:
        place = int(content)
        return self.function(place) if self.function else self._foreign("function", depth)

    def _number(self, content: Any, depth: int) -> np.generic:
        return self._array(content, depth)[()]

    def _array(self, content: Any, depth: int) -> np.ndarray:
        name, shape = content
        if not isinstance(name, str) or not re.fullmatch(DTYPE, name):
            raise WireError("no such kind of numbers")
        if not all(type(size) is int and size >= 0 for size in shape) or len(shape) > MAX_DEPTH:
            raise WireError("no such shape")
        dtype = np.dtype(name)
        n_bytes = dtype.itemsize * math.prod(shape)
        part = self.buffers[self.place : self.place + n_bytes]
        if len(part) != n_bytes:
            raise WireError("an array is cut short")
        self.place += n_bytes
        return np.frombuffer(bytearray(part), dtype).reshape(shape)


KINDS = ("list", "tuple", "set", "dict", "complex", "foreign", "function", "number", "array")


def _refuse(kind: Any) -> Any:
    raise WireError(f"no such kind of value: {str(kind)[:20]!r}")
