"""What the documentation says of the seed is what a stack makes of it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Final

from tests.e2e.stack import ROOT, Stack, eventually

FULL: Final = Path("/dev/full")
OPERATIONS = Path(__file__).resolve().parents[2] / "docs" / "operations.md"


def test_the_seed_is_verified_as_the_documentation_shows_it(tmp_path: Path) -> None:
    """Positions and digests differ from run to run: they hold when each event was seen.

    To a full disk it says one sentence, as every command does.
    """
    with Stack(tmp_path) as stack:
        eventually(stack.is_at_rest, "the seed is in the views")
        said = stack.run("verify").stdout
        if FULL.exists():
            with FULL.open("w") as full:
                refused = subprocess.run(
                    [sys.executable, "-m", "services.cli", "verify", "--data", str(stack.data)],
                    cwd=ROOT, env=stack.env, stdout=full, stderr=subprocess.PIPE, text=True,
                    check=False, timeout=60,
                )  # fmt: skip
            assert refused.stderr == (
                "cannot verify: expected to print, could not: No space left on device\n"
            )
            assert refused.returncode == 2

    shown = re.sub(r"\([0-9-]+\)", "(…)", re.sub(r"sha256 [0-9a-f]+", "sha256 …", said))
    assert f"```\n{shown}```" in OPERATIONS.read_text()
