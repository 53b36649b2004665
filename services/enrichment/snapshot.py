"""A memory as a file, so that a restart need not fold the whole log.

Never a second truth: a snapshot says at which events of the log it was taken, and is thrown away
where the log has others there, where another version of the code made it, or where a bit is wrong.
"""

from __future__ import annotations

import hashlib
import os
from array import array
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar, get_origin

import msgspec
import numpy as np
from structlog.stdlib import BoundLogger

from services.enrichment.shelf import Part
from shared.streams import Checkpoint

MAGIC: Final = b"newswire snapshot 3\n"
"""Raised with every change of the form."""
EVENTS_BETWEEN: Final = 5_000
"""Events of the input from one snapshot to the next: what a restart folds at most."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Taken:
    """Where a memory stood when it was written down."""

    made_by: str
    """Code and methods: a memory of others is another memory."""
    input: Checkpoint
    wire: Checkpoint
    deadletters: Checkpoint


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A memory that was read from a file."""

    taken: Taken
    memory: bytes
    """As ``packed`` made it."""


@dataclass(slots=True)
class Keeper:
    """The snapshot of one consumer."""

    file: Path
    made_by: str
    logger: BoundLogger
    pack: Callable[[], bytes]
    """The memory as it is, as bytes."""
    restore: Callable[[bytes], None]
    """Take up what was packed; raises ValueError where it is of another form."""
    seq: int = 0
    """Of the input, when the last one was taken or found."""

    def find(self, deadletters: Checkpoint) -> Snapshot | None:
        """The snapshot, if it is ours and no decision about set aside events came after it."""
        found = load(self.file)
        if isinstance(found, Snapshot) and found.taken.made_by != self.made_by:
            found = f"it was made by {found.taken.made_by}"
        elif isinstance(found, Snapshot) and found.taken.deadletters != deadletters:
            found = "events were set aside or taken up again since"
        if isinstance(found, str):
            self.logger.info("no_snapshot", reason=found)
            return None
        self.seq = found.taken.input.seq
        return found

    def is_due(self, seq: int) -> bool:
        """Whether enough came since the last one."""
        return seq - self.seq >= EVENTS_BETWEEN

    def keep(self, consumed: Checkpoint, wire: Checkpoint, deadletters: Checkpoint) -> None:
        """Write a snapshot; a disk that is full costs the next restart some time, no more."""
        self.seq = consumed.seq
        taken = Taken(self.made_by, consumed, wire, deadletters)
        try:
            save(self.file, Snapshot(taken, self.pack()))
        except OSError as error:
            self.logger.warning("snapshot_failed", error=error.strerror)


def packed(memory: object) -> bytes:
    """A memory as bytes: dataclasses, with arrays in them."""
    return msgspec.msgpack.Encoder(enc_hook=_plain).encode(memory)


def unpacked(data: bytes, kind: type[T]) -> T:
    """The memory that was packed.

    Raises:
        ValueError: the bytes are of another form.
    """
    try:
        return msgspec.msgpack.Decoder(kind, dec_hook=_to_array).decode(data)
    except msgspec.MsgspecError as error:
        raise ValueError(f"expected a packed {kind.__name__}: {error}") from error


def save(file: Path, snapshot: Snapshot) -> None:
    """Write a snapshot over the one before; whoever reads meanwhile has the old one or the new.

    Raises:
        OSError: it cannot be written, as on a full disk; the one before stands.
    """
    body = msgspec.msgpack.encode(snapshot)
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_suffix(".draft")
    try:
        with draft.open("wb") as out:
            out.write(MAGIC + hashlib.sha256(body).digest() + body)
            out.flush()
            os.fsync(out.fileno())
        draft.replace(file)
    except OSError:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        raise


def load(file: Path) -> Snapshot | str:
    """The snapshot of a file, or why there is none to use."""
    try:
        data = file.read_bytes()
    except FileNotFoundError:
        return "there is none"
    except OSError as error:
        return f"it cannot be read: {error.strerror}"
    digest, body = data[len(MAGIC) : len(MAGIC) + 32], data[len(MAGIC) + 32 :]
    if not data.startswith(MAGIC):
        return "it is of another form"
    if hashlib.sha256(body).digest() != digest:
        return "it is damaged"
    try:
        return msgspec.msgpack.decode(body, type=Snapshot)
    except msgspec.MsgspecError as error:
        return f"it is of another form: {error}"


def _plain(value: object) -> object:
    if isinstance(value, Part):
        return dict(value)
    if isinstance(value, np.ndarray):
        return [str(value.dtype), value.tobytes()]
    if isinstance(value, array):
        return [value.typecode, value.tobytes()]
    raise NotImplementedError(f"a memory holds no {type(value).__name__}")


def _to_array(kind: Any, value: Any) -> Any:
    name, data = value
    if get_origin(kind) is array or kind is array:
        return array(name, data)
    return np.frombuffer(data, dtype=name)
