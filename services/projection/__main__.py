"""``python -m services.projection run | verify | rebuild [--back]``."""

from __future__ import annotations

import argparse
import asyncio
import sys

from services.projection.main import rebuild_views, restore_views, run, verify_views
from shared.printing import flushed
from shared.telemetry import guarded


def main() -> int:
    """Run a verb; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m services.projection", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("run")
    verbs.add_parser("verify")
    verbs.add_parser("rebuild").add_argument("--back", action="store_true")
    given = parser.parse_args()
    with flushed():
        if given.verb == "verify":
            return asyncio.run(verify_views())
        if given.verb == "rebuild":
            return asyncio.run(restore_views() if given.back else rebuild_views())
        return run()


if __name__ == "__main__":
    sys.exit(guarded(main))
