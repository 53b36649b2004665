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
from shared.streams import acceptance_subject, rate_subject, series_name, story_subject
from tests.samples import ATTRIBUTES, EVENTS_BY_STREAM, SOURCE, STORY_ID

GOLDEN = Path(__file__).parents[1] / "golden" / "events"
FILES = sorted(
    GOLDEN.glob("*/*.json"), key=lambda file: (file.parent.name, len(file.name), file.name)
)


def _type_of(file: Path) -> str:
    """``newswire.rate.quoted.2`` is the second file of its type."""
    return file.stem.rstrip("0123456789").removesuffix(".")


NEWEST = list({(file.parent.name, _type_of(file)): file for file in FILES}.values())


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

    assert types <= {(file.parent.name, _type_of(file)) for file in FILES}


def test_a_golden_event_decodes_to_its_type_and_its_fields(golden: dict[str, Any]) -> None:
    fields = golden["fields"]
    recorded = decode(golden["stream"], entry_of(golden["position"], _fields(golden)))

    assert type(recorded.event) is TYPES_BY_STREAM[recorded.stream][fields["type"]]
    assert _as_known(recorded.event.model_dump(mode="json"), fields["data"]) == fields["data"]
    assert (recorded.position, recorded.seq, recorded.version) == (
        golden["position"], int(fields["seq"]), int(fields["version"]),
    )  # fmt: skip
    assert (recorded.id, recorded.source, recorded.subject) == (
        fields["id"], fields["source"], fields["subject"],
    )  # fmt: skip
    assert (recorded.correlation_id, recorded.causation_id) == (
        fields["correlationid"], fields.get("causationid"),
    )  # fmt: skip


def _as_known(dumped: Any, known: Any) -> Any:
    """What an event says today, without the fields that its golden file does not know.

    Such a field says nothing: null or an empty list.
    """
    if isinstance(dumped, dict) and isinstance(known, dict):
        assert not [name for name in dumped.keys() - known.keys() if dumped[name] not in (None, [])]
        return {name: _as_known(dumped[name], known[name]) for name in known}
    if isinstance(dumped, list) and isinstance(known, list) and len(dumped) == len(known):
        return [_as_known(*pair) for pair in zip(dumped, known, strict=True)]
    return dumped


@pytest.mark.parametrize("file", NEWEST, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_a_golden_event_is_encoded_again_byte_for_byte(file: Path) -> None:
    """An older file of a type lacks the fields that were added since."""
    golden = orjson.loads(file.read_bytes())
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


def _write_missing() -> None:  # run once by hand, for a type that is new or has a new field
    newest = {(file.parent.name, _type_of(file)): file for file in NEWEST}
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
            written = orjson.dumps(content, option=orjson.OPT_INDENT_2) + b"\n"
            known = newest.get((stream, name))
            if known is None or known.read_bytes() != written:
                number = 1 + sum(_type_of(file) == name for file in (GOLDEN / stream).glob("*"))
                suffix = f".{number}" if number > 1 else ""
                file = GOLDEN / stream / f"{name}{suffix}.json"
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(written)


def _attributes(stream: str, name: str) -> Attributes:
    subject = ATTRIBUTES.subject
    if ".story." in name:
        subject = story_subject(STORY_ID)
    if ".rate." in name:
        named = acceptance_subject if name.endswith(".accepted") else rate_subject
        subject = named(series_name(SOURCE, "ticker", "USD", "UZS"), "2026-03-02")
    return replace(
        ATTRIBUTES,
        id=event_id("golden", stream, name),
        subject=subject,
        correlation_id=subject,
        causation_id=None if stream in {"articles", "rates"} else ATTRIBUTES.causation_id,
    )
