"""What was asked of a desk, kept outside it, and the judgement whether the desk kept it.

The ledger is a SQLite file that shares no code and no data with what it judges: an event is written
down as intended before it is handed to ``newswire replay``, and acknowledged when that has said
success. ``check`` compares intents with what the streams and the views hold, in the words of
Jepsen's total-queue: lost, doubled (duplicated), unexpected, recovered.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Literal, Self

INPUTS = ("articles", "rates")
"""Streams that are fed; the wire carries one event for each of theirs, and what follows of it."""

Outcome = Literal["ok", "unknown"]


@dataclass(frozen=True, slots=True)
class Kill:
    """SIGKILL for a service, or for ``replay``."""

    service: str


@dataclass(frozen=True, slots=True)
class KillRedis:
    """SIGKILL for the log's server."""


@dataclass(frozen=True, slots=True)
class Pause:
    """A service stands still (SIGSTOP) and goes on, as on a machine that swaps."""

    service: str
    seconds: float


@dataclass(frozen=True, slots=True)
class FaultPoint:
    """A service ends itself the n-th time that it reaches a point of ``shared.faultpoints``."""

    name: str
    n: int


Fault = Kill | KillRedis | Pause | FaultPoint


@dataclass(frozen=True, slots=True)
class Round:
    """A repeatable experiment: the seed gives the recording and the moments of the faults."""

    seed: int
    faults: tuple[Fault, ...]


# --- intents -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Intent:
    """An event that the log must hold once."""

    stream: str
    subject: str
    version: int
    identity: str
    """Hash over what a reader sees: ``identity_of``."""
    outcome: Outcome = "unknown"


def intents_of(recording: bytes) -> Iterator[Intent]:
    """The events that an NDJSON recording intends; a line that repeats another one intends none.

    Versions count from 1: the subjects of a recording are in no other one.
    """
    version_by_subject: Counter[str] = Counter()
    for line in dict.fromkeys(recording.splitlines()):
        data = json.loads(line)["data"]
        stream, subject = subject_of(data)
        version_by_subject[subject] += 1
        yield Intent(stream, subject, version_by_subject[subject], identity_of(data))


def subject_of(data: Mapping[str, Any]) -> tuple[str, str]:
    """Stream and subject of an event's data."""
    match data:
        case {"rate": rate}:
            series = f"{rate['source']}:{rate['kind']}:{rate['base']}-{rate['quote']}"
            return "rates", f"urn:newswire:rate:{series}:{rate['as_of']}"
        case {"article": article}:
            return "articles", f"urn:newswire:article:{article['article_id']}"
        case _:
            return "articles", f"urn:newswire:article:{data['article_id']}"


def identity_of(data: Mapping[str, Any]) -> str:
    """What makes an event this one to a reader, the same on every stream and in the views."""
    match data:
        case {"rate": said} | {"article": said}:
            return identity_of(said)
        case {"value": value, "nominal": nominal}:
            seen = ["rate", value, nominal]
        case {"headline": headline, "body": body, "urgency": urgency}:
            seen = ["article", headline, *body, urgency]
        case {"story_id": story}:
            seen = ["story", story, json.dumps(data, sort_keys=True)]
        case _:
            seen = ["notice", data["reason"]]
    return hashlib.sha256(json.dumps(seen).encode()).hexdigest()[:24]


class Ledger:
    """The file, open as a context. What is written stands, whatever becomes of desk and test."""

    def __init__(self, file: Path) -> None:
        self._db = sqlite3.connect(file, isolation_level=None)
        self._db.executescript(
            """
            CREATE TABLE IF NOT EXISTS round (
              seed    INTEGER PRIMARY KEY,
              faults  TEXT NOT NULL
            ) STRICT;
            CREATE TABLE IF NOT EXISTS intent (
              number    INTEGER PRIMARY KEY, -- in the order in which they were handed over
              seed      INTEGER NOT NULL,
              stream    TEXT NOT NULL,
              subject   TEXT NOT NULL,
              version   INTEGER NOT NULL,
              identity  TEXT NOT NULL,
              outcome   TEXT NOT NULL DEFAULT 'unknown' CHECK (outcome IN ('ok', 'unknown')),
              UNIQUE (subject, version)
            ) STRICT;
            """
        )

    def intend(self, round_: Round, intents: Iterable[Intent]) -> None:
        """Write down what is about to be handed over; all of it or nothing."""
        rows = [(round_.seed, i.stream, i.subject, i.version, i.identity) for i in intents]
        self._db.execute("BEGIN")
        self._db.execute("INSERT INTO round VALUES (?, ?)", (round_.seed, repr(round_.faults)))
        self._db.executemany(
            "INSERT INTO intent (seed, stream, subject, version, identity) VALUES (?, ?, ?, ?, ?)",
            rows,
        )
        self._db.execute("COMMIT")

    def acknowledge(self, round_: Round) -> None:
        """The replay of a round has said that all of it is on the log."""
        self._db.execute("UPDATE intent SET outcome = 'ok' WHERE seed = ?", (round_.seed,))

    def intents(self) -> list[Intent]:
        """All intents, in the order in which they were handed over."""
        rows = self._db.execute(
            "SELECT stream, subject, version, identity, outcome FROM intent ORDER BY number"
        )
        return [Intent(*row) for row in rows]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()


