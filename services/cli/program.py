"""A service as a child process: how it is called, and what is done to it."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

from services.cli.stack import Places
from shared.embedded import die_with_parent, rotate

ROOT = Path(__file__).resolve().parents[2]  # holds services, shared and seed, installed or not
SEED = ROOT / "seed"


class Program:
    """A command as a child in its own session; its output goes to a log, or without one to ours."""

    def __init__(
        self, name: str, command: Sequence[str], env: Mapping[str, str], log: Path | None
    ) -> None:
        self.name = name
        self.log = log
        self._command = command
        self._env = env
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """The process id, the last one when it has ended; None before the first start."""
        return self._child.pid if self._child else None

    def spawn(self) -> None:
        """Start the process and return at once. Only from the main thread.

        The kernel kills it with us, and at once: a service that is stuck would outlive a SIGTERM,
        and every service survives a kill (guarantee G1).
        """
        with self._sink() as out:
            self._child = subprocess.Popen(  # noqa: S603 - our own command, no shell
                self._command,
                env=self._env,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out and subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C is for the supervisor, which ends them in order
                preexec_fn=die_with_parent(signal.SIGKILL),  # noqa: PLW1509 - takes no lock, see there
            )

    def poll(self) -> int | None:
        """The exit code (negative: the signal); None while it lives and before its first start."""
        if self._child is None:
            return None
        was_alive = self._child.returncode is None
        code = self._child.poll()
        if was_alive and code is not None:
            self._kill_group(self._child.pid)  # what a crashed service left of its process pool
        return code

    def send(self, signum: signal.Signals) -> None:
        """Send a signal, SIGKILL to its own children too; nothing happens when it has ended."""
        if self._child is None or self.poll() is not None:
            return
        if signum is signal.SIGKILL:
            self._kill_group(self._child.pid)
        else:
            self._child.send_signal(signum)

    def _sink(self) -> contextlib.AbstractContextManager[IO[bytes] | None]:
        if self.log is None:
            return contextlib.nullcontext()
        rotate(self.log)
        return self.log.open("ab")

    @staticmethod
    def _kill_group(leader: int) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):  # empty; EPERM on macOS
            os.killpg(leader, signal.SIGKILL)


def service_command(service: str, *words: str) -> list[str]:
    """The command line of a service with a verb and its arguments, in this very Python.

    ``-P`` keeps a folder called ``services`` in the user's directory from being imported instead.
    """
    return [sys.executable, "-P", "-m", f"services.{service}", *words]


def service_env(environ: Mapping[str, str], **settings: str) -> dict[str, str]:
    """The environment of a service: ours, these settings, and the path to this code.

    Bytecode is wanted: without it the four services need 2.5 s instead of 1.2 s to start.
    """
    inherited = {k: v for k, v in environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    path = [str(ROOT), *filter(None, [environ.get("PYTHONPATH")])]
    return {**inherited, "PYTHONPATH": os.pathsep.join(path), "PYTHONUNBUFFERED": "1", **settings}


def stack_settings(where: Places, redis_url: str) -> dict[str, str]:
    """The two settings that tell a command which stack is meant."""
    return {"NEWSWIRE_REDIS_URL": redis_url, "NEWSWIRE_DATA_DIR": str(where.data)}
