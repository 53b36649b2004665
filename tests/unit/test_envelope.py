from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import orjson
import pytest

from shared.envelope import Attributes, Recorded, content_hash, decode, encode, to_json
from shared.errors import Rejected
from shared.events import (
    TYPE_BY_CLASS,
    TYPES_BY_STREAM,
    AnyEvent,
    ArticleReceived,
    RateObserved,
    StreamName,
)
from shared.log import Entry, Fields
from shared.redis_log import entry_of
from shared.streams import Position
from tests.samples import ARTICLE, ATTRIBUTES, EVENTS_BY_STREAM, RATE, SHORT

SAMPLES = [
    pytest.param(stream, event, id=f"{stream}-{TYPE_BY_CLASS[type(event)]}")
    for stream, events in EVENTS_BY_STREAM.items()
    for event in events
]
OBSERVED = RateObserved(rate=RATE)


def _entry(fields: Fields, **changed: str | None) -> Entry:
    """The entry a log makes of an event; fields changed, or left out where None."""
    by_name = {b"seq": b"7", b"version": b"3", **dict(zip(fields[::2], fields[1::2], strict=True))}
    for name, text in changed.items():
        by_name[name.encode()] = (text or "").encode()
        if text is None:
            del by_name[name.encode()]
    return entry_of("1772427601000-0", by_name)


def test_there_is_a_sample_of_every_type() -> None:
    sampled = {stream: {*map(type, events)} for stream, events in EVENTS_BY_STREAM.items()}

    assert sampled == {stream: {*types.values()} for stream, types in TYPES_BY_STREAM.items()}


@pytest.mark.parametrize(("stream", "event"), SAMPLES)
def test_an_event_comes_back_as_it_went(stream: StreamName, event: AnyEvent) -> None:
    recorded = decode(stream, _entry(encode(event, ATTRIBUTES)))

    assert recorded == Recorded(
        stream=stream,
        position=Position("1772427601000-0"),
        seq=7,
        version=3,
        id="3d5c0b1e-8f2a-5c6d-9e7f-1a2b3c4d5e6f",
        source="urn:newswire:source:silk-road-bulletin",
        type=TYPE_BY_CLASS[type(event)],
        subject="urn:newswire:article:0b8e3c52-53d7-5d0e-8f0d-5b8f6a1f2c11",
        time=datetime(2026, 3, 2, 5, 0, 0, 250000, tzinfo=UTC),
        recorded_at=datetime(2026, 3, 2, 5, 0, 1, tzinfo=UTC),
        correlation_id="urn:newswire:article:0b8e3c52-53d7-5d0e-8f0d-5b8f6a1f2c11",
        causation_id="c9a1f7d2-6c8f-5a58-9d9f-0d9a4a4f8e11",
        traceparent=ATTRIBUTES.traceparent,
        event=event,
    )
    assert type(recorded.event) is type(event)


# --- encoding -----------------------------------------------------------------------------------


def test_the_fields_stand_in_the_bindings_order() -> None:
    fields = encode(OBSERVED, replace(ATTRIBUTES, traceparent="00-1-2-01"))

    assert fields[::2] == (
        b"specversion", b"id", b"source", b"type", b"subject", b"time", b"recordedtime",
        b"datacontenttype", b"dataschema", b"correlationid", b"causationid", b"traceparent",
        b"data",
    )  # fmt: skip
    assert fields[1::2] == (
        b"1.0",
        b"3d5c0b1e-8f2a-5c6d-9e7f-1a2b3c4d5e6f",
        b"urn:newswire:source:silk-road-bulletin",
        b"newswire.rate.observed",
        b"urn:newswire:article:0b8e3c52-53d7-5d0e-8f0d-5b8f6a1f2c11",
        b"2026-03-02T05:00:00.250000Z",
        b"2026-03-02T05:00:01Z",
        b"application/json",
        b"urn:newswire:schema:newswire.rate.observed:1",
        b"urn:newswire:article:0b8e3c52-53d7-5d0e-8f0d-5b8f6a1f2c11",
        b"c9a1f7d2-6c8f-5a58-9d9f-0d9a4a4f8e11",
        b"00-1-2-01",
        to_json(OBSERVED),
    )


def test_what_is_absent_is_no_field() -> None:
    attributes = replace(ATTRIBUTES, causation_id=None)
    fields = encode(OBSERVED, attributes)

    assert b"causationid" not in fields
    assert b"traceparent" not in fields
    assert decode("rates", _entry(fields)).causation_id is None


def test_instants_are_written_in_utc() -> None:
    almaty = timezone(timedelta(hours=5))
    fields = encode(OBSERVED, replace(ATTRIBUTES, time=datetime(2026, 3, 2, 10, 30, tzinfo=almaty)))

    assert fields[fields.index(b"time") + 1] == b"2026-03-02T05:30:00Z"


def test_data_are_utf8_json_with_every_field_and_digits_as_published() -> None:
    assert to_json(OBSERVED) == (
        b'{"rate":{"source":"silk-road-bulletin","kind":"ticker","base":"USD","quote":"UZS",'
        b'"value":"12650.00","nominal":1,"as_of":"2026-03-02","as_of_precision":"date",'
        b'"valid_days":null,'
        b'"change":"-0","change_unit":"percent","occurrences":8,'
        b'"credit":"The Silk Road Bulletin","observed_at":"2026-03-02T05:00:00.250000Z",'
        b'"document":{"sha256":"' + b"5f2b1c0d" * 8 + b'","media_type":"text/plain",'
        b'"parser":"front-page","parser_version":1}}}'
    )
    assert "“Қазақстан”".encode() in to_json(ArticleReceived(article=ARTICLE))
    assert b'"credit":null' in to_json(ArticleReceived(article=SHORT))


