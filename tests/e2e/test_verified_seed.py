"""What the documentation says of the seed is what a stack makes of it."""

from __future__ import annotations

import re
from pathlib import Path

from tests.e2e.stack import Stack, eventually

OPERATIONS = Path(__file__).resolve().parents[2] / "docs" / "operations.md"


def test_the_seed_is_verified_as_the_documentation_shows_it(tmp_path: Path) -> None:
    """Positions and digests differ from run to run: they hold when each event was seen."""
    with Stack(tmp_path) as stack:
        eventually(stack.is_at_rest, "the seed is in the views")
        said = stack.run("verify").stdout

    shown = re.sub(r"\([0-9-]+\)", "(…)", re.sub(r"sha256 [0-9a-f]+", "sha256 …", said))
    assert f"```\n{shown}```" in OPERATIONS.read_text()