@dataclass(frozen=True, slots=True)
class Found:
    """An event as it lies on a stream."""

    seq: int
    version: int
    subject: str
    identity: str
    event_id: str
    causation_id: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A row of the views: an article as it stands, or one version of a rate."""

    subject: str
    version: int
    identity: str


@dataclass(frozen=True, slots=True)
class Held:
    """All that a desk holds: each stream in its order, and the rows of the views."""

    streams: Mapping[str, Sequence[Found]]
    views: Sequence[Shown]


# --- the judgement -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is wrong with a desk, each finding as a sentence that names stream and subject."""

    attempted: int
    acknowledged: int
    recovered: int
    """Never acknowledged and there all the same: no fault, their fate was unknown."""
    lost: tuple[str, ...] = ()
    """Acknowledged and not on the log; or on the log and not on the wire or in the views."""
    doubled: tuple[str, ...] = ()
    out_of_order: tuple[str, ...] = ()
    """Of one subject; there is no promised order between subjects."""
    unexpected: tuple[str, ...] = ()
    """There, and nobody asked for it."""
    seq_gaps: tuple[str, ...] = ()
    version_gaps: tuple[str, ...] = ()

    def findings(self) -> dict[str, tuple[str, ...]]:
        """What is wrong, by kind; empty: nothing."""
        found = {field.name: getattr(self, field.name) for field in fields(self)}
        return {kind: said for kind, said in found.items() if isinstance(said, tuple) and said}


_Key = tuple[str, str]
"""Subject and identity. Versions are compared apart, so that a doubled event is seen as one."""


def check(intents: Sequence[Intent], held: Held) -> Verdict:
    """Judge a desk that has come to rest."""
    findings: defaultdict[str, list[str]] = defaultdict(list)
    on_log = [found for stream in INPUTS for found in held.streams.get(stream, ())]
    wire = held.streams.get("wire", ())
    followers = _followers(on_log, wire)
    present = Counter(map(_key, on_log))
    standing = list(_standing(intents, present))
    for stream in INPUTS:
        of_stream = [intent for intent in intents if intent.stream == stream]
        owed = [intent for intent in of_stream if intent.outcome == "ok"]
        _compare(findings, stream, (of_stream, owed), held.streams.get(stream, ()))
    carried = [found for found in wire if found.event_id not in followers]
    _compare(findings, "wire", (standing, standing), carried)
    for stream, events in held.streams.items():
        findings["seq_gaps"] += _seq_gaps(stream, events)
        findings["version_gaps"] += _version_gaps(stream, events)
    _check_causes(findings, on_log, wire, followers)
    _check_views(findings, standing, list(followers.values()), held.views)
    unknown = [intent for intent in standing if intent.outcome == "unknown"]
    return Verdict(
        attempted=len(intents),
        acknowledged=sum(intent.outcome == "ok" for intent in intents),
        recovered=len(unknown),
        **{kind: tuple(said) for kind, said in findings.items()},
    )


def _key(one: Intent | Found) -> _Key:
    return one.subject, one.identity


def _standing(intents: Iterable[Intent], present: Counter[_Key]) -> Iterator[Intent]:
    """The intents that are on the log, whether that was acknowledged or not."""
    left = Counter(present)
    for intent in intents:
        if left[_key(intent)] > 0:
            left[_key(intent)] -= 1
            yield intent


