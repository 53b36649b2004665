"""``python -m services.enrichment run``, and what ``newswire enrich`` and ``explain`` become."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Callable
from typing import Final

from services.enrichment import main
from services.enrichment.offline import BATCH, BATCH_MAX
from services.enrichment.readers import PROCESSES_MAX
from shared.printing import flushed
from shared.telemetry import guarded

_INTERRUPTED: Final = 130
"""As shells report a command that Ctrl-C ended."""


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m services.enrichment", description=__doc__)
    # People meet the others as commands of newswire, which hands its arguments on.
    verbs = parser.add_subparsers(dest="verb", required=True, prog="newswire")
    verbs.add_parser("run", prog="python -m services.enrichment run")
    enrich = verbs.add_parser("enrich", help="articles in, events of the wire out")
    enrich.add_argument("file")
    enrich.add_argument("--processes", type=_up_to(PROCESSES_MAX), default=1)
    enrich.add_argument("--batch", type=_up_to(BATCH_MAX), default=BATCH)
    shadow = verbs.add_parser(
        "shadow", help="what this code would say otherwise", prog="newswire enrich --shadow"
    )
    shadow.add_argument("--since", type=int, default=1)
    explain = verbs.add_parser("explain", help="why two articles are related or not")
    explain.add_argument("articles", nargs=2)
    for verb in (shadow, explain):
        verb.add_argument("--json", action="store_true")
    return parser.parse_args()


def _up_to(most: int) -> Callable[[str], int]:
    def number(text: str) -> int:
        if not text.isdecimal() or not 1 <= int(text) <= most:
            raise argparse.ArgumentTypeError(f"expected 1 to {most}, found {text!r}")
        return int(text)

    return number


def _run(given: argparse.Namespace) -> int:
    """The exit code of a verb."""
    with flushed():
        match given.verb:
            case "enrich":
                return main.enrich_file(given.file, given.processes, given.batch)
            case "shadow":
                return asyncio.run(main.shadow_log(given.since, as_json=given.json))
            case "explain":
                return asyncio.run(main.explain_articles(given.articles, as_json=given.json))
            case _:
                return main.run()
    return 0  # nobody reads it any more


def _main() -> int:
    try:
        return guarded(lambda: _run(_arguments()))
    except KeyboardInterrupt:
        return _INTERRUPTED


if __name__ == "__main__":
    sys.exit(_main())
