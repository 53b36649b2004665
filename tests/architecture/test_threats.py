"""Every threat that is known has a row in docs/threats.md, and tests that are where it says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
ROWS: Final = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in (ROOT / "docs" / "threats.md").read_text("utf-8").splitlines()
    if re.match(r"\| [A-Z][0-9]+ ", line)
]
KNOWN: Final = [
    *(f"S{number}" for number in range(1, 10)),
    *(f"P{number}" for number in range(1, 9)),
    *(f"D{number}" for number in range(1, 6)),
    *(f"X{number}" for number in range(1, 11)),
    "A6", "L1", "L2",
    *(f"O{number}" for number in range(1, 6)),
]  # fmt: skip
_TESTS: Final = re.compile(r"`(tests/[\w/]+\.py)`: ((?:`test_\w+`(?:, )?)+)")
_NAME: Final = re.compile(r"`(test_\w+)`")


def test_every_threat_has_one_row_and_there_is_no_other() -> None:
    assert [row[0] for row in ROWS] == KNOWN


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_a_threat_says_what_is_done_and_names_tests_where_they_are(row: list[str]) -> None:
    _, threat, done, tests = row
    named = [(file, name) for file, names in _TESTS.findall(tests) for name in _NAME.findall(names)]
    missing = [
        name
        for file, name in named
        if not re.search(
            rf"^(?:async )?def {name}\(", (ROOT / file).read_text("utf-8"), re.MULTILINE
        )
    ]

    assert threat
    assert done
    assert len(named) == len(_NAME.findall(tests)) > 0
    assert missing == []


def test_the_number_of_hostile_texts_is_the_one_that_is_told() -> None:
    lines = (ROOT / "tests" / "hostile" / "snippets.txt").read_text("utf-8").splitlines()
    told = re.search(
        r"^([0-9]+) hostile texts", (ROOT / "docs/threats.md").read_text("utf-8"), re.MULTILINE
    )

    assert told
    assert int(told[1]) == sum(1 for line in lines if line and not line.startswith("#"))
