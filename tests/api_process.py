"""The api as a process of its own, started by a test and ended with it."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx2
import pytest

READY_S_MAX: Final = 20.0
NO_REDIS: Final = "redis://127.0.0.1:1/0"
"""Nobody listens on port 1."""


@dataclass(frozen=True)
class ApiProcess:
    """A running api."""

    url: str
    process: subprocess.Popen[bytes]

    def get(self, path: str) -> httpx2.Response:
        """What it answers."""
        return httpx2.get(self.url + path, timeout=5)

    def wait_until(self, path: str, is_so: Callable[[httpx2.Response], bool]) -> httpx2.Response:
        """The first answer of which this is so."""
        deadline = time.monotonic() + READY_S_MAX
        while True:
            with contextlib.suppress(httpx2.TransportError):
                answer = self.get(path)
                if is_so(answer):
                    return answer
                assert time.monotonic() < deadline, answer.text
            assert self.process.poll() is None, "the api has ended"
            assert time.monotonic() < deadline, "the api does not answer"
            time.sleep(0.02)


def started(data_dir: Path, redis_url: str, desk: str, port: int) -> subprocess.Popen[bytes]:
    """An api just started, to be ended by the caller."""
    own = {
        "NEWSWIRE_DATA_DIR": str(data_dir),
        "NEWSWIRE_REDIS_URL": redis_url,
        "NEWSWIRE_DESK": desk,
        "NEWSWIRE_PORT": str(port),
    }
    return subprocess.Popen(
        [sys.executable, "-m", "services.api", "run"], env={**os.environ, **own}
    )


@contextlib.contextmanager
def serving(
    data_dir: Path, redis_url: str = NO_REDIS, desk: str = "newswire"
) -> Iterator[ApiProcess]:
    """An api over the views below a data directory, on a free loopback port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = started(data_dir, redis_url, desk, port)
    try:
        api = ApiProcess(f"http://127.0.0.1:{port}", process)
        api.wait_until("/livez", lambda answer: answer.status_code == 200)
        yield api
    finally:
        process.kill()
        process.wait()


def desk(fill: Callable[[Path], None]) -> Any:
    """A fixture of a module: an api over the views that ``fill`` writes below a data directory."""

    @pytest.fixture(scope="module")
    def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiProcess]:
        folder = tmp_path_factory.mktemp("desk")
        fill(folder)
        with serving(folder) as running:
            yield running

    return api
