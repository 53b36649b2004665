"""The ticker: what stands, what is doubted, and changes that the digits carry."""

from __future__ import annotations

from html import unescape
from pathlib import Path
from typing import Any

import pytest

from tests.unit.test_api_pages import page, words
from tests.view_files import ViewFile

INVERTED = [
    {"rule": "inverted", "evidence": {"value": "87.45", "expected": "0.01143", "ratio": "7650.92"}}
]


@pytest.fixture
def view(tmp_path: Path) -> ViewFile:
    return ViewFile(tmp_path)


def ticker(view: ViewFile) -> str:
    return page(view).partition('<section class="ticker"')[2].partition("</section>")[0]


def doubted(view: ViewFile, value: str, as_of: str, **more: Any) -> None:
    said = {"disputes": INVERTED, "standing_as_of": None, **more}
    view.rate("KGS/USD", value, as_of, status="disputed", **said)


def test_the_last_good_value_stays_and_says_that_a_later_one_is_doubted(view: ViewFile) -> None:
    view.rate("KGS/USD", "0.01143", "2026-03-01")
    doubted(view, "87.45", "2026-03-02")
    html = ticker(view)

    assert words(f"<p{html}") == (
        "KGS/USD 0.01143 1 March 2026 a later 87.45 of 2 March 2026 is doubted : it looks inverted "
        "(87.45 where 0.01143 was expected) Rates as published by Steppe Courier"
    )
    assert 'title="Doubted: it looks inverted (87.45 where 0.01143 was expected)"' in unescape(html)


def test_a_first_value_that_is_doubted_is_shown_and_marked(view: ViewFile) -> None:
    doubted(view, "87.45", "2026-03-02")

    assert "KGS/USD 87.45 2 March 2026 doubted : it looks inverted" in words(f"<p{ticker(view)}")


def test_a_value_of_another_source_is_shown_rather_than_a_doubted_one(view: ViewFile) -> None:
    doubted(view, "87.45", "2026-03-02")
    view.rate("KGS/USD", "0.01150", "2026-03-01", source="bulletin", credit="Bulletin")

    assert "KGS/USD 0.01150 1 March 2026 Rates as published by Bulletin" in words(
        f"<p{ticker(view)}"
    )


def test_a_doubted_value_has_no_change(view: ViewFile) -> None:
    moved = {"previous_value": "0.01143", "previous_as_of": "2026-03-01", "absolute": "87.43857",
             "percent": "764992"}  # fmt: skip
    doubted(view, "87.45", "2026-03-02", movement=moved)

    assert "764992" not in ticker(view)


@pytest.mark.parametrize(
    ("values", "absolute", "percent", "shown"),
    [
        (("0.00008", "0.00009"), "0.00001", "12", ""),  # one step: 0.000084999 to 0.000085001
        (("87.4500", "87.4501"), "0.0001", "0.0001", ""),
        (("87.4500", "87.4502"), "0.0002", "0.0002", ""),  # two steps, each value known to half
        (("87.45", "87.4510"), "0.0010", "0.001", ""),  # half a step of 87.45 hides 0.005
        (("87.45", "87.4600"), "0.0100", "0.01", "+0.01% "),
        (("0.01143", "0.01145"), "0.00002", "0.2", "+0.2% "),
        (("87.45", "87.45"), "0.00", "0.00", "0.0% "),
    ],
)
def test_a_change_that_the_digits_cannot_carry_is_not_shown(
    view: ViewFile, values: tuple[str, str], absolute: str, percent: str, shown: str
) -> None:
    before, value = values
    moved = {"previous_value": before, "previous_as_of": "2026-03-01", "absolute": absolute,
             "percent": percent}  # fmt: skip
    view.rate("KGS/USD", value, "2026-03-02", movement=moved)
    since = "change since 1 March 2026 " if shown else ""

    assert words(f"<p{ticker(view)}").startswith(f"KGS/USD {value} {shown}2 March 2026 {since}")
    assert ("change since" in ticker(view)) == bool(shown)
