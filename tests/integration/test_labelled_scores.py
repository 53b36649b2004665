"""Enrichment stays as good as the documents say on the labelled texts."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.e2e.stack import ROOT


@pytest.mark.parametrize("name", ["names", "languages", "topics", "stories"])
def test_the_goal_of_a_score_is_reached(name: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", f"tests.scoring.{name}"],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=100,
    )  # fmt: skip

    assert done.returncode == 0, done.stdout + done.stderr
