"""The commands. Each finds the stack and hands over; none imports a service or a broker."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from services.cli import stack
from services.cli.program import service_command, service_env, stack_settings
from services.cli.up import Wanted
from services.cli.up import up as run_stack

app = typer.Typer(
    name="newswire",
    help="An event-sourced newswire on Redis streams.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Data = Annotated[
    Path,
    typer.Option("--data", envvar="NEWSWIRE_DATA_DIR", help="The directory that holds the stack."),
]
Json = Annotated[bool, typer.Option("--json", help="Machine-readable output.")]
DATA = Path(".newswire")


@app.command()
def up(
    data: Data = DATA,
    host: Annotated[
        str, typer.Option(envvar="NEWSWIRE_HOST", help="Where the api listens.")
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=1, max=65535, envvar="NEWSWIRE_PORT", help="The api's port.")
    ] = 8000,
    redis_port: Annotated[
        int, typer.Option(min=1, max=65535, help="The embedded Valkey's port.")
    ] = 16379,
    *,
    no_seed: Annotated[bool, typer.Option("--no-seed", help="Do not replay the seed.")] = False,
) -> None:
    """Start an embedded Valkey (or use NEWSWIRE_REDIS_URL) and the four services; Ctrl-C stops."""
    wanted = Wanted(data, host, port, redis_port, is_seeded=not no_seed)
    raise typer.Exit(run_stack(wanted, os.environ, typer.echo))


@app.command()
def replay(
    path: Annotated[str, typer.Argument(metavar="FILE|DIR", help="What was recorded.")],
    source: Annotated[str | None, typer.Option(help="The source that it counts for.")] = None,
    data: Data = DATA,
) -> None:
    """Feed recorded documents to the running stack; any number of times, the same events."""
    named = ["--source", source] if source is not None else []
    _become(service_command("ingest", "replay", *named, "--", path), _stack_env(data))


@app.command()
def parse(
    path: Annotated[str, typer.Argument(metavar="FILE|-", help="A document, - for stdin.")],
    *,
    as_json: Json = False,
) -> None:
    """Show what a document gives, without a stack."""
    flags = ["--json"] if as_json else []
    _become(service_command("ingest", "parse", *flags, "--", path), service_env(os.environ))


@app.command()
def status(data: Data = DATA, *, as_json: Json = False) -> None:
    """Show how the running stack is: health, lag, faults."""
    from services.cli.status import status as show  # noqa: PLC0415 - only this command speaks to Redis

    raise typer.Exit(show(data, as_json))


@app.command()
def verify(data: Data = DATA) -> None:
    """Fold the log afresh and compare it with the views, row by row."""
    _become(service_command("projection", "verify"), _stack_env(data))


def _stack_env(data: Path) -> dict[str, str]:
    """The environment that points a service's verb at the running stack."""
    found = stack.find(data, os.environ)
    return service_env(os.environ, **stack_settings(stack.places(data), found.redis_url))


def _become(command: list[str], env: dict[str, str]) -> NoReturn:
    """Go on as that command: its output, its signals and its exit code are ours."""
    sys.stdout.flush()
    os.execve(command[0], command, env)  # noqa: S606 - our own command, no shell