@pytest.mark.parametrize("text", ["-0", "-0.00", "0.00008", "0.10820", "12650.00"])
def test_a_number_keeps_its_digits_and_the_sign_of_its_zero(text: str) -> None:
    event = RateObserved(rate=RATE.model_copy(update={"change": text}))
    decoded = decode("rates", _entry(encode(event, ATTRIBUTES)))

    assert isinstance(decoded.event, RateObserved)
    assert decoded.event.rate.change == text


# --- decoding -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stream", "name"),
    [
        ("articles", "newswire.rate.observed"),
        ("rates", "newswire.rate.unheard-of"),
        ("wire", "newswire.article.withdrawn"),
        ("deadletters", ""),
    ],
)
def test_a_type_that_is_not_the_streams_is_rejected(stream: StreamName, name: str) -> None:
    with pytest.raises(Rejected, match=f"^{name} is not a type of the stream {stream}"):
        decode(stream, _entry(encode(OBSERVED, ATTRIBUTES), type=name))


@pytest.mark.parametrize(
    "name",
    [
        "version", "source", "type", "subject", "time", "recordedtime", "correlationid", "data",
        "id", "seq",
    ],
)  # fmt: skip
def test_an_entry_without_a_needed_field_is_rejected_by_its_name(name: str) -> None:
    entry = _entry(encode(OBSERVED, ATTRIBUTES), **{name: None})

    with pytest.raises(Rejected, match=f"the entry at 1772427601000-0 has no field b'{name}'"):
        decode("rates", entry)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("version", "one"),
        ("time", "yesterday"),
        ("recordedtime", ""),
        ("data", "{"),
        ("data", "[]"),
        ("data", "{}"),
        ("data", '{"rate":null}'),
        ("time", "2026-03-02T05:00:00"),
    ],
)  # fmt: skip
def test_a_field_that_does_not_fit_is_rejected(name: str, text: str) -> None:
    entry = _entry(encode(OBSERVED, ATTRIBUTES), **{name: text})

    with pytest.raises(Rejected, match="the entry at 1772427601000-0 does not fit its type"):
        decode("rates", entry)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("kind", "rumour"),
        ("base", "usd"),
        ("value", "1e3"),
        ("value", 12650.0),
        ("nominal", 0),
        ("observed_at", "2026-03-02T05:00:00"),
        ("document", None),
    ],
)
def test_data_of_another_shape_are_rejected(name: str, value: object) -> None:
    data = orjson.loads(to_json(OBSERVED))
    data["rate"][name] = value
    entry = _entry(encode(OBSERVED, ATTRIBUTES), data=orjson.dumps(data).decode())

    with pytest.raises(Rejected, match="does not fit its type"):
        decode("rates", entry)


def test_bytes_that_are_no_text_are_rejected() -> None:
    entry = _entry(encode(OBSERVED, ATTRIBUTES))
    entry.fields[b"subject"] = b"\xff\xfe"

    with pytest.raises(Rejected, match="does not fit its type"):
        decode("rates", entry)


def test_a_later_versions_additions_are_ignored() -> None:
    data = orjson.loads(to_json(OBSERVED))
    data["dispute"] = {"by": "x"}
    data["rate"]["venue"] = "KASE"
    data["rate"]["document"]["pages"] = [1]
    entry = _entry(
        encode(OBSERVED, ATTRIBUTES), data=orjson.dumps(data).decode(), partitionkey="kz"
    )

    assert decode("rates", entry).event == OBSERVED


def test_a_field_that_an_earlier_version_did_not_write_has_its_default() -> None:
    data = orjson.loads(to_json(OBSERVED))
    for name in ("change", "change_unit", "occurrences", "credit", "nominal"):
        del data["rate"][name]
    entry = _entry(encode(OBSERVED, ATTRIBUTES), data=orjson.dumps(data).decode())
    event = decode("rates", entry).event

    assert isinstance(event, RateObserved)
    rate = event.rate
    assert (rate.change, rate.change_unit, rate.occurrences, rate.credit, rate.nominal) == (
        None, None, 1, None, 1,
    )  # fmt: skip


# --- content hash -------------------------------------------------------------------------------


def test_a_content_hash_leaves_fields_out_wherever_they_stand() -> None:
    later = datetime(2026, 3, 3, tzinfo=UTC)
    again = RateObserved(
        rate=RATE.model_copy(
            update={
                "observed_at": later,
                "occurrences": 1,
                "document": RATE.document.model_copy(update={"sha256": "00" * 32}),
            }
        )
    )
    without = frozenset({"observed_at", "occurrences", "sha256"})

    assert content_hash(again, leaving_out=without) == content_hash(OBSERVED, leaving_out=without)
    assert content_hash(again, leaving_out=frozenset()) != content_hash(
        OBSERVED, leaving_out=frozenset()
    )


def test_every_other_field_decides_the_content_hash() -> None:
    without = frozenset({"observed_at"})
    of_sample = content_hash(OBSERVED, leaving_out=without)
    for name, value in (("value", "12650.0"), ("change", "0"), ("credit", None), ("nominal", 10)):
        other = RateObserved(rate=RATE.model_copy(update={name: value}))
        assert content_hash(other, leaving_out=without) != of_sample


def test_the_same_content_has_the_same_hash_for_ever() -> None:
    assert content_hash(OBSERVED, leaving_out=frozenset({"observed_at"})) == (
        "92c928560cea5d67c950a75f8b7e057630bfd935a52da9e9a21ba250ca400a9e"
    )


def test_attributes_need_no_cause() -> None:
    first = Attributes("i", "s", "u", ATTRIBUTES.time, ATTRIBUTES.recorded_at, "c")

    assert (first.causation_id, first.traceparent) == (None, None)
