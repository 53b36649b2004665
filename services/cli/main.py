"""The commands. Each finds the stack and hands over; none imports a service or a broker."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from services.cli import decisions, enriching, letters, logs, sources
from services.cli.command import DATA, Data, Json, become, hand_over
from services.cli.program import service_command, service_env
from services.cli.status import status as show
from services.cli.up import Wanted
from services.cli.up import up as run_stack
from shared.settings import Settings

app = typer.Typer(
    name="newswire",
    help="An event-sourced newswire on Redis streams.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.command()
def up(  # noqa: PLR0913 - the options of a command are its parameters
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
    push_port: Annotated[
        int,
        typer.Option(min=1, max=65535, envvar="NEWSWIRE_PUSH_PORT", help="The push door's port."),
    ] = 8001,
    *,
    no_seed: Annotated[bool, typer.Option("--no-seed", help="Do not replay the seed.")] = False,
) -> None:
    """Start an embedded Valkey (or use NEWSWIRE_REDIS_URL) and the four services; Ctrl-C stops."""
    push_host = os.environ.get("NEWSWIRE_PUSH_HOST") or Settings.push_host
    wanted = Wanted(data, host, port, redis_port, push_host, push_port, is_seeded=not no_seed)
    raise typer.Exit(run_stack(wanted, os.environ, typer.echo))


@app.command()
def replay(
    path: Annotated[str, typer.Argument(metavar="FILE|DIR", help="What was recorded.")],
    source: Annotated[str | None, typer.Option(help="The source that it counts for.")] = None,
    speed: Annotated[
        str | None,
        typer.Option(metavar="N", help="N times the recorded pace; without: as fast as it goes."),
    ] = None,
    data: Data = DATA,
) -> None:
    """Feed recorded documents to the running stack; any number of times, the same events."""
    named = ["--source", source] if source is not None else []
    paced = [f"--speed={speed}"] if speed is not None else []
    hand_over(data, "ingest", "replay", *named, *paced, "--", path)


@app.command()
def parse(
    path: Annotated[str, typer.Argument(metavar="FILE|-", help="A document, - for stdin.")],
    *,
    as_json: Json = False,
) -> None:
    """Show what a document gives, without a stack."""
    flags = ["--json"] if as_json else []
    become(service_command("ingest", "parse", *flags, "--", path), service_env(os.environ))


@app.command()
def status(data: Data = DATA, *, as_json: Json = False) -> None:
    """Show how the running stack is: health, lag, faults."""
    raise typer.Exit(show(data, as_json=as_json))


@app.command()
def verify(data: Data = DATA) -> None:
    """Fold the log afresh and compare it with the views, row by row."""
    hand_over(data, "projection", "verify")


decisions.register(app)
enriching.register(app)
letters.register(app)
logs.register(app)
sources.register(app)
