"""Commands that show what enrichment makes of articles, and why."""

from __future__ import annotations

import os
from typing import Annotated, Final

import typer

from services.cli.command import DATA, Data, Json, become, hand_over
from services.cli.program import service_command, service_env

_PROCESSES_MAX: Final = 8
_BATCH_MAX: Final = 2_000


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command()(enrich)
    app.command()(explain)


def enrich(  # noqa: PLR0913 - the options of a command are its parameters
    file: Annotated[
        str | None, typer.Argument(metavar="FILE|-", help="Articles, one a line; - for stdin.")
    ] = None,
    processes: Annotated[
        int, typer.Option(min=1, max=_PROCESSES_MAX, help="All but one of them read ahead.")
    ] = 1,
    batch: Annotated[
        int, typer.Option(min=1, max=_BATCH_MAX, help="How many lines are read ahead.")
    ] = 200,
    since: Annotated[
        int, typer.Option(min=1, help="With --shadow: compare from this seq of the wire on.")
    ] = 1,
    data: Data = DATA,
    *,
    shadow: Annotated[
        bool, typer.Option("--shadow", help="Compare the wire with what this code would say.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="With --shadow: every difference, as JSON.")
    ] = False,
) -> None:
    """Say of articles what the wire would say of them, without a stack and without a log."""
    if (file is None) != shadow:
        raise typer.BadParameter("expected a FILE, - for stdin, or --shadow")
    if not shadow and (as_json or since != 1):
        raise typer.BadParameter("--json and --since go with --shadow; a FILE always gives JSON")
    if shadow:
        flags = ["--json"] if as_json else []
        hand_over(data, "enrichment", "shadow", f"--since={since}", *flags)
    options = [f"--processes={processes}", f"--batch={batch}"]
    command = service_command("enrichment", "enrich", *options, "--", str(file))
    become(command, service_env(os.environ))


def explain(
    article: Annotated[str, typer.Argument(metavar="A", help="The id of an article.")],
    other: Annotated[str, typer.Argument(metavar="B", help="The id of another one.")],
    data: Data = DATA,
    *,
    as_json: Json = False,
) -> None:
    """Show why two articles of the wire are related, or are not."""
    flags = ["--json"] if as_json else []
    hand_over(data, "enrichment", "explain", *flags, "--", article, other)
