"""``python -m services.projection run | verify``."""

from __future__ import annotations

import argparse
import asyncio
import sys

from services.projection.main import run, verify_views
from shared.telemetry import guarded


def main() -> int:
    """Run a verb; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m services.projection", description=__doc__)
    parser.add_argument("verb", choices=("run", "verify"))
    if parser.parse_args().verb == "verify":
        return asyncio.run(verify_views())
    return run()


if __name__ == "__main__":
    sys.exit(guarded(main))
