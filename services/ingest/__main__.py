"""``python -m services.ingest run | replay PATH | parse FILE``."""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path

from shared.news import SOURCE_ID


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m services.ingest", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("run", help="watch the inbox")
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
    match chosen.verb:
        case "parse":
            # Reading a document needs no broker: the imports of the other verbs take half a second.
            from services.ingest.show import show  # noqa: PLC0415

            return show(chosen.file, source=chosen.source, as_json=chosen.json)
        case "replay":
            from services.ingest.main import replay_path  # noqa: PLC0415
            from shared.telemetry import guarded  # noqa: PLC0415

            return guarded(lambda: asyncio.run(replay_path(chosen.path, chosen.source)))
        case _:
            from services.ingest.main import run  # noqa: PLC0415
            from shared.telemetry import guarded  # noqa: PLC0415

            return guarded(lambda: asyncio.run(run()))


if __name__ == "__main__":
    sys.exit(main())
