"""``python -m services.ingest run``, and what ``newswire replay``, ``parse``, ``export`` become."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Callable, Coroutine
from math import inf
from pathlib import Path
from typing import Any

from shared.news import SOURCE_ID
from shared.printing import flushed

_INTERRUPTED = 130
"""As shells report a command that Ctrl-C ended."""


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m services.ingest", description=__doc__)
    # People meet these two as commands of newswire, which hands its arguments on.
    verbs = parser.add_subparsers(dest="verb", required=True, prog="newswire")
    verbs.add_parser(
        "run", help="watch the inbox, answer at the push door", prog="python -m services.ingest run"
    )
    replay = verbs.add_parser("replay", help="publish a recording")
    replay.add_argument("path", type=Path)
    replay.add_argument("--source", type=_source)
    replay.add_argument("--speed", type=_speed)
    export = verbs.add_parser("export", help="write the whole log to an archive")
    export.add_argument("file", nargs="?")
    restore = verbs.add_parser("import", help="restore a log from an archive")
    restore.add_argument("file")
    parse = verbs.add_parser("parse", help="show what a document holds")
    parse.add_argument("file")
    parse.add_argument("--source", type=_source)
    parse.add_argument("--json", action="store_true")
    _add_sources(verbs.add_parser("sources", help="what is read, and how it is"))
    _add_keys(verbs.add_parser("keys", help="keys of partners and operators"))
    return parser.parse_args()


def _add_sources(sources: argparse.ArgumentParser) -> None:
    actions = sources.add_subparsers(dest="action", required=True)
    for name in ("list", "show"):
        shown = actions.add_parser(name)
        shown.add_argument("--redis", action="store_true", help="how each is, too")
        if name == "show":
            shown.add_argument("id")
        else:
            shown.add_argument("--json", action="store_true")
    add = actions.add_parser("add", help="add a source that answers")
    add.add_argument("id", type=_source)
    add.add_argument("url")
    add.add_argument("--unseen", action="store_true", help="add it without a look")
    for name in ("name", "format", "every", "language", "zone", "display", "rights"):
        add.add_argument(f"--{name}")
    add.add_argument("--trust-rank", type=int)
    actions.add_parser("remove", help="read a source no more").add_argument("id")
    test = actions.add_parser("test", help="fetch once and show what would be published")
    test.add_argument("what", metavar="ID|URL")
    test.add_argument("--json", action="store_true")
    actions.add_parser("import-opml", help="add the feeds of a list").add_argument("file")
    actions.add_parser("export-opml", help="write the sources as OPML")


def _add_keys(keys: argparse.ArgumentParser) -> None:
    actions = keys.add_subparsers(dest="action", required=True)
    add = actions.add_parser("add", help="make a key and print it, once")
    add.add_argument("name")
    add.add_argument("--source", type=_source, action="append", default=[])
    kind = add.add_mutually_exclusive_group()
    kind.add_argument("--admin", action="store_true")
    kind.add_argument("--signing", action="store_true")
    actions.add_parser("list", help="show the keys").add_argument("--json", action="store_true")
    actions.add_parser("rotate", help="make another signing secret").add_argument("key_id")
    actions.add_parser("revoke", help="have a key refused from here on").add_argument("key_id")
    actions.add_parser("register-admin", help="keep the key of NEWSWIRE_ADMIN_KEY")


def _source(text: str) -> str:
    if not SOURCE_ID.fullmatch(text):
        expected = "expected lower-case letters, digits and hyphens, at most 64"
        raise argparse.ArgumentTypeError(f"{expected}; found {text!r}")
    return text


def _speed(text: str) -> float:
    try:
        speed = float(text)
    except ValueError:
        speed = 0.0
    if not 0 < speed < inf:
        expected = "expected a number above 0, 1 for the recorded pace"
        raise argparse.ArgumentTypeError(f"{expected}; found {text!r}")
    return speed


def main() -> int:
    """Run a verb; the exit code."""
    chosen = _arguments()
    try:
        return _run(chosen)
    except KeyboardInterrupt:
        return _INTERRUPTED


def _run(chosen: argparse.Namespace) -> int:
    if chosen.verb == "parse":
        from services.ingest.show import show  # noqa: PLC0415 - not what others bring: 0.2 s

        return show(chosen.file, source=chosen.source, as_json=chosen.json)
    from services.ingest import backup, main  # noqa: PLC0415 - Redis's client, HTTP: 0.6 s
    from shared.telemetry import guarded  # noqa: PLC0415 - brings structlog: 0.1 s

    works: dict[str, Verb] = {
        "replay": lambda: main.replay_path(chosen.path, chosen.source, chosen.speed),
        "export": lambda: backup.export_log(chosen.file),
        "import": lambda: backup.import_log(chosen.file),
        "sources": lambda: main.sources(chosen),
        "keys": lambda: main.keys(chosen),
        "run": main.run,
    }
    return guarded(lambda: _printed(works[chosen.verb]))


Verb = Callable[[], Coroutine[Any, Any, int]]


def _printed(verb: Verb) -> int:
    """The exit code of a verb, which may print what it finds."""
    with flushed():
        return asyncio.run(verb())
    return 0  # nobody reads it any more


if __name__ == "__main__":
    sys.exit(main())
