"""What an operator decides, as commands: about articles, relations, stories, rates; and keys."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Final

import typer

from services.cli import stack
from services.cli.command import DATA, Data, Json, hand_over, login_name
from services.cli.door import decide

Reason = Annotated[str, typer.Option("--reason", help="Why; it is recorded, and shown.")]
Who = Annotated[
    str | None, typer.Option("--who", help="Who decides; recorded. Your login name unless given.")
]
Article = Annotated[str, typer.Argument(metavar="ID", help="The article's id.")]

DONE: Final = {
    "withdraw": "withdrawn",
    "hold": "withheld",
    "release": "released",
    "block": "blocked",
    "unblock": "unblocked",
    "revoke-relation": "relation revoked",
    "accept-rate": "accepted",
    "split-story": "story split",
}
"""What a decision is called when it stands."""

relation = typer.Typer(help="Decide about relations between articles.", no_args_is_help=True)
story = typer.Typer(help="Decide about stories.", no_args_is_help=True)
rate = typer.Typer(help="Decide about rates that are doubted.", no_args_is_help=True)
keys = typer.Typer(help="Keys of partners and operators.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    for command in (withdraw, hold, release):
        app.command()(command)
    app.add_typer(relation, name="relation")
    app.add_typer(story, name="story")
    app.add_typer(rate, name="rate")
    app.add_typer(keys, name="keys")


def withdraw(article_id: Article, reason: Reason, who: Who = None, data: Data = DATA) -> None:
    """Take an article back for good: what it said is shown no more."""
    send(data, {"decision": "withdraw", "article_id": article_id}, reason, who)


def hold(article_id: Article, reason: Reason, who: Who = None, data: Data = DATA) -> None:
    """Keep an article from being shown until it is released."""
    send(data, {"decision": "hold", "article_id": article_id}, reason, who)


def release(article_id: Article, reason: Reason, who: Who = None, data: Data = DATA) -> None:
    """Let an article that is held be shown."""
    send(data, {"decision": "release", "article_id": article_id}, reason, who)


@relation.command()
def revoke(
    article_id: Annotated[str, typer.Argument(metavar="A", help="An article's id.")],
    other_article_id: Annotated[str, typer.Argument(metavar="B", help="The other one's.")],
    reason: Reason,
    who: Who = None,
    data: Data = DATA,
) -> None:
    """Say that two articles are not related, whatever their texts say."""
    between = {"article_id": article_id, "other_article_id": other_article_id}
    send(data, {"decision": "revoke-relation", **between}, reason, who)


@story.command()
def split(
    story_id: Annotated[str, typer.Argument(metavar="STORY", help="The story's id.")],
    article_ids: Annotated[
        list[str], typer.Argument(metavar="ID...", help="The articles that do not belong to it.")
    ],
    reason: Reason,
    who: Who = None,
    data: Data = DATA,
) -> None:
    """Take articles out of a story: together they are one of their own, or each is alone."""
    send(
        data,
        {"decision": "split-story", "story_id": story_id, "article_ids": article_ids},
        reason,
        who,
    )


@rate.command()
def accept(
    rate_named: Annotated[
        tuple[str, str, str, str, str],
        typer.Argument(
            metavar="SOURCE KIND BASE QUOTE AS_OF",
            help="The rate, as /v1/rates/latest shows it: a-bank official USD KGS 2026-03-02.",
        ),
    ],
    value: Annotated[str, typer.Option("--value", help="The value that is doubted.")],
    reason: Reason,
    who: Who = None,
    data: Data = DATA,
) -> None:
    """Say that a rate which is doubted is right: it stands from here on."""
    about = dict(zip(("source", "kind", "base", "quote", "as_of"), rate_named, strict=True))
    send(data, {"decision": "accept-rate", **about, "value": value}, reason, who)


@keys.command("add")
def add_key(
    name: Annotated[str, typer.Argument(help="Whose it is, for people.")],
    source: Annotated[
        list[str] | None, typer.Option(help="A source that it may publish for; repeatable.")
    ] = None,
    data: Data = DATA,
    *,
    admin: Annotated[bool, typer.Option("--admin", help="It decides, and publishes nothing.")] = (
        False
    ),
    signing: Annotated[
        bool, typer.Option("--signing", help="Its requests are signed (Standard Webhooks).")
    ] = False,
) -> None:
    """Make a key and print it, once: only its hash is kept, or the secret that it signs with."""
    sourced = [word for each in source or () for word in ("--source", each)]
    flags = [*(["--admin"] if admin else []), *(["--signing"] if signing else [])]
    hand_over(data, "ingest", "keys", "add", *sourced, *flags, "--", name)


@keys.command("list")
def list_keys(data: Data = DATA, *, as_json: Json = False) -> None:
    """Show the keys that were made, without their secrets."""
    hand_over(data, "ingest", "keys", "list", *(["--json"] if as_json else []))


@keys.command("rotate")
def rotate_key(
    key_id: Annotated[str, typer.Argument(metavar="ID", help="As `newswire keys list` shows it.")],
    data: Data = DATA,
) -> None:
    """Make another signing secret; the one before stays valid for 24 hours."""
    hand_over(data, "ingest", "keys", "rotate", "--", key_id)


@keys.command("revoke")
def revoke_key(
    key_id: Annotated[str, typer.Argument(metavar="ID", help="As `newswire keys list` shows it.")],
    data: Data = DATA,
) -> None:
    """Have a key refused from here on."""
    hand_over(data, "ingest", "keys", "revoke", "--", key_id)


def send(
    data: Path, decision: Mapping[str, str | Sequence[str]], reason: str, who: str | None
) -> None:
    """Send a decision to the running stack and say in one line what stands."""
    found, where = stack.find(data, os.environ), stack.places(data)
    answer = decide(found, where, {**decision, "reason": reason, "who": who or login_name()})
    kind = str(decision["decision"])
    about = [one for said in list(decision.values())[1:] for one in _words(said)]
    done = DONE[kind] if answer.outcome == "appended" else f"{DONE[kind]} already"
    typer.echo(f"{done}: {' '.join(about)} (seq {answer.seq})")


def _words(said: str | Sequence[str]) -> Sequence[str]:
    return [said] if isinstance(said, str) else said
