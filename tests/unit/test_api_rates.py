"""The latest rate of every series."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from services.api.rate_schemas import DoubtedRate, RateItem
from tests.view_files import ViewFile, client


@pytest.fixture
def view(tmp_path: Path) -> ViewFile:
    view = ViewFile(tmp_path)
    view.rate("UZS/USD", "0.00008", "2026-03-02", change="0")
    view.rate("KGS/USD", "0.01143", "2026-03-01", change="-0")
    view.rate("KGS/USD", "0.01144", "2026-03-02", change="-0.01")
    view.rate("KGS/USD", "0.01150", "2026-02-28", source="a-bank", kind="official")
    view.publish()
    return view


def found(view: ViewFile, query: str = "") -> list[tuple[str, str]]:
    items = client(view.folder).get(f"/v1/rates/latest{query}").json()["items"]
    return [(item["series"], item["value"]) for item in items]


def test_every_series_is_there_once_with_its_latest_value_as_printed(view: ViewFile) -> None:
    assert found(view) == [
        ("a-bank:official:KGS-USD", "0.01150"),
        ("steppe-courier:ticker:KGS-USD", "0.01144"),
        ("steppe-courier:ticker:UZS-USD", "0.00008"),
    ]


def test_rates_are_filtered_by_base_quote_and_source(view: ViewFile) -> None:
    assert found(view, "?base=UZS") == [("steppe-courier:ticker:UZS-USD", "0.00008")]
    assert found(view, "?source=a-bank&quote=USD") == [("a-bank:official:KGS-USD", "0.01150")]
    assert found(view, "?quote=EUR") == []


def test_a_wire_without_rates_has_an_empty_list(tmp_path: Path) -> None:
    empty = ViewFile(tmp_path)
    empty.publish()

    assert found(empty) == []


def test_documents_are_what_the_openapi_document_says(view: ViewFile) -> None:
    item = client(view.folder).get("/v1/rates/latest?base=UZS").json()["items"][0]

    RateItem.model_validate(item)
    assert set(RateItem.model_fields) - set(item) == {"replaced_value", "replaced_nominal"}


@pytest.mark.parametrize("query", ["base=KGS&base=UZS", "quote=USD&quote=USD"])
def test_a_parameter_that_comes_twice_is_refused(view: ViewFile, query: str) -> None:
    answer = client(view.folder).get(f"/v1/rates/latest?{query}")

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["detail"] == (
        "Expected one value, came 2. Send the one that you mean"
    )


def test_an_unknown_parameter_is_refused_with_the_nearest_known_one(view: ViewFile) -> None:
    answer = client(view.folder).get("/v1/rates/latest?bass=KGS")

    assert answer.status_code == 422
    assert answer.json()["errors"] == [
        {
            "path": "query/bass",
            "detail": "Unknown parameter, did you mean base? Known are format, at, "
            "base, quote, source, kind, per",
        }
    ]


# --- rates that are doubted ---------------------------------------------------------------------

DISPUTES: list[dict[str, object]] = [
    {"rule": "nominal", "evidence": {"value": "0.1143", "expected": "0.01143", "ratio": "10"}}
]


def doubt(view: ViewFile, value: str, as_of: str, standing_as_of: str | None) -> None:
    view.rate(
        "KGS/USD", value, as_of, status="disputed", disputes=DISPUTES,
        standing_as_of=standing_as_of,
    )  # fmt: skip


def items(view: ViewFile, query: str = "?base=KGS&source=steppe-courier") -> list[dict[str, Any]]:
    view.publish()
    found: list[dict[str, Any]] = (
        client(view.folder).get(f"/v1/rates/latest{query}").json()["items"]
    )
    return found


def test_the_last_good_rate_is_the_latest_and_says_what_is_doubted(tmp_path: Path) -> None:
    view = ViewFile(tmp_path)
    view.rate("KGS/USD", "0.01143", "2026-03-01")
    doubt(view, "0.1143", "2026-03-02", "2026-03-01")
    doubt(view, "0.1144", "2026-03-03", "2026-03-01")
    (item,) = items(view)

    RateItem.model_validate(item)
    assert (item["value"], item["as_of"], item["status"]) == ("0.01143", "2026-03-01", "quoted")
    doubted = item["doubted"]
    assert (doubted["value"], doubted["as_of"]) == ("0.1144", "2026-03-03")
    assert (doubted["status"], doubted["standing_as_of"]) == ("disputed", "2026-03-01")
    assert doubted["disputes"] == DISPUTES


def test_a_first_rate_that_is_doubted_is_shown_as_that(tmp_path: Path) -> None:
    view = ViewFile(tmp_path)
    doubt(view, "0.1143", "2026-03-02", None)
    (item,) = items(view)

    DoubtedRate.model_validate(item)
    assert (item["status"], item["standing_as_of"]) == ("disputed", None)
    assert "doubted" not in item


def test_what_was_doubted_before_a_good_rate_is_not_told(tmp_path: Path) -> None:
    view = ViewFile(tmp_path)
    doubt(view, "0.1143", "2026-03-02", None)
    view.rate("KGS/USD", "0.01143", "2026-03-03")
    (item,) = items(view)

    assert (item["value"], item["doubted"]) == ("0.01143", None)


@pytest.mark.parametrize(
    ("history", "expected"),
    [
        (["0.01143", "0.1143!"], ("0.01143", "0.1143")),
        (["0.01143", "0.01143!"], ("0.01143", None)),
        (["0.01143", "0.1143!", "0.1143"], ("0.1143", None)),
        (["0.01143", "0.1143!", "0.1143!"], ("0.01143", "0.1143")),
        (["0.1143!", "0.01143", "0.114300!"], ("0.01143", "0.114300")),
    ],
)
def test_another_value_of_the_day_goes_on_standing_while_its_successor_is_doubted(
    tmp_path: Path, history: list[str], expected: tuple[str, str | None]
) -> None:
    """One day; with a mark: doubted. What is doubted itself does not stand."""
    view = ViewFile(tmp_path)
    for version, value in enumerate(history, 1):
        is_doubted = value.endswith("!")
        said = {"status": "disputed", "disputes": DISPUTES, "standing_as_of": None}
        more: dict[str, Any] = said if is_doubted else {}
        view.rate("KGS/USD", value.rstrip("!"), "2026-03-02", version=version, **more)
    (item,) = items(view)

    doubted = item.get("doubted")
    assert (item["value"], doubted and doubted["value"]) == expected
