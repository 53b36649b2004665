"""What several sources say together: the median, who is left out and why. ADR 0028."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from services.api.rates.consensus import Consensus, consensus, prices, voices
from services.api.rates.points import Point
from services.api.rates.schemas import ConsensusBody
from tests.rate_points import point
from tests.view_files import ViewFile, client

DAY = date(2026, 3, 2)


def weighed(*points: Point, days: dict[str, list[date]] | None = None) -> Consensus:
    found = prices(points, "official", "USD-KZT", DAY)
    return consensus(voices(found, days or {}, DAY))


def bank(source: str, value: str, as_of: str = "2026-03-02", pair: str = "USD-KZT") -> Point:
    return point(as_of, value, pair, source=source)


def reasons(found: Consensus) -> dict[str, str | None]:
    return {one.source: one.reason for one in found.voices}


def test_of_three_sources_the_one_in_the_middle_says_it_with_its_digits() -> None:
    found = weighed(bank("a", "500.0"), bank("b", "501.25"), bank("c", "503"))

    assert (found.outcome, found.value) == ("agreed", "501.25")


def test_of_two_it_is_half_way_with_the_digits_of_the_worse() -> None:
    assert weighed(bank("a", "500.00"), bank("b", "501.0")).value == "500.5"


def test_what_lies_far_from_the_others_is_left_out_and_named() -> None:
    found = weighed(bank("a", "500.0"), bank("b", "501.0"), bank("c", "511.1"))

    assert (found.outcome, found.value) == ("agreed", "500.5")
    assert reasons(found) == {"a": None, "b": None, "c": "outlier"}
    assert [f"{float(one.apart or 0):.4f}" for one in found.voices] == [
        "-0.0020", "0.0000", "0.0202",
    ]  # fmt: skip


def test_two_per_cent_from_the_median_is_near() -> None:
    assert reasons(weighed(bank("a", "500"), bank("b", "500"), bank("c", "510")))["c"] is None


def test_of_two_that_lie_far_from_each_other_neither_is_believed() -> None:
    found = weighed(bank("a", "500.0"), bank("b", "550.0"))

    assert (found.outcome, found.value) == ("apart", None)
    assert reasons(found) == {"a": None, "b": None}


def test_one_source_alone_is_named_as_such() -> None:
    found = weighed(bank("a", "500.0"), bank("b", "501.0", "2026-02-10"))

    assert (found.outcome, found.value) == ("single", "500.0")
    assert reasons(found) == {"a": None, "b": "stale"}


def test_what_is_late_by_its_own_rhythm_does_not_count() -> None:
    """A weekly series of last week is fresh; a daily one is not."""
    weekly = [DAY - timedelta(days=7 * number) for number in range(1, 11)]
    daily = [DAY - timedelta(days=number) for number in range(7, 27)]
    points = bank("a", "500.0", "2026-02-23"), bank("b", "501.0", "2026-02-23")
    found = weighed(
        *points, days={"a:official:USD-KZT": weekly, "b:official:USD-KZT": daily}
    )  # fmt: skip

    assert reasons(found) == {"a": None, "b": "stale"}


def test_where_nothing_is_fresh_nothing_is_said() -> None:
    found = weighed(bank("a", "500.0", "2026-02-10"))

    assert (found.outcome, found.value, reasons(found)) == ("stale", None, {"a": "stale"})


def test_a_source_speaks_by_its_inverse_and_by_its_cross_too() -> None:
    found = weighed(
        bank("a", "500.0"), bank("b", "0.002000", pair="KZT-USD"),
        bank("c", "87.5", pair="USD-KGS"), bank("c", "0.175", pair="KZT-KGS"),
    )  # fmt: skip

    assert (found.outcome, found.value) == ("agreed", "500.0")
    assert [one.price.way for one in found.voices] == ["published", "inverse", "cross"]


# --- over HTTP ----------------------------------------------------------------------------------


@pytest.fixture
def view(tmp_path: Path) -> ViewFile:
    view = ViewFile(tmp_path)
    for source, value in (("nbk", "501.4"), ("cbu", "501.90"), ("nbt", "520.0")):
        view.rate("USD/KZT", value, "2026-03-02", source=source, kind="official")
    view.rate("USD/KZT", "505", "2026-03-02", source="exchange", kind="market")
    view.rate("USD/KZT", "506", "2026-03-02", source="courier", kind="ticker")
    view.publish()
    return view


def get(view: ViewFile, path: str) -> Any:
    answer = client(view.folder).get(f"/v1/rates/{path}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_official_rates_and_quotations_are_never_mixed(view: ViewFile) -> None:
    official = get(view, "USD-KZT/consensus")
    quoted = get(view, "USD-KZT/consensus?basis=quoted")

    ConsensusBody.model_validate(official)
    assert (official["basis"], official["value"], official["sources"]) == (
        "official", "501.6", ["cbu", "nbk"],
    )  # fmt: skip
    assert [(one["source"], one["apart_percent"], one["reason"]) for one in official["items"]] == [
        ("cbu", "0.00", None), ("nbk", "-0.10", None), ("nbt", "3.61", "outlier"),
    ]  # fmt: skip
    assert (quoted["basis"], quoted["sources"]) == ("quoted", ["courier", "exchange"])
    assert quoted["value"] == "506"  # 505.5, of three digits, half to even


def test_what_a_source_says_is_what_a_conversion_with_it_says(view: ViewFile) -> None:
    for one in get(view, "USD-KZT/consensus?on=2026-03-04")["items"]:
        alone = get(view, f"USD-KZT/convert?on=2026-03-04&source={one['source']}")
        assert (one["rate"], one["as_of"], one["way"], one["path"]) == (
            alone["rate"], alone["as_of"], alone["way"], alone["path"],
        )  # fmt: skip


def test_without_official_rates_it_is_the_quotations(tmp_path: Path) -> None:
    view = ViewFile(tmp_path)
    view.rate("USD/KZT", "505", "2026-03-02", source="exchange", kind="market")
    view.rate("EUR/KZT", "600", "2026-03-02", source="dealer", kind="sell")
    view.publish()

    assert get(view, "USD-KZT/consensus")["outcome"] == "single"
    for path, name in (
        ("USD-KZT/consensus?basis=official", "rate-unknown"),
        ("USD-KZT/consensus?on=1999-01-01", "rate-unknown"),
        ("EUR-KZT/consensus", "pair-unknown"),
    ):
        answer = client(view.folder).get(f"/v1/rates/{path}")
        assert (answer.status_code, answer.json()["type"].rpartition(":")[2]) == (404, name)


def test_a_consensus_weighs_a_bounded_number_of_sources(
    view: ViewFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.api.rates.consensus.SOURCES_MAX", 2)

    assert len(get(view, "USD-KZT/consensus")["items"]) == 2
