"""What a partner sends of a rate is what the log gets, or a fault that says where."""

from __future__ import annotations

import orjson
import pytest

from services.ingest.push.items import NotTaken, Seen
from services.ingest.push.rates import rate
from shared.news import Rate
from tests.builders import at
from tests.push_door import RATE, SOURCE

NOW = at(9)


def seen(**changes: object) -> Rate | NotTaken:
    """What becomes of a rate that was seen on March 9."""
    return rate(Seen(orjson.dumps({**RATE, **changes}), (SOURCE,), NOW))


def test_everything_that_a_partner_says_is_in_the_rate() -> None:
    found = seen(nominal=10, change="-0", change_unit="percent", credit="Irtysh Telegraph")

    assert isinstance(found, Rate)
    assert found.model_dump(exclude={"document"}) == {
        "source": SOURCE,
        "kind": "market",
        "base": "USD",
        "quote": "KZT",
        "value": "501.40",
        "nominal": 10,
        "as_of": "2026-03-03",
        "as_of_precision": "date",
        "valid_days": None,
        "change": "-0",
        "change_unit": "percent",
        "occurrences": 1,
        "credit": "Irtysh Telegraph",
        "observed_at": NOW,
    }
    assert found.document.parser == "push"


def test_a_rate_is_official_unless_it_says_otherwise() -> None:
    said = {name: value for name, value in RATE.items() if name != "kind"}
    found = rate(Seen(orjson.dumps(said), (SOURCE,), NOW))

    assert isinstance(found, Rate)
    assert found.kind == "official"


@pytest.mark.parametrize(
    ("said", "kept", "precision"),
    [
        ("2026-03-10", "2026-03-10", "date"),
        ("2026-03-03T12:00:00Z", "2026-03-03T12:00:00Z", "time"),
        ("2026-03-03T17:00:00+05:00", "2026-03-03T12:00:00Z", "time"),
        ("2026-03-03T12:00:00.250Z", "2026-03-03T12:00:00.250000Z", "time"),
    ],
)
def test_a_time_has_one_form_on_the_log(said: str, kept: str, precision: str) -> None:
    found = seen(as_of=said)

    assert isinstance(found, Rate)
    assert (found.as_of, found.as_of_precision) == (kept, precision)


FAULTY: list[tuple[dict[str, object], str]] = [
    ({"value": 501.4}, "value"),
    ({"value": "0.00"}, "value"),
    ({"value": "-1"}, "value"),
    ({"value": "1,5"}, "value"),
    ({"value": "1" * 42}, "value"),
    ({"base": "usd"}, "base"),
    ({"base": "XXX"}, "base"),
    ({"quote": "USD"}, "quote"),
    ({"nominal": 0}, "nominal"),
    ({"nominal": "100"}, "nominal"),
    ({"nominal": 1.0}, "nominal"),
    ({"as_of": "2026-03-11"}, "as_of"),
    ({"as_of": "2026-02-30"}, "as_of"),
    ({"as_of": "20260303"}, "as_of"),
    ({"as_of": "2026-W10-2"}, "as_of"),
    ({"as_of": "2026-03-03T12:00:00"}, "as_of"),
    ({"as_of": "2026-03-10T06:00:01Z"}, "as_of"),
    ({"as_of": "0001-01-01T00:00:00+14:00"}, "as_of"),
    ({"as_of": "9999-12-31T23:59:59-14:00"}, "as_of"),
    ({"as_of": None}, "as_of"),
    ({"change": "0.6"}, "change_unit"),
    ({"change_unit": "percent"}, "change"),
    ({"kind": "guess"}, "kind"),
    ({"source": "gazette"}, "source"),
    ({"rate": "501.40"}, "rate"),
]


@pytest.mark.parametrize(("changes", "path"), FAULTY, ids=lambda value: str(value)[:30])
def test_what_is_wrong_is_told_with_its_place(changes: dict[str, object], path: str) -> None:
    found = seen(**changes)

    assert isinstance(found, NotTaken)
    assert path in {fault.path for fault in found.faults}
