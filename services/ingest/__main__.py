"""``python -m services.ingest run``, and ``newswire replay`` and ``parse`` once they are found."""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path

from shared.news import SOURCE_ID

_INTERRUPTED = 130
"""As shells report a command that Ctrl-C ended."""


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m services.ingest", description=__doc__)
    # People meet these two as commands of newswire, which hands its arguments on.
    verbs = parser.add_subparsers(dest="verb", required=True, prog="newswire")
    verbs.add_parser("run", help="watch the inbox", prog="python -m services.ingest run")
    replay = verbs.add_parser("replay", help="publish a recording")
    replay.add_argument("path", type=Path)
    replay.add_argument("--source", type=_source)
    parse = verbs.add_parser("parse", help="show what a document holds")
    parse.add_argument("file")
    parse.add_argument("--source", type=_source)
    parse.add_argument("--json", action="store_true")
    return parser.parse_args()


def _source(text: str) -> str:
    if not SOURCE_ID.fullmatch(text):
        expected = "expected lower-case letters, digits and hyphens, at most 64"
        raise argparse.ArgumentTypeError(f"{expected}; found {text!r}")
    return text


def main() -> int:
    """Run a verb; the exit code."""
    chosen = _arguments()
    try:
        return _run(chosen)
    except KeyboardInterrupt:
        return _INTERRUPTED


def _run(chosen: argparse.Namespace) -> int:
    match chosen.verb:
        case "parse":
            from services.ingest.show import show  # noqa: PLC0415 - reading needs no broker: 0.5 s

            return show(chosen.file, source=chosen.source, as_json=chosen.json)
        case "replay":
            from services.ingest.main import replay_path  # noqa: PLC0415 - brings the broker
            from shared.telemetry import guarded  # noqa: PLC0415 - brings structlog

            return guarded(lambda: asyncio.run(replay_path(chosen.path, chosen.source)))
        case _:
            from services.ingest.main import run  # noqa: PLC0415 - brings the broker
            from shared.telemetry import guarded  # noqa: PLC0415 - brings structlog

            return guarded(lambda: asyncio.run(run()))


if __name__ == "__main__":
    sys.exit(main())
