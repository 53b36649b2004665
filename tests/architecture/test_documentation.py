"""What an operator can set is in the manual."""

from __future__ import annotations

import re
from pathlib import Path

from shared.settings import NAMES

OPERATIONS = Path(__file__).parents[2] / "docs" / "operations.md"


def test_every_setting_is_documented_and_no_other() -> None:
    documented = set(re.findall(r"\bNEWSWIRE_[A-Z_]+[A-Z]\b", OPERATIONS.read_text("utf-8")))

    assert documented == set(NAMES)


def test_every_setting_has_one_row() -> None:
    rows = re.findall(r"^\| `(NEWSWIRE_[A-Z_]+)` \|", OPERATIONS.read_text("utf-8"), re.MULTILINE)

    assert sorted(rows) == sorted(NAMES)
