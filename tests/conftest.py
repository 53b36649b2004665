"""The servers that tests run against; each is started when the first test asks for it."""

from __future__ import annotations

import itertools
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.servers import Server, docker_answers, program, redis_container

# What a shell or a worker of pytest ignores, the processes that tests start would ignore too.
signal.signal(signal.SIGHUP, signal.SIG_DFL)
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

NewServer = Callable[..., Server]
_container_tests: list[str] = []


@pytest.fixture(scope="session")
def _redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """How the Redis of this run was found, and its URL."""
    if docker_answers():
        with redis_container() as url:
            yield "container", url
    elif path := program("redis"):
        server = Server(path, tmp_path_factory.mktemp("redis"))
        yield "process", server.url
        server.kill()
    else:
        pytest.skip("neither a Docker engine nor redis-server is here")


@pytest.fixture
def redis_url(_redis: tuple[str, str], request: pytest.FixtureRequest) -> str:
    """URL of the session's Redis; a test works on its own desk there."""
    found, url = _redis
    if found == "container":
        _container_tests.append(request.node.nodeid)
    return url


@pytest.fixture(scope="session")
def valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The session's Valkey; a test works on its own desk there."""
    server = Server(program("valkey") or "", tmp_path_factory.mktemp("valkey"))
    yield server
    server.kill()


@pytest.fixture
def valkey_url(valkey: Server) -> str:
    """URL of the session's Valkey."""
    return valkey.url


@pytest.fixture
def new_server(tmp_path: Path) -> Iterator[NewServer]:
    """Makes servers for one test alone: ``new_server("--maxmemory", "3mb", name="redis")``."""
    servers: list[Server] = []

    def start(*args: str, name: str = "valkey") -> Server:
        if (path := program(name)) is None:
            pytest.skip(f"no {name} server program is here")
        folder = tmp_path / f"server-{len(servers)}"
        folder.mkdir()
        servers.append(Server(path, folder, *args))
        return servers[-1]

    yield start
    for server in servers:
        server.kill()


_desks = itertools.count(1)


@pytest.fixture
def desk() -> str:
    """A desk that no other test uses."""
    return f"desk-{next(_desks)}"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say whether a real Redis image was tested against."""
    terminalreporter.write_line(f"{len(set(_container_tests))} tests ran against a Redis container")
    if _was_left_out():
        terminalreporter.write_line("CI is true and Docker answers: a run without them has failed")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """In CI a run that could have used the Redis container and did not is a failed run.

    A worker says which tests did, and leaves the judgement to whoever started it.
    """
    told = getattr(session.config, "workeroutput", None)
    if told is not None:
        told["container_tests"] = sorted(set(_container_tests))
    elif _was_left_out():
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """A worker has ended: take over what it says."""
    _container_tests.extend(getattr(node, "workeroutput", {}).get("container_tests", ()))


def _was_left_out() -> bool:
    return os.environ.get("CI") == "true" and not _container_tests and docker_answers()
