"""Where a stack keeps its things, and how another command finds the one that runs."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NewType

from shared.embedded import is_alive
from shared.errors import Rejected, Unavailable

RFC3339 = NewType("RFC3339", str)


class NoStack(Unavailable):
    """No stack runs on this data directory, and no Redis was named."""


@dataclass(frozen=True, slots=True)
class Places:
    """The files of one data directory, which is absolute."""

    data: Path

    @property
    def stack(self) -> Path:
        """Where the running stack is, while it runs."""
        return self.data / "stack.json"

    @property
    def run(self) -> Path:
        """Health files and logs of the services, and the lock of ``newswire up``."""
        return self.data / "run"

    @property
    def log(self) -> Path:
        """The embedded server's append-only file, its own log and its lock."""
        return self.data / "log"

    @property
    def views(self) -> Path:
        """The read models."""
        return self.data / "views"

    @property
    def admin_key(self) -> Path:
        """The key that an operator's commands send to the push door; for its owner only."""
        return self.data / "admin.key"

    def health_of(self, service: str) -> Path:
        """The file in which a service says once a second how it is."""
        return self.run / f"{service}.json"

    def log_of(self, service: str) -> Path:
        """What a service writes to stdout and stderr."""
        return self.run / f"{service}.log"


@dataclass(frozen=True, slots=True)
class Stack:
    """A running stack. All but the Redis are None for one known by ``NEWSWIRE_REDIS_URL`` only."""

    redis_url: str
    api_url: str | None = None
    pid: int | None = None
    started_at: RFC3339 | None = None
    push_url: str | None = None
    """None also where a version without a push door started it."""


def places(data: Path) -> Places:
    """The places of a data directory, made absolute so that children may run anywhere.

    Raises:
        Rejected: a symlink in it leads to itself, or the directory that it is relative to is gone.
    """
    try:
        return Places(data.resolve())
    except (OSError, RuntimeError) as refusal:
        raise Rejected(
            f"Cannot find out where {data} is: {refusal}. Name another directory with --data."
        ) from refusal


def address(host: str, port: int) -> str:
    """The URL a browser on this machine opens; a wildcard host is reached by loopback."""
    reached = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(host, host)  # noqa: S104 - compared, not bound
    return f"http://[{reached}]:{port}/" if ":" in reached else f"http://{reached}:{port}/"


def write(where: Places, stack: Stack) -> None:
    """Publish where the stack is: whole or not at all, for its owner only (URLs hold passwords)."""
    draft = where.stack.with_suffix(".json.draft")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(asdict(stack), file)
    draft.replace(where.stack)


def find(data: Path, environ: Mapping[str, str]) -> Stack:
    """The stack to talk to: ``NEWSWIRE_REDIS_URL``'s, else the one that runs on ``data``.

    Raises:
        NoStack: neither is there; the message says how to get one.
        Rejected: the directory cannot be read.
    """
    where = places(data)
    running = read(where)
    if url := environ.get("NEWSWIRE_REDIS_URL"):
        return running if running and running.redis_url == url else Stack(redis_url=url)
    if running is None:
        raise NoStack(
            f"No stack runs on {where.data}. Start one there with `newswire up`, "
            "name another directory with --data, or set NEWSWIRE_REDIS_URL."
        )
    return running


def read(where: Places) -> Stack | None:
    """The stack that runs here; None when none does, or the one that wrote the file was killed.

    Raises:
        Rejected: the file is there and may not be read: the stack is another user's.
    """
    match _json(where.stack):
        case {
            "redis_url": str(redis_url),
            "api_url": str(api_url),
            "pid": int(pid),
            "started_at": str(started_at),
            **rest,
        } if is_alive(pid):
            push_url = rest.get("push_url")
            return Stack(
                redis_url, api_url, pid, RFC3339(started_at),
                push_url if isinstance(push_url, str) else None,
            )  # fmt: skip
        case _:
            return None


def _json(path: Path) -> object:
    """The decoded file; None when it is missing or is no JSON, as after a crash."""
    try:
        decoded: object = json.loads(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return None
    except OSError as refusal:
        raise Rejected(
            f"Cannot read {path}: {refusal.strerror}. Run this as the user who started the stack, "
            "or name another directory with --data."
        ) from refusal
    return decoded
