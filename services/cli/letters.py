"""Commands about what was set aside, and about the views: list, show, retry, drop, rebuild."""

from __future__ import annotations

import asyncio
import os
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import orjson
import typer

from services.cli import door, parked, stack
from services.cli.command import DATA, Data, Json, hand_over, login_name
from services.cli.parked import Parked
from shared import settings
from shared.errors import Rejected
from shared.faults import visible
from shared.streams import PROJECTION

Consumer = Annotated[
    str, typer.Argument(help="enrichment.articles, enrichment.rates or projection.")
]
Subject = Annotated[str, typer.Argument(help="As `newswire deadletters list` shows it.")]
Reason = Annotated[str, typer.Option("--reason", help="Why; it is recorded, and shown.")]
Who = Annotated[
    str | None, typer.Option("--who", help="Who decides; recorded. Your login name unless given.")
]
ERROR_SHOWN_MAX = 100
"""Characters of an error in a list; ``show`` has all of it."""

deadletters = typer.Typer(help="Events that a consumer has set aside.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.add_typer(deadletters, name="deadletters")
    app.command()(rebuild)


@deadletters.command("list")
def list_all(data: Data = DATA, *, as_json: Json = False) -> None:
    """Show what is set aside: which events of which subject, and why."""
    found = _all(data)
    if as_json:
        _print_json([asdict(each) for each in found])
        return
    for each in found:
        retried = ", to be retried" if each.is_retried else ""
        typer.echo(f"{each.consumer} {each.seq}  {visible(each.subject)}")
        typer.echo(
            f"    {visible(each.event_type)}, {each.reason}{retried}: "
            f"{visible(each.error)[:ERROR_SHOWN_MAX]}"
        )
    if not found:
        typer.echo("nothing is set aside")


@deadletters.command()
def show(
    consumer: Consumer,
    seq: Annotated[int, typer.Argument(min=1, help="Of the event in its stream.")],
    data: Data = DATA,
) -> None:
    """Show one event that is set aside, whole, with why it failed; as JSON."""
    found, desk = stack.find(data, os.environ), settings.read(os.environ).desk
    views_dir = stack.places(data).views
    each, entry = asyncio.run(
        parked.asked(
            found.redis_url, desk, lambda log: parked.one_parked(log, views_dir, consumer, seq)
        )
    )
    _print_json({**asdict(each), "event": parked.as_json(entry) if entry else None})


@deadletters.command()
def retry(
    consumer: Consumer, subject: Subject, reason: Reason, who: Who = None, data: Data = DATA
) -> None:
    """Have a subject's events taken up again, in their order; one that fails is set aside again."""
    _decide(data, "retry", (consumer, subject), (reason, who))


@deadletters.command()
def drop(
    consumer: Consumer, subject: Subject, reason: Reason, who: Who = None, data: Data = DATA
) -> None:
    """Give up a subject's events for good; later ones of it are taken in again."""
    if consumer == PROJECTION:
        raise Rejected(
            "The projection drops nothing: its views are what the wire makes of them. Retry with "
            "mended code, or hold or withdraw the article."
        )
    _decide(data, "drop", (consumer, subject), (reason, who))


def rebuild(
    data: Data = DATA,
    *,
    back: Annotated[
        bool, typer.Option("--back", help="Go back to the views as before the last rebuild.")
    ] = False,
) -> None:
    """Fold the log into new views beside the live ones, and swap them when they have caught up."""
    hand_over(data, "projection", "rebuild", *(["--back"] if back else []))


def _all(data: Path) -> list[Parked]:
    found, desk = stack.find(data, os.environ), settings.read(os.environ).desk
    views_dir = stack.places(data).views
    return asyncio.run(
        parked.asked(found.redis_url, desk, lambda log: parked.all_parked(log, views_dir))
    )


def _decide(
    data: Path, decision: str, about: tuple[str, str], said: tuple[str, str | None]
) -> None:
    """Send a decision about a consumer's subject, with why and who, and say what stands."""
    (consumer, subject), (reason, who) = about, said
    parked.check_consumer(consumer)
    count = sum((each.consumer, each.subject) == about for each in _all(data))
    if not count:
        raise Rejected(
            f"{consumer} has set aside nothing of {visible(subject)}; "
            "see `newswire deadletters list`"
        )
    body = {"decision": decision, "consumer": consumer, "subject": subject, "reason": reason}
    answer = door.decide(
        stack.find(data, os.environ), stack.places(data), {**body, "who": who or login_name()}
    )
    done = {"retry": "to be retried", "drop": "dropped"}[decision]
    typer.echo(f"{done}: {count} of {visible(subject)} (seq {answer.seq})")


def _print_json(said: object) -> None:
    typer.echo(orjson.dumps(said, option=orjson.OPT_INDENT_2).decode())
