"""``newswire sources``: what is read, how it is, and what is let into the wire."""

from __future__ import annotations

from typing import Annotated

import typer

from services.cli.command import DATA, Data, Json, hand_on
from services.cli.decisions import Reason, Who, send

Source = Annotated[str, typer.Argument(metavar="ID", help="The source's id.")]

sources = typer.Typer(help="Sources: read, tested, added, blocked.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.add_typer(sources, name="sources")


@sources.command("list")
def list_sources(data: Data = DATA, *, as_json: Json = False) -> None:
    """Show the sources of sources.toml, and how each is where a stack runs."""
    flags = ["--json"] if as_json else []
    hand_on(data, "ingest", "sources", "list", *flags, asking=["--redis"])


@sources.command()
def show(source: Source, data: Data = DATA) -> None:
    """Show one source: what sources.toml says of it, and how it is where a stack runs."""
    hand_on(data, "ingest", "sources", "show", source, asking=["--redis"])


@sources.command()
def add(  # noqa: PLR0913 - the options of a command are its parameters
    source: Source,
    url: Annotated[str, typer.Argument(help="Of a feed, a page, or a page that names a feed.")],
    *,
    name: Annotated[str | None, typer.Option(help="For readers.")] = None,
    kind: Annotated[
        str | None, typer.Option("--format", help="auto, feed, page, list, rates, or a bank: nbkr.")
    ] = None,
    every: Annotated[str | None, typer.Option(help="30m, 6h; without: as it says.")] = None,
    language: Annotated[str | None, typer.Option(help="Of what declares none.")] = None,
    zone: Annotated[str | None, typer.Option(help="Of times without an offset.")] = None,
    trust_rank: Annotated[int | None, typer.Option(min=1, max=9, help="1: the most.")] = None,
    display: Annotated[str | None, typer.Option(help="excerpt or headline.")] = None,
    rights: Annotated[str | None, typer.Option(help="The rights line of its articles.")] = None,
    data: Data = DATA,
    unseen: Annotated[bool, typer.Option("--unseen", help="Add it without a look.")] = False,
) -> None:
    """Add a source to sources.toml, after a look at what it offers."""
    said = {
        "name": name, "format": kind, "every": every, "language": language, "zone": zone,
        "trust-rank": trust_rank, "display": display, "rights": rights,
    }  # fmt: skip
    words = [f"--{option}={value}" for option, value in said.items() if value is not None]
    flags = ["--unseen"] if unseen else []
    hand_on(data, "ingest", "sources", "add", *words, *flags, "--", source, url)


@sources.command()
def remove(source: Source, data: Data = DATA) -> None:
    """Read a source no more; what it has published stays."""
    hand_on(data, "ingest", "sources", "remove", "--", source)


@sources.command("test")
def look(
    what: Annotated[str, typer.Argument(metavar="ID|URL", help="A source, or any address.")],
    data: Data = DATA,
    *,
    as_json: Json = False,
) -> None:
    """Fetch once and show what would be published, and every problem; nothing is recorded."""
    flags = ["--json"] if as_json else []
    hand_on(data, "ingest", "sources", "test", *flags, "--", what)


@sources.command("import-opml")
def import_opml(
    file: Annotated[str, typer.Argument(metavar="FILE", help="As other readers export it.")],
    data: Data = DATA,
) -> None:
    """Add the feeds of an OPML file that are not there yet."""
    hand_on(data, "ingest", "sources", "import-opml", "--", file)


@sources.command("export-opml")
def export_opml(data: Data = DATA) -> None:
    """Write the sources as OPML, for other readers."""
    hand_on(data, "ingest", "sources", "export-opml")


@sources.command()
def block(source: Source, reason: Reason, who: Who = None, data: Data = DATA) -> None:
    """Record what a source offers from here on, and let nothing of it into the wire."""
    send(data, {"decision": "block", "source": source}, reason, who)


@sources.command()
def unblock(source: Source, reason: Reason, who: Who = None, data: Data = DATA) -> None:
    """Let a source into the wire again, with what it offered meanwhile."""
    send(data, {"decision": "unblock", "source": source}, reason, who)
