"""docs/rate-plausibility.md says the constants that the code has."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest

from services.enrichment import crosses, plausibility
from services.enrichment.pegs import PEGS
from services.enrichment.rates import RECONSIDERED_MAX

DOCUMENT = (Path(__file__).parents[2] / "docs" / "rate-plausibility.md").read_text("utf-8")
ROWS = re.findall(r"^\| `([A-Z_]+)`(?: ([a-z, ]+))? \| ([0-9.]+) \|", DOCUMENT, flags=re.MULTILINE)


@pytest.mark.parametrize(("name", "kinds", "value"), ROWS)
def test_a_constant_has_the_value_of_the_document(name: str, kinds: str, value: str) -> None:
    found = getattr(plausibility, name, None) or getattr(crosses, name)

    if kinds:
        assert [found[kind] for kind in kinds.split(", ")] == [Decimal(value)] * (
            kinds.count(",") + 1
        )
    else:
        assert Decimal(found) == Decimal(value)


def test_every_constant_that_decides_is_in_the_document() -> None:
    named = {name for name, _, _ in ROWS}

    assert named == {
        "CHANGES", "CHANGES_MIN", "FEW", "DEVIATIONS", "FLOOR", "METALS_TIMES", "CEILING",
        "GAP_DAYS_MAX", "REPEATS", "OWN", "OTHERS", "VOICES_MIN",
    }  # fmt: skip


def test_every_peg_is_in_the_document_with_its_source() -> None:
    rows = re.findall(
        r"^\| ([A-Z]{3}) \| ([0-9.]+) for 1 ([A-Z]{3}) \| (\S+) \|", DOCUMENT, re.MULTILINE
    )

    assert [(one.code, str(one.value), one.anchor, one.since) for one in PEGS] == rows
    assert all(one.source.partition(",")[0] in DOCUMENT for one in PEGS)


def test_the_limits_are_in_the_document() -> None:
    said = " ".join(DOCUMENT.partition("## Limits")[2].split())
    assert f"At most {crosses.WAYS_MAX} currencies" in said
    assert f"{crosses.VOICES_MAX} other sources are asked" in said
    assert f"{RECONSIDERED_MAX} rates are looked at again" in said
