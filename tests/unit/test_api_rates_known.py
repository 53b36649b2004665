"""Rates as they were known at an instant, and every value that a day has had."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from services.api.rates import latest, queries, ticker
from services.api.rates.schemas import VersionList
from shared import views
from tests.benchmarks.rates import fill
from tests.view_files import ViewFile, client

BANK: dict[str, Any] = {"source": "nbkr", "kind": "official", "credit": "National Bank"}
DISPUTES = [{"rule": "nominal", "evidence": {"value": "874.6", "expected": "87.46", "ratio": "10"}}]
DOUBTED: dict[str, Any] = {
    **BANK, "status": "disputed", "disputes": DISPUTES, "standing_as_of": "2026-03-02",
}  # fmt: skip


@pytest.fixture
def view(tmp_path: Path) -> ViewFile:
    """Five events, one an hour from nine on 2 March: quoted, doubted, restated, the next day."""
    view = ViewFile(tmp_path)
    view.rate("USD/KGS", "87.4500", "2026-03-02", **BANK)
    view.rate("USD/KGS", "874.50", "2026-03-02", 2, **DOUBTED)
    view.rate("USD/KGS", "87.5500", "2026-03-02", 3, **{**BANK, "status": "restated"})
    view.rate("KGS/USD", "0.01143", "2026-03-02")
    view.rate("USD/KGS", "87.6000", "2026-03-03", **BANK)
    view.connection.executemany(
        "INSERT INTO moment (seq, at_ms) VALUES (?, ?)",
        [(seq, 1_772_442_000_000 + (seq - 1) * 3_600_000) for seq in range(1, 6)],
    )
    view.publish()
    return view


def get(view: ViewFile, path: str, today: str = "2026-03-04") -> Any:
    answer = client(view.folder, today=date.fromisoformat(today)).get(f"/v1/{path}")
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize(
    ("at", "value", "doubted"),
    [
        ("1", "87.4500", 0),
        ("2", "87.4500", 1),  # 874.50 is heard, and not believed
        ("3", "87.5500", 0),
        ("2026-03-02T09:30:00Z", "87.4500", 0),
        ("2026-03-02T15:59:00%2B05:00", "87.4500", 1),  # 10:59 in UTC
        ("2026-03-02T11:00:00Z", "87.5500", 0),
        ("2026-03-02", "87.6000", 0),  # the end of the day, in UTC
    ],
)
def test_a_rate_is_given_as_it_was_known(view: ViewFile, at: str, value: str, doubted: int) -> None:
    last = get(view, f"rates/latest?base=USD&at={at}")["items"][0]
    ranged = get(view, f"rates/USD-KGS?at={at}")
    converted = get(view, f"rates/USD-KGS/convert?on=2026-03-03&at={at}")
    agreed = get(view, f"rates/USD-KGS/consensus?on=2026-03-03&at={at}")

    assert last["value"] == value
    assert (ranged["items"][-1]["value"], ranged["series"][0]["holds"]["value"]) == (value, value)
    assert converted["path"][0]["value"] == value
    assert (agreed["outcome"], agreed["value"], agreed["sources"]) == ("single", value, ["nbkr"])
    for one in (ranged, converted, agreed):
        assert one["left_out_count"] == doubted
    assert (last["doubted"] is not None) == bool(doubted)


def test_before_its_first_event_a_pair_is_not_known(view: ViewFile) -> None:
    answer = client(view.folder).get("/v1/rates/KGS-USD?at=3")

    assert (answer.status_code, answer.json()["nearest"]) == (404, ["USD-KGS"])
    for at in ("0", "1999-01-01"):
        answer = client(view.folder).get(f"/v1/rates/latest?at={at}")
        assert (answer.status_code, answer.json()["resume"]) == (410, "/v1/rates/latest?at=1")
    assert [one["code"] for one in get(view, "currencies?at=3")["items"]] == ["KGS", "USD"]


def test_age_and_the_day_of_a_conversion_are_counted_from_the_instant(view: ViewFile) -> None:
    assert get(view, "rates/latest?base=USD&at=3", "2026-09-01")["items"][0]["age_days"] == 0
    assert get(view, "rates/USD-KGS/convert?at=3", "2026-09-01")["on"] == "2026-03-02"


@pytest.mark.parametrize("path", ["latest", "USD-KGS", "USD-KGS/convert", "USD-KGS/consensus"])
def test_an_event_that_is_not_said_yet_is_refused(view: ViewFile, path: str) -> None:
    for at in ("6", "9999999999999999", "yesterday", "2026-03-02T09:30:00", "%00", "1" * 300):
        answer = client(view.folder).get(f"/v1/rates/{path}?at={at}")

        assert answer.status_code == 422
        assert answer.json()["errors"][0]["path"] == "query/at"


def test_instants_at_the_ends_of_all_calendars_are_answered(view: ViewFile) -> None:
    early, late = ("0001-01-01T00:00:00%2B14:00", "0"), ("9999-12-31T23:59:59-14:00", "9999-12-31")
    for status, instants in ((410, early), (200, late)):
        for at in instants:
            assert client(view.folder).get(f"/v1/rates/latest?at={at}").status_code == status


# --- versions -----------------------------------------------------------------------------------


def test_every_value_of_a_day_is_told_with_when_it_became_known(view: ViewFile) -> None:
    body = get(view, "rates/USD-KGS/versions?on=2026-03-02")

    VersionList.model_validate(body)
    assert [
        (one["value"], one["seq"], one["known_at"], one["doubted"], one["stands"])
        for one in body["items"]
    ] == [
        ("87.4500", 1, "2026-03-02T09:00:00.000Z", False, False),
        ("874.50", 2, "2026-03-02T10:00:00.000Z", True, False),
        ("87.5500", 3, "2026-03-02T11:00:00.000Z", False, True),
    ]
    assert (body["on"], body["is_whole"]) == ("2026-03-02", True)


def test_versions_at_an_instant_are_those_heard_by_then(view: ViewFile) -> None:
    items = get(view, "rates/USD-KGS/versions?at=2")["items"]

    assert [(one["value"], one["stands"]) for one in items] == [
        ("87.4500", True), ("874.50", False),
    ]  # fmt: skip


def test_a_day_without_a_value_names_the_last_that_has_one(view: ViewFile) -> None:
    answer = client(view.folder).get("/v1/rates/USD-KGS/versions?on=2026-03-05")

    assert answer.status_code == 404
    assert answer.json()["detail"] == (
        "No source said anything for 2026-03-05 itself. The last day before it that has a value is "
        "2026-03-03: ask for on=2026-03-03."
    )
    first = client(view.folder).get("/v1/rates/USD-KGS/versions?on=2026-03-01").json()
    assert first["detail"].endswith("Nor for a day before it: leave `on` out to see the last.")


def test_more_versions_than_an_answer_holds_are_said_to_be_missing(
    view: ViewFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.api.rates.versions.VERSIONS_MAX", 2)
    body = get(view, "rates/USD-KGS/versions?on=2026-03-02")

    assert (len(body["items"]), body["is_whole"]) == (2, False)


# --- what it costs ------------------------------------------------------------------------------


def instructions(connection: views.Connection, work: Callable[[], object]) -> int:
    """Hundreds of SQLite's instructions that some work takes."""
    count = 0

    def step() -> None:
        nonlocal count
        count += 1

    connection.set_progress_handler(step, 100)
    work()
    connection.set_progress_handler(None, 100)
    return count


def test_the_ticker_does_not_read_the_series_that_it_does_not_show(tmp_path: Path) -> None:
    few, many = (fill(tmp_path / str(count), count, 5).connection for count in (12, 70))

    costs = [instructions(one, partial(ticker.quotes, one, None, 12)) for one in (few, many)]
    assert costs[1] <= 2 * costs[0]


def test_the_latest_rates_cost_the_same_whatever_their_history(tmp_path: Path) -> None:
    short, long = (fill(tmp_path / str(days), 30, days).connection for days in (20, 200))

    costs = [
        instructions(one, partial(latest.latest, one, queries.known(one))) for one in (short, long)
    ]
    assert costs[1] <= 1.2 * costs[0]