def _compare(
    findings: defaultdict[str, list[str]],
    stream: str,
    wanted: tuple[Sequence[Intent], Sequence[Intent]],
    events: Sequence[Found],
) -> None:
    """One stream against the intents that may be on it, and those that must be."""
    allowed, owed = (Counter(map(_key, intents)) for intents in wanted)
    found = Counter(map(_key, events))
    for key, count in (owed - found).items():
        findings["lost"].append(f"{stream}: {count} times {key}")
    for key, count in (found - allowed).items():
        kind = "doubled" if key in allowed else "unexpected"
        findings[kind].append(f"{stream}: {count} times too often {key}")
    both = allowed & found
    intended, actual = _by_subject(wanted[0], both), _by_subject(events, both)
    findings["out_of_order"] += [
        f"{stream}: {subject} holds {actual[subject]}, intended were {order}"
        for subject, order in intended.items()
        if actual[subject] != order
    ]


def _by_subject(
    events: Iterable[Intent | Found], counted: Counter[_Key]
) -> defaultdict[str, list[str]]:
    """Identities per subject in their order, each as often as it is counted."""
    left, order = Counter(counted), defaultdict[str, list[str]](list)
    for event in events:
        if left[_key(event)] > 0:
            left[_key(event)] -= 1
            order[event.subject].append(event.identity)
    return order


def _seq_gaps(stream: str, events: Sequence[Found]) -> list[str]:
    before = [0, *(found.seq for found in events)]
    return [
        f"{stream}: seq {seq + 1} was expected, {found.seq} found"
        for seq, found in zip(before, events, strict=False)
        if found.seq != seq + 1
    ]


def _version_gaps(stream: str, events: Sequence[Found]) -> list[str]:
    gaps, versions = [], Counter[str]()
    for found in events:
        if found.version != versions[found.subject] + 1:
            expected = versions[found.subject] + 1
            gaps.append(f"{stream}: {found.subject} has version {found.version}, not {expected}")
        versions[found.subject] = found.version
    return gaps


def _followers(on_log: Sequence[Found], wire: Sequence[Found]) -> dict[str, Found]:
    """Events of the wire, by id, that an event of another subject caused: nobody intends those.

    What becomes of a story, a copy that stands for itself again, a rate that is believed since.
    """
    subject_by_id = {found.event_id: found.subject for found in on_log}
    return {
        found.event_id: found
        for found in wire
        if subject_by_id.get(found.causation_id, found.subject) != found.subject
    }


def _check_causes(
    findings: defaultdict[str, list[str]],
    on_log: Sequence[Found],
    wire: Sequence[Found],
    followers: Mapping[str, Found],
) -> None:
    """Every event of the wire has its own cause: the input of that subject and version.

    What follows of another's counts among the versions, and says of a rate nothing new.
    """
    cause_by_id = {found.event_id: (found.subject, found.version) for found in on_log}
    known = set(map(_key, on_log))
    followed = Counter[str]()
    for found in wire:
        if found.event_id in followers:
            followed[found.subject] += 1
            is_known = not _is_rate(found) or _key(found) in known
        else:
            own = (found.subject, found.version - followed[found.subject])
            is_known = cause_by_id.get(found.causation_id) == own
        if not is_known:
            said = f"wire: seq {found.seq} of {found.subject} is caused by {found.causation_id}"
            findings["unexpected"].append(said)


def _is_rate(found: Found) -> bool:
    return found.subject.startswith("urn:newswire:rate:")


def _check_views(
    findings: defaultdict[str, list[str]],
    standing: Sequence[Intent],
    followers: Sequence[Found],
    views: Sequence[Shown],
) -> None:
    """An article is shown as its last event left it, a rate in every version that it had."""
    versions = defaultdict[str, list[int]](list)
    for found in followers:
        versions[found.subject].append(found.version)
    rows = [Shown(one.subject, one.version, one.identity) for one in followers if _is_rate(one)]
    articles: dict[str, Shown] = {}
    for intent in standing:
        if intent.stream == "articles":
            version = intent.version + len(versions[intent.subject])
            articles[intent.subject] = Shown(intent.subject, version, intent.identity)
        else:
            version = _shifted(intent.version, versions[intent.subject])
            rows.append(Shown(intent.subject, version, intent.identity))
    wanted, found = Counter([*rows, *articles.values()]), Counter(views)
    findings["lost"] += [f"views: {row} is missing" for row in wanted - found]
    for row in found - wanted:
        kind = "doubled" if row in wanted else "unexpected"
        findings[kind].append(f"views: {row} should not be there")


def _shifted(version: int, others: Sequence[int]) -> int:
    """Which version an event of the wire has, where versions between are those of others."""
    for other in sorted(others):
        version += other <= version
    return version
