"""The rates of a pair, conversion, currencies: what the api answers about days and ranges."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from pathlib import Path
from typing import Any

import orjson
import pytest
import schemathesis

from services.api.rate_schemas import RateItem
from services.api.rates import queries
from services.api.rates.schemas import BarItem, Conversion, Currencies, PairRates, PointItem
from shared import views
from tests.openapi_answers import AS_DECLARED
from tests.view_files import ViewFile, client

BANK: dict[str, Any] = {"source": "nbkr", "kind": "official", "credit": "National Bank"}
SERIES = queries.Series("nbkr", "official", "USD", "KGS")
DISPUTES = [{"rule": "nominal", "evidence": {"value": "874.6", "expected": "87.46", "ratio": "10"}}]


@pytest.fixture
def view(tmp_path: Path) -> ViewFile:
    view = ViewFile(tmp_path)
    for number, (as_of, value) in enumerate(
        [("2026-02-25", "87.4000"), ("2026-02-26", "87.4500"), ("2026-02-27", "87.5000")]
    ):
        view.rate("USD/KGS", value, as_of, version=number + 1, **BANK)
    view.rate("KZT/KGS", "17.25", "2026-02-27", nominal=100, **BANK)
    view.rate("KGS/USD", "0.01143", "2026-03-02")
    view.publish()
    return view


def doubt(view: ViewFile, value: str, as_of: str, version: int = 1) -> None:
    view.rate(
        "USD/KGS", value, as_of, version, status="disputed", disputes=DISPUTES,
        standing_as_of="2026-02-27", **BANK,
    )  # fmt: skip
    view.publish()


def get(view: ViewFile, path: str, today: str = "2026-03-03") -> Any:
    answer = client(view.folder, today=date.fromisoformat(today)).get(f"/v1/{path}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def refused(view: ViewFile, path: str) -> tuple[int, str, str]:
    answer = client(view.folder).get(f"/v1/{path}")
    problem = answer.json()
    return answer.status_code, problem["type"].rpartition(":")[2], problem["detail"]


# --- a pair -------------------------------------------------------------------------------------


def test_a_pair_has_the_points_of_every_source_oldest_first(view: ViewFile) -> None:
    view.rate("USD/KGS", "87.49", "2026-02-26", source="a-paper", kind="ticker")
    view.publish()
    body = get(view, "rates/USD-KGS")

    PairRates.model_validate(body)
    assert [(one["source"], one["as_of"], one["value"]) for one in body["items"]] == [
        ("nbkr", "2026-02-25", "87.4000"),
        ("nbkr", "2026-02-26", "87.4500"),
        ("a-paper", "2026-02-26", "87.49"),
        ("nbkr", "2026-02-27", "87.5000"),
    ]
    assert (body["rule"], body["from"], body["to"]) == ("every-source", "2025-02-26", "2026-02-27")
    assert (body["next_to"], body["left_out_count"]) == (None, 0)


def test_documents_are_what_the_openapi_document_says(view: ViewFile) -> None:
    points = get(view, "rates/USD-KGS")
    bars = get(view, "rates/USD-KGS?step=week")
    converted = get(view, "rates/USD-KGS/convert?on=2026-02-27")

    assert set(points) == {f.alias or name for name, f in PairRates.model_fields.items()}
    assert set(points["items"][0]) == set(PointItem.model_fields)
    assert set(bars["items"][0]) == set(BarItem.model_fields)
    assert set(converted) == set(Conversion.model_fields)
    Conversion.model_validate(converted)
    Currencies.model_validate(get(view, "currencies"))


@pytest.mark.parametrize(
    ("path", "pair", "query"),
    [
        ("/v1/rates/{pair}", "USD-KGS", {}),
        ("/v1/rates/{pair}", "USD-KGS", {"step": "month"}),
        ("/v1/rates/{pair}/convert", "USD-KZT", {"on": "2026-03-02"}),
        ("/v1/rates/latest", None, {}),
        ("/v1/currencies", None, {"format": "csv"}),
    ],
)
def test_answers_pass_the_schema_of_the_openapi_document(
    view: ViewFile, path: str, pair: str | None, query: dict[str, str]
) -> None:
    doubt(view, "874.60", "2026-03-02")
    schema = schemathesis.openapi.from_asgi("/openapi.json", client(view.folder).app)
    given = {"pair": pair} if pair else {}
    case = schema[path]["GET"].Case(path_parameters=given, query=query)
    answer = case.call()

    assert answer.status_code == 200
    case.validate_response(answer, checks=AS_DECLARED)


def test_a_series_says_what_holds_how_it_moved_and_how_old_it_is(view: ViewFile) -> None:
    (one,) = get(view, "rates/USD-KGS?to=2026-03-01")["series"]

    assert one["holds"] == {
        "source": "nbkr", "kind": "official", "as_of": "2026-02-27", "value": "87.5000",
        "nominal": 1, "on": "2026-03-01", "carried": True,
    }  # fmt: skip
    assert one["changes"]["day"] == {
        "percent": "0.057", "since_as_of": "2026-02-26", "since_value": "87.4500",
        "since_nominal": 1,
    }  # fmt: skip
    assert (one["changes"]["week"], one["credit"]) == (None, "National Bank")
    assert (one["age_days"], one["usual_gap_days"], one["is_stale"]) == (4, 1, False)


def test_a_range_and_a_source_are_chosen(view: ViewFile) -> None:
    def as_ofs(query: str) -> list[str]:
        return [one["as_of"] for one in get(view, f"rates/USD-KGS?{query}")["items"]]

    assert as_ofs("from=2026-02-26") == ["2026-02-26", "2026-02-27"]
    assert as_ofs("to=2026-02-25") == ["2026-02-25"]
    assert as_ofs("from=2026-02-26&to=2026-02-26&source=nbkr&kind=official") == ["2026-02-26"]
    assert as_ofs("from=2026-05-01") == []


def test_bars_are_of_whole_periods_also_at_the_edges_of_a_range(view: ViewFile) -> None:
    body = get(view, "rates/USD-KGS?step=week&from=2026-02-26&to=2026-02-26")
    (bar,) = body["items"]

    assert (body["from"], body["to"]) == ("2026-02-23", "2026-03-01")
    assert bar == {
        "source": "nbkr", "kind": "official", "period": "2026-W09", "first": "2026-02-23",
        "last": "2026-03-01", "open": "87.4000", "high": "87.5000", "low": "87.4000",
        "close": "87.5000", "nominal": 1, "count": 3, "as_of": "2026-02-27",
    }  # fmt: skip


def test_what_is_doubted_is_in_no_answer_and_is_named(view: ViewFile) -> None:
    doubt(view, "874.60", "2026-03-02")
    doubt(view, "875.00", "2026-02-27", version=2)
    left_out = [
        {"series": "nbkr:official:USD-KGS", "as_of": as_of, "value": value, "nominal": 1,
         "reason": "doubted"}
        for as_of, value in (("2026-03-02", "874.60"), ("2026-02-27", "875.00"))
    ]  # fmt: skip
    points = get(view, "rates/USD-KGS?to=2026-03-02")
    bars = get(view, "rates/USD-KGS?step=month&to=2026-03-02")
    converted = get(view, "rates/USD-KGS/convert?on=2026-03-02")
    crossed = get(view, "rates/USD-KZT/convert?on=2026-03-02")

    assert [one["value"] for one in points["items"]] == ["87.4000", "87.4500", "87.5000"]
    assert [one["high"] for one in bars["items"]] == ["87.5000"]
    assert (converted["rate"], converted["as_of"]) == ("87.5000", "2026-02-27")
    assert crossed["path"][0]["value"] == "87.5000"
    agreed = get(view, "rates/USD-KGS/consensus?on=2026-03-02")
    assert agreed["sources"] == ["nbkr"]
    for one in (points, bars, converted, crossed, agreed):
        assert (one["left_out"], one["left_out_count"]) == (left_out, 2)


def test_a_restated_value_replaces_the_one_before_it_in_every_answer(view: ViewFile) -> None:
    view.rate(
        "USD/KGS", "87.6000", "2026-02-27", version=2, status="restated",
        replaced_value="87.5000", **BANK,
    )  # fmt: skip
    view.publish()
    day = "from=2026-02-27&to=2026-02-27"

    assert get(view, "rates/latest?base=USD")["items"][0]["value"] == "87.6000"
    assert [one["value"] for one in get(view, f"rates/USD-KGS?{day}")["items"]] == ["87.6000"]
    assert get(view, f"rates/USD-KGS?{day}&step=day")["items"][0]["close"] == "87.6000"
    assert get(view, "rates/USD-KGS/convert?on=2026-02-27")["rate"] == "87.6000"


def test_what_stands_is_found_behind_any_number_of_doubted_values(view: ViewFile) -> None:
    with views.transaction(view.connection):
        for number in range(3_000):
            at = f"2026-02-28T{number // 3600:02}:{number // 60 % 60:02}:{number % 60:02}Z"
            view.rate(
                "USD/KGS", "874.60", at, status="disputed", disputes=DISPUTES,
                standing_as_of="2026-02-27", **BANK,
            )  # fmt: skip
    view.publish()
    steps = 0

    def count() -> None:
        nonlocal steps
        steps += 1

    view.connection.set_progress_handler(count, 100)
    (found,) = queries.on_or_before(view.connection, [SERIES], date(2026, 3, 3))
    days = queries.days(view.connection, SERIES.name)

    assert found.as_of == "2026-02-27"
    assert days == [date(2026, 2, 27), date(2026, 2, 26), date(2026, 2, 25)]
    assert steps < 10  # a thousand instructions
    assert get(view, "rates/USD-KGS")["left_out_count"] == 101
    assert get(view, "rates/USD-KGS?to=2026-02-27")["left_out_count"] == 0


def test_a_pair_of_which_nothing_stands_is_known_and_empty(tmp_path: Path) -> None:
    view = ViewFile(tmp_path)
    doubt(view, "874.60", "2026-03-02")
    body = get(view, "rates/USD-KGS")

    PairRates.model_validate(body)
    assert (body["items"], body["series"][0]["holds"]) == ([], None)
    assert refused(view, "rates/USD-KGS/convert?on=2026-03-02")[:2] == (404, "rate-unknown")


def test_a_day_that_no_calendar_has_takes_no_answer_away(view: ViewFile) -> None:
    view.rate("USD/KGS", "1", "2026-02-31", **BANK)
    view.rate("USD/KGS", "1", "0000-01-01", **BANK)
    view.rate("USD/KGS", "1", "9999-12-31", **BANK)
    view.publish()

    assert len(get(view, "rates/USD-KGS")["items"]) == 3
    assert get(view, "rates/USD-KGS/convert?on=2026-03-03")["as_of"] == "2026-02-27"
    assert client(view.folder).get("/rates/USD-KGS").status_code == 200
    assert client(view.folder).get("/v1/rates/latest").status_code == 200


def test_more_points_than_an_answer_holds_go_on_before_its_first_day(
    view: ViewFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.api.rates.queries.POINTS_MAX", 2)
    monkeypatch.setattr("services.api.rates.reading.POINTS_MAX", 2)
    answer = client(view.folder).get("/v1/rates/USD-KGS?from=2026-02-01&format=csv")
    following = answer.links["next"]["url"]
    rest = client(view.folder).get(following)

    assert [line.split(",")[2] for line in answer.text.split()[1:]] == ["2026-02-26", "2026-02-27"]
    assert [line.split(",")[2] for line in rest.text.split()[1:]] == ["2026-02-25"]
    assert "next" not in rest.links
    assert refused(view, "rates/USD-KGS?step=month")[:2] == (422, "parameters-invalid")


# --- conversion ---------------------------------------------------------------------------------


def test_an_amount_is_converted_at_the_rate_of_a_day(view: ViewFile) -> None:
    found = get(view, "rates/USD-KGS/convert?amount=1234.56&on=2026-02-26")

    assert (found["result"], found["unrounded"]) == ("107962", "107962.272")
    assert (found["rate"], found["digits"], found["way"]) == ("87.4500", 6, "published")
    assert (found["rule"], found["source"], found["as_of"]) == (
        "official-first", "nbkr", "2026-02-26",
    )  # fmt: skip


def test_official_turned_round_goes_before_a_ticker_as_published(view: ViewFile) -> None:
    found = get(view, "rates/KGS-USD/convert?on=2026-03-02")

    assert (found["way"], found["source"], found["rate"]) == ("inverse", "nbkr", "0.0114286")
    assert found["path"][0]["is_inverse"] is True
    assert found["path"][0]["carried"] is True


def test_a_source_can_be_chosen_to_convert_with(view: ViewFile) -> None:
    found = get(view, "rates/KGS-USD/convert?amount=100&source=steppe-courier&on=2026-03-02")

    assert (found["way"], found["result"]) == ("published", "1.143")


def test_a_cross_names_its_path(view: ViewFile) -> None:
    found = get(view, "rates/USD-KZT/convert?on=2026-02-27")

    assert (found["way"], found["digits"], found["rate"]) == ("cross", 4, "507.2")
    assert [(leg["base"], leg["quote"], leg["nominal"], leg["is_inverse"]) for leg in found["path"]
            ] == [("USD", "KGS", 1, False), ("KZT", "KGS", 100, True)]  # fmt: skip


def test_without_a_day_it_is_today(view: ViewFile) -> None:
    assert get(view, "rates/USD-KGS/convert")["on"] == "2026-03-03"


def test_a_day_for_which_nothing_holds_names_one_for_which_something_does(view: ViewFile) -> None:
    status, name, detail = refused(view, "rates/USD-KGS/convert?on=2026-09-01")

    assert (status, name) == (404, "rate-unknown")
    assert detail == (
        "Nothing holds for 2026-09-01: a rate is carried for at most 31 days. The last one before "
        "it is of 2026-03-02: ask for on=2026-03-02."
    )
    assert (
        "Nothing older is known either" in refused(view, "rates/USD-KGS/convert?on=1999-01-01")[2]
    )


# --- one day, one answer ------------------------------------------------------------------------


def test_a_day_has_one_answer_at_every_endpoint(view: ViewFile) -> None:
    (latest,) = get(view, "rates/latest?base=USD&quote=KGS")["items"]
    day = latest["as_of"]
    ranged = get(view, f"rates/USD-KGS?from={day}&to={day}")
    bars = get(view, f"rates/USD-KGS?from={day}&to={day}&step=day")
    converted = get(view, f"rates/USD-KGS/convert?on={day}")

    assert {
        latest["value"],
        ranged["items"][0]["value"],
        ranged["series"][0]["holds"]["value"],
        bars["items"][0]["close"],
        converted["rate"],
    } == {"87.5000"}


# --- latest and currencies ----------------------------------------------------------------------


def test_the_latest_rates_say_how_old_they_are_by_their_own_rhythm(view: ViewFile) -> None:
    def ages(today: str) -> list[tuple[Any, ...]]:
        found = get(view, "rates/latest?kind=official&quote=KGS&base=USD", today)["items"]
        RateItem.model_validate(found[0])
        return [(one["age_days"], one["usual_gap_days"], one["is_stale"]) for one in found]

    assert ages("2026-03-03") == [(4, 1, False)]
    assert ages("2026-03-04") == [(5, 1, True)]


def test_a_rate_grows_older_while_nothing_happens(view: ViewFile) -> None:
    one = client(view.folder, today=date(2026, 3, 3)).get("/v1/rates/latest")
    same = {"If-None-Match": one.headers["ETag"]}

    for today, status in ((3, 304), (4, 200)):
        again = client(view.folder, today=date(2026, 3, today))
        assert again.get("/v1/rates/latest", headers=same).status_code == status


def test_currencies_are_listed_with_the_sources_that_quote_them(view: ViewFile) -> None:
    assert get(view, "currencies")["items"] == [
        {"code": "KGS", "sources": ["nbkr", "steppe-courier"], "pairs": 3},
        {"code": "KZT", "sources": ["nbkr"], "pairs": 1},
        {"code": "USD", "sources": ["nbkr", "steppe-courier"], "pairs": 2},
    ]
    of_paper = get(view, "currencies?source=steppe-courier")["items"]
    assert [one["code"] for one in of_paper] == ["KGS", "USD"]


# --- forms --------------------------------------------------------------------------------------

ROUTES = {
    "rates/latest": 3,
    "rates/USD-KGS": 3,
    "rates/USD-KGS?step=day": 3,
    "rates/USD-KGS/convert": 1,
    "rates/USD-KGS/consensus": 1,
    "rates/USD-KGS/versions": 1,
    "rates/latest?per=pair": 3,
    "currencies": 3,
}


@pytest.mark.parametrize(("path", "count"), ROUTES.items())
def test_every_answer_comes_as_a_table_and_as_lines_too(
    view: ViewFile, path: str, count: int
) -> None:
    form = ("&" if "?" in path else "?") + "format="
    table = client(view.folder).get(f"/v1/{path}{form}csv")
    lines = client(view.folder).get(f"/v1/{path}{form}ndjson")

    assert table.headers["Content-Type"] == "text/csv; header=present; charset=utf-8"
    head, *rows = csv.reader(io.StringIO(table.text, newline=""))
    assert {len(row) for row in rows} == {len(head)}
    assert len(rows) == count
    assert lines.headers["Content-Type"] == "application/x-ndjson"
    found = [orjson.loads(line) for line in lines.text.splitlines()]
    assert len(found) == count
    assert set(head) <= set(found[0])


def test_a_table_says_in_its_head_what_was_left_out(view: ViewFile) -> None:
    doubt(view, "874.60", "2026-03-02")
    answer = client(view.folder).get("/v1/rates/USD-KGS?to=2026-03-02&format=csv")

    assert answer.headers["Newswire-Left-Out"] == "1"
    assert answer.text.splitlines() == [
        "source,kind,as_of,value,nominal",
        "nbkr,official,2026-02-25,87.4000,1",
        "nbkr,official,2026-02-26,87.4500,1",
        "nbkr,official,2026-02-27,87.5000,1",
    ]


# --- what cannot be answered --------------------------------------------------------------------


def test_an_unknown_pair_names_the_nearest_known_ones(view: ViewFile) -> None:
    answer = client(view.folder).get("/v1/rates/USD-KGZ")

    assert answer.status_code == 404
    assert answer.json()["type"] == "urn:newswire:problem:pair-unknown"
    assert answer.json()["nearest"][0] == "USD-KGS"
    assert refused(view, "rates/KZT-USD?source=x")[2].startswith(
        "No series of the source x quotes KZT-USD. Near it are "
    )
    assert refused(view, "rates/USD-USD/convert")[:2] == (404, "pair-unknown")
    assert refused(view, "rates/RUB-EUR/convert")[:2] == (404, "pair-unknown")


BAD = [
    "rates/usd-kgs", "rates/USDKGS", "rates/USD-KGS-EUR", "rates/USD-KG%00", "rates/ÜSD-KGS",
    "rates/" + "A" * 3_000,
    "rates/USD-KGS?from=2026-02-30", "rates/USD-KGS?from=0001-01-01", "rates/USD-KGS?to=9999-12-31",
    "rates/USD-KGS?to=1772409600", "rates/USD-KGS?from=2026-3-2", "rates/USD-KGS?from=٢٠٢٦-03-02",
    "rates/USD-KGS?from=2026-03-02T00:00:00Z", "rates/USD-KGS?from=2026-03-02&to=2026-03-01",
    "rates/USD-KGS?step=hour", "rates/USD-KGS?format=xml", "rates/USD-KGS?source=';DROP TABLE rate",
    "rates/USD-KGS?kind=cheap", "rates/USD-KGS?form=csv",
    "rates/USD-KGS?to=2026-03-01&to=2026-03-01",
    "rates/USD-KGS/convert?amount=1e999", "rates/USD-KGS/convert?amount=-1",
    "rates/USD-KGS/convert?amount=NaN", "rates/USD-KGS/convert?amount=Infinity",
    "rates/USD-KGS/convert?amount=", "rates/USD-KGS/convert?amount=1_000",
    "rates/USD-KGS/convert?amount=1%0A", "rates/USD-KGS/convert?amount=١",
    "rates/USD-KGS/convert?amount=" + "9" * 3_000, "rates/USD-KGS/convert?amount=1,5",
    "rates/USD-KGS/convert?on=tomorrow", "rates/USD-KGS/convert?on=2101-01-01",
    "rates/USD-KGS/consensus?on=2026-02-30", "rates/USD-KGS/consensus?basis=buy",
    "rates/USD-KGS/consensus?source=nbkr", "rates/USD-KG';--/consensus",
    "rates/USD-KGS/versions?on=0000-00-00", "rates/USD-KGS/versions?source=%00",
    "rates/USD-KGS/versions?on=2026-03-02&on=2026-03-03", "rates/latest?per=source",
    "rates/USD-KGS?at=-1", "rates/USD-KGS?at=1;DROP TABLE rate", "rates/USD-KGS?at=",
    "rates/USD-KGS?known_at=1",
    "currencies?base=USD", "rates/latest?kind=cheap", "rates/latest?format=yaml",
]  # fmt: skip


@pytest.mark.parametrize("path", BAD)
def test_what_makes_no_sense_is_refused_with_what_was_expected(view: ViewFile, path: str) -> None:
    status, name, detail = refused(view, path)

    assert (status, name) == (422, "parameters-invalid")
    assert len(detail) > 20
    assert len(detail) < 1_000


def test_8_kb_are_refused_unread(view: ViewFile) -> None:
    assert refused(view, "rates/USD-KGS/convert?amount=" + "9" * 8_000)[0] == 414


def test_a_large_amount_has_all_its_digits_and_no_exponent(view: ViewFile) -> None:
    amount = "9" * 15 + "." + "9" * 10
    found = get(view, f"rates/USD-KGS/convert?amount={amount}&on=2026-02-27")

    assert found["unrounded"] == "87499999999999999.99999999125"
    assert found["result"] == "87500000000000000"


def test_a_request_walks_over_a_bounded_number_of_series(
    view: ViewFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "SERIES_MAX", 1)

    body = get(view, "currencies")
    assert [one["code"] for one in body["items"]] == ["KGS", "KZT"]
    assert body["is_whole"] is False


# --- the page -----------------------------------------------------------------------------------


def test_a_page_has_the_value_its_changes_a_line_and_a_table(view: ViewFile) -> None:
    html = client(view.folder).get("/rates/USD-KGS").text

    assert "<title>USD/KGS – Newswire</title>" in html
    assert '<span class="value">87.5000</span>' in html
    assert '<span class="change up">+0.057%</span>' in html
    assert '<path d="M0 192L500 100L1000 8"' in html
    assert '<p class="as-of">3 days from 25 February 2026 to 27 February 2026: lowest' in html
    assert '<td><time datetime="2026-02-25">25 February 2026</time></td><td>87.4000</td>' in html
    assert "style=" not in html
    scripts = re.findall(r"<script[^>]*></script>", html)
    assert sorted(one.split("?")[0] for one in scripts) == [
        '<script src="/static/chart.js', '<script src="/static/uplot.js',
        '<script type="module" src="/static/keys.js',
    ]  # fmt: skip
    assert html.count("<script") == 3


def test_a_page_leads_with_what_a_bank_set(view: ViewFile) -> None:
    for source, kind in (("a-paper", "ticker"), ("a-dealer", "sell"), ("z-bank", "official")):
        view.rate("USD/KGS", "88", "2026-02-27", source=source, kind=kind)
    view.publish()
    html = client(view.folder).get("/rates/USD-KGS").text

    assert re.findall(r"</a>, (\w+)</h2>", html) == ["official", "official", "ticker", "sell"]


def test_a_pair_with_one_value_needs_no_chart(tmp_path: Path) -> None:
    view = ViewFile(tmp_path)
    view.rate("USD/KGS", "1", "2026-03-02")
    view.publish()

    html = client(view.folder).get("/rates/USD-KGS").text
    assert re.findall(r'<script(?! type="module" src="/static/keys\.js)', html) == []


def test_a_late_series_says_so_on_its_page(view: ViewFile) -> None:
    api = client(view.folder, today=date(2026, 3, 10))

    assert "late: 11 days old" in api.get("/rates/USD-KGS").text


def test_the_ticker_leads_to_the_page_of_its_pair(view: ViewFile) -> None:
    html = client(view.folder).get("/").text

    assert '<a class="pair" href="/rates/USD-KGS">USD/KGS</a>' in html


@pytest.mark.parametrize(("pair", "status"), [("USD-EUR", 404), ("x", 422), ("<b>-KGS", 422)])
def test_a_page_that_is_not_there_is_a_page_too(view: ViewFile, pair: str, status: int) -> None:
    answer = client(view.folder).get(f"/rates/{pair}")

    assert answer.status_code == status
    assert answer.headers["Content-Type"].startswith("text/html")
    assert "<b>" not in answer.text


def test_what_a_source_calls_itself_is_text_on_the_page(tmp_path: Path) -> None:
    view = ViewFile(tmp_path)
    view.rate("USD/KGS", "1", "2026-03-02", credit="<script>alert(1)</script>")
    view.publish()

    assert "&lt;script&gt;" in client(view.folder).get("/rates/USD-KGS").text
