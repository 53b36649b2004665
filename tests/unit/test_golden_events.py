"""One event of every type as it lies on the log; these files are never edited.

A type that gains a field keeps its file, and gets a second one beside it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest

from shared.envelope import Attributes, decode, encode
from shared.events import TYPE_BY_CLASS, TYPES_BY_STREAM
from shared.hashing import event_id
from shared.log import Fields
from shared.redis_log import entry_of
from shared.streams import rate_subject, series_name
from tests.samples import ATTRIBUTES, EVENTS_BY_STREAM, SOURCE

GOLDEN = Path(__file__).parents[1] / "golden" / "events"
FILES = sorted(GOLDEN.glob("*/*.json"))


@pytest.fixture(params=FILES, ids=lambda file: f"{file.parent.name}-{file.stem}")
def golden(request: pytest.FixtureRequest) -> dict[str, Any]:
    """The content of one golden file."""
    content = orjson.loads(request.param.read_bytes())
    assert isinstance(content, dict)
    return content


def _fields(golden: dict[str, Any]) -> dict[bytes, bytes]:
    """The stream fields of a golden event, in order, as bytes."""
    texts = golden["fields"] | {"data": orjson.dumps(golden["fields"]["data"]).decode()}
    return {name.encode(): text.encode() for name, text in texts.items()}


def test_every_type_has_a_golden_event() -> None:
    types = {(stream, name) for stream, names in TYPES_BY_STREAM.items() for name in names}

    assert types <= {(file.parent.name, file.stem) for file in FILES}


def test_a_golden_event_decodes_to_its_type_and_its_fields(golden: dict[str, Any]) -> None:
    fields = golden["fields"]
    recorded = decode(golden["stream"], entry_of(golden["position"], _fields(golden)))

    assert type(recorded.event) is TYPES_BY_STREAM[recorded.stream][fields["type"]]
    assert recorded.event.model_dump(mode="json") == fields["data"]
    assert (recorded.position, recorded.seq, recorded.version) == (
        golden["position"], int(fields["seq"]), int(fields["version"]),
    )  # fmt: skip
    assert (recorded.id, recorded.source, recorded.subject) == (
        fields["id"], fields["source"], fields["subject"],
    )  # fmt: skip
    assert (recorded.correlation_id, recorded.causation_id) == (
        fields["correlationid"], fields.get("causationid"),
    )  # fmt: skip


def test_a_golden_event_is_encoded_again_byte_for_byte(golden: dict[str, Any]) -> None:
    by_name = _fields(golden)
    recorded = decode(golden["stream"], entry_of(golden["position"], by_name))
    fields = encode(
        recorded.event,
        Attributes(
            id=recorded.id,
            source=recorded.source,
            subject=recorded.subject,
            time=recorded.time,
            recorded_at=recorded.recorded_at,
            correlation_id=recorded.correlation_id,
            causation_id=recorded.causation_id,
        ),
    )

    assert _as_stored(by_name[b"seq"], by_name[b"version"], fields) == tuple(by_name.items())


def _as_stored(seq: bytes, version: bytes, fields: Fields) -> tuple[tuple[bytes, bytes], ...]:
    """Names and values as the log writes them: seq and version first."""
    pairs = zip(fields[::2], fields[1::2], strict=True)
    return ((b"seq", seq), (b"version", version), *pairs)


def _write_missing() -> None:  # run once by hand, for a type that is new
    for stream, events in EVENTS_BY_STREAM.items():
        version_by_subject: Counter[str] = Counter()
        for seq, event in enumerate(events, start=1):
            name = TYPE_BY_CLASS[type(event)]
            attributes = _attributes(stream, name)
            version_by_subject[attributes.subject] += 1
            version = str(version_by_subject[attributes.subject])
            stored = _as_stored(str(seq).encode(), version.encode(), encode(event, attributes))
            fields: dict[str, Any] = {key.decode(): text.decode() for key, text in stored}
            fields["data"] = orjson.loads(fields["data"])
            content = {"stream": stream, "position": f"177242760100{seq - 1}-0", "fields": fields}
            file = GOLDEN / stream / f"{name}.json"
            file.parent.mkdir(parents=True, exist_ok=True)
            if not file.exists():
                file.write_bytes(orjson.dumps(content, option=orjson.OPT_INDENT_2) + b"\n")


def _attributes(stream: str, name: str) -> Attributes:
    subject = ATTRIBUTES.subject
    if ".rate." in name:
        subject = rate_subject(series_name(SOURCE, "ticker", "USD", "UZS"), "2026-03-02")
    return replace(
        ATTRIBUTES,
        id=event_id("golden", stream, name),
        subject=subject,
        correlation_id=subject,
        causation_id=None if stream in {"articles", "rates"} else ATTRIBUTES.causation_id,
    )
