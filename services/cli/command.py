"""What the commands share: their options, and how one goes on as a service's verb."""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from services.cli import stack
from services.cli.program import service_command, service_env, stack_settings

Data = Annotated[
    Path,
    typer.Option("--data", envvar="NEWSWIRE_DATA_DIR", help="The directory that holds the stack."),
]
Json = Annotated[bool, typer.Option("--json", help="Machine-readable output.")]
DATA = Path(".newswire")


def hand_over(data: Path, service: str, *words: str) -> NoReturn:
    """Go on as a verb of a service, pointed at the running stack.

    Raises:
        NoStack: none runs on ``data``, and no Redis was named.
    """
    found = stack.find(data, os.environ)
    settings = stack_settings(stack.places(data), found.redis_url)
    become(service_command(service, *words), service_env(os.environ, **settings))


def hand_on(data: Path, service: str, *words: str, asking: Sequence[str] = ()) -> NoReturn:
    """Go on as a verb of a service, with a running stack or without.

    ``asking`` are words that are added where a stack runs.
    """
    settings = {"NEWSWIRE_DATA_DIR": str(stack.places(data).data)}
    try:
        found = stack.find(data, os.environ)
    except stack.NoStack:
        asking = ()
    else:
        settings = stack_settings(stack.places(data), found.redis_url)
    become(service_command(service, *words, *asking), service_env(os.environ, **settings))


def become(command: list[str], env: dict[str, str]) -> NoReturn:
    """Go on as that command: its output, its signals and its exit code are ours."""
    sys.stdout.flush()
    os.execve(command[0], command, env)  # noqa: S606 - our own command, no shell


def login_name() -> str:
    """Who gives a command; a container's uid may have no name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid {os.getuid()}"
