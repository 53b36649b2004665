"""The latest rate of every series."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.api.schemas import RateItem
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
            "detail": "Unknown parameter, did you mean base? Known are base, quote, source",
        }
    ]
