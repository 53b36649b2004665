"""What holds for any series: one answer a day, bars that lose nothing, honest digits."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from services.api.rates import digits
from services.api.rates.bars import Step, bars
from services.api.rates.changes import STEPS, changes, percent
from services.api.rates.crossing import cross, price
from services.api.rates.points import Point, rate_on
from services.api.rates.rhythm import rhythm
from tests.rate_points import point
from tests.view_files import ViewFile, client

FIRST = date(2025, 12, 20)

values = st.decimals("0.00001", "99999", places=5).map(lambda number: f"{number:f}") | st.integers(
    1, 20_000
).map(str)
nominals = st.sampled_from([1, 10, 100, 1_000])
days = st.integers(0, 90).map(lambda number: FIRST + timedelta(days=number))


@st.composite
def series(draw: st.DrawFn, pair: str = "USD-KGS") -> list[Point]:
    """A series with at most one value for each of some days."""
    chosen = draw(st.lists(days, min_size=1, max_size=12, unique=True))
    return [
        point(one.isoformat(), draw(values), pair, nominal=draw(nominals)) for one in sorted(chosen)
    ]


steps = st.sampled_from(STEPS)


@given(series(), days)
def test_what_holds_is_the_last_value_whatever_the_order(points: list[Point], day: date) -> None:
    held = rate_on(points, day)

    assert held == rate_on(points[::-1], day)
    if held:
        assert held.point.day <= day
        assert not [one for one in points if held.point.day < one.day <= day]
        assert held.carried == (held.point.day < day)


@given(series(), steps)
def test_bars_cover_every_point_once_and_keep_their_order(points: list[Point], step: Step) -> None:
    found = bars(points, step)

    assert sum(bar.count for bar in found) == len(points)
    assert [bar.period.first for bar in found] == sorted({bar.period.first for bar in found})
    for bar in found:
        inside = [one for one in points if bar.period.first <= one.day <= bar.period.last]
        units = [one.unit for one in inside]
        assert (bar.open, bar.close, bar.count) == (inside[0], inside[-1], len(inside))
        assert (bar.low.unit, bar.high.unit) == (min(units), max(units))


@given(series(), steps)
def test_the_close_of_a_bar_is_what_holds_on_its_last_day(points: list[Point], step: Step) -> None:
    for bar in bars(points, step):
        held = rate_on(points, bar.period.last)
        assert held is None or held.point == bar.close


@given(series(), days)
def test_the_inverse_of_the_inverse_is_what_was_published(points: list[Point], day: date) -> None:
    one, other = price(points, "USD", "KGS", day), price(points, "KGS", "USD", day)

    assert (one is None) == (other is None)
    if one and other:
        assert one.unit * other.unit == 1
        assert one.digits == other.digits
        assert (one.way, other.way) == ("published", "inverse")


@given(series(), series("KZT-KGS"), days)
def test_a_cross_has_no_more_digits_than_its_worst_leg_and_lies_within_them(
    dollars: list[Point], tenges: list[Point], day: date
) -> None:
    found, back = (
        cross([*dollars, *tenges], "USD", "KZT", day), cross([*dollars, *tenges], "KZT", "USD", day)
    )  # fmt: skip
    legs = rate_on(dollars, day), rate_on(tenges, day)

    assert (found is None) == (None in legs)
    if not found or not back or not legs[0] or not legs[1]:
        return
    assert found.unit == legs[0].point.unit / legs[1].point.unit
    assert found.unit * back.unit == 1
    assert found.digits == min(legs[0].point.digits, legs[1].point.digits)
    told = Fraction(digits.rounded(found.unit, found.digits))
    assert abs(told - found.unit) <= found.unit * Fraction(1, 2 * 10 ** (found.digits - 1))


@given(values, values, nominals)
def test_a_change_is_never_told_that_the_digits_could_hide(
    before: str, after: str, nominal: int
) -> None:
    one = point("2026-03-02", before, nominal=nominal)
    other = point("2026-03-03", after, nominal=nominal)
    told = percent(one, other)

    if told is not None:
        exact = (other.unit - one.unit) * 100 / one.unit
        assert abs(Fraction(told) - exact) <= Fraction(1, 2)
        assert (Fraction(told) == 0) == (before == after or one.unit == other.unit)
        assert not told.startswith("-0") or Fraction(told)


@given(series(), days)
def test_changes_are_of_the_value_that_holds(points: list[Point], day: date) -> None:
    held = rate_on(points, day)

    for change in changes(points, day).values():
        assert change is None or (held is not None and change.since.day < held.point.day)


@given(st.fractions(min_value=0, max_value=10**20), st.integers(1, 25))
def test_a_number_is_told_with_its_digits_and_no_exponent(number: Fraction, count: int) -> None:
    text = digits.rounded(number, count)

    assert set(text) <= set("0123456789.")
    if number:
        assert abs(Fraction(text) - number) <= number * Fraction(1, 2 * 10 ** (count - 1))
        assert len(Decimal(text).as_tuple().digits) >= 1


@given(st.lists(days, min_size=1, max_size=40), days)
def test_age_is_counted_from_the_latest_and_a_longer_silence_is_never_less_late(
    came: list[date], today: date
) -> None:
    one, later = rhythm(came, today), rhythm(came, today + timedelta(days=7))

    assert one is not None
    assert later is not None
    assert one.age_days == max(0, (today - max(came)).days)
    assert bool(later.is_stale) >= bool(one.is_stale)


@contextmanager
def views(points: list[Point]) -> Iterator[ViewFile]:
    """A view file of these points."""
    with tempfile.TemporaryDirectory() as folder:
        view = ViewFile(Path(folder))
        for one in points:
            pair = f"{one.base}/{one.quote}"
            said: dict[str, Any] = {"source": one.source, "kind": one.kind, "nominal": one.nominal}
            view.rate(pair, one.value, one.as_of, **said)
        view.publish()
        yield view
        view.connection.close()


@settings(max_examples=25, deadline=None)
@given(series(), days)
def test_a_day_has_the_same_answer_at_every_endpoint(points: list[Point], day: date) -> None:
    with views(points) as view:
        api = client(view.folder, today=day)
        ranged = api.get(f"/v1/rates/USD-KGS?to={day}").json()
        barred = api.get(f"/v1/rates/USD-KGS?to={day}&step=day").json()
        converted = api.get(f"/v1/rates/USD-KGS/convert?on={day}")
        latest = api.get("/v1/rates/latest").json()["items"][0]
        of_latest = api.get(f"/v1/rates/USD-KGS/convert?on={latest['as_of']}").json()
        state: Any = api.app
        state.state.reader.close()

    held = rate_on(points, day)
    (about,) = ranged["series"]
    assert (of_latest["path"][0]["value"], of_latest["as_of"]) == (
        latest["value"], latest["as_of"],
    )  # fmt: skip
    if held is None:
        assert (about["holds"], converted.status_code) == (None, 404)
        return
    expected = held.point.value, held.point.nominal, held.point.as_of
    leg, last, bar = converted.json()["path"][0], ranged["items"][-1], barred["items"][-1]
    for said in (leg, last, about["holds"]):
        assert (said["value"], said["nominal"], said["as_of"]) == expected
    assert (bar["close"], bar["nominal"], bar["as_of"]) == expected
    assert leg["carried"] == about["holds"]["carried"] == held.carried


def plain(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


quotations = st.lists(
    st.builds(
        lambda series, day, value, nominal: point(
            day.isoformat(), value, source=series[0], kind=series[1], nominal=nominal
        ),
        st.sampled_from(
            [("nbkr", "official"), ("a-bank", "official"), ("exchange", "market"),
             ("courier", "ticker"), ("dealer", "sell")]
        ),
        days, values, nominals,
    ),
    min_size=1, max_size=12, unique_by=lambda one: (one.series, one.as_of),
)  # fmt: skip


@settings(max_examples=30, deadline=None)
@given(quotations)
def test_ticker_page_latest_and_conversion_choose_the_same_rate(points: list[Point]) -> None:
    with views(points) as view:
        api = client(view.folder, today=FIRST + timedelta(days=90))
        (latest,) = api.get("/v1/rates/latest?per=pair").json()["items"]
        ticker = plain(api.get("/").text)
        page = api.get("/rates/USD-KGS").text
        last = max((one.day for one in points if one.kind != "sell"), default=None)
        on = last or max(one.day for one in points)
        converted = api.get(f"/v1/rates/USD-KGS/convert?on={on}")
        of_day = api.get(f"/v1/rates/USD-KGS?source={latest['source']}&to={on}").json()["series"]
        state: Any = api.app
        state.state.reader.close()

    nominal = "" if latest["nominal"] == 1 else f"{latest['nominal']} "
    assert f" {nominal}USD/KGS {latest['value']} " in ticker
    assert f'<span class="value">{latest["value"]}</span>' in page
    expected = latest["source"], latest["value"], latest["nominal"], latest["as_of"]
    assert expected in [
        tuple(one["holds"][name] for name in ("source", "value", "nominal", "as_of"))
        for one in of_day
    ]
    if last is None:
        assert (latest["kind"], converted.status_code) == ("sell", 404)
        return
    leg = converted.json()["path"][0]
    assert (leg["source"], leg["value"], leg["nominal"], leg["as_of"]) == expected
