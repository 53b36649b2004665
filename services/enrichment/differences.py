"""What the wire says of an article beside what this code would say of it. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Final, Literal

from shared.events import TYPE_BY_CLASS, ArticleWireEvent, CarriedEvent, RelationChanged
from shared.faults import visible
from shared.log import Entry
from shared.news import Relation, Tag
from shared.story_events import StoryClosed, StoryGrew, StoryWireEvent
from shared.streams import article_subject

SHOWN_MAX: Final = 20
"""Differences of one kind that are shown; ``--json`` gives all."""
WORDS_MAX: Final = 3
"""Words that speak for a tag that are shown."""
HEADLINE_CHARS_MAX: Final = 60

Kind = Literal["event", "language", "tag", "relation", "story", "unfinished", "methods", "failed"]
"""``event``: one of the two says nothing, or something of another type;
``failed``: this code could not decide."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that would be said otherwise."""

    kind: Kind
    detail: str
    """Of a tag or relation its kind, of what is unfinished and of methods the step."""
    seq: int
    """Of the event on the wire; where the wire says nothing, of the last one before."""
    article_id: str
    """Of a story's event the story's id."""
    headline: str
    """Empty: the event has none."""
    wire: str | None
    """None: the wire does not say it."""
    now: str | None
    """None: this code does not say it."""
    evidence: dict[str, str] = field(default_factory=dict)

    @property
    def group(self) -> tuple[str, str]:
        """What it is counted under."""
        return self.kind, self.detail


def differences(
    wire: ArticleWireEvent | None, now: ArticleWireEvent | None, seq: int
) -> Iterator[Difference]:
    """What two events about one article say differently; None: one of them was not said."""
    if (some := wire or now) is None:
        return
    place = (seq, article_of(some), _headline(some))
    if wire is None or now is None or type(wire) is not type(now):
        yield Difference("event", "", *place, _type(wire), _type(now))
        if wire is None or now is None:
            return
    if isinstance(wire, CarriedEvent) and isinstance(now, CarriedEvent):
        if wire.language != now.language:
            yield Difference("language", "", *place, wire.language, now.language)
        yield from _tags(wire.tags, now.tags, place)
        yield from _relations(wire.relations, now.relations, place)
        if wire.story_id != now.story_id:
            yield Difference("story", "", *place, wire.story_id, now.story_id)
        yield from _steps("unfinished", wire.unfinished or {}, now.unfinished or {}, place)
        yield from _steps("methods", wire.methods, now.methods, place)
    elif isinstance(wire, RelationChanged) and isinstance(now, RelationChanged):
        yield from _relations(wire.relations, now.relations, place)
    elif isinstance(wire, StoryWireEvent) and isinstance(now, StoryWireEvent):
        ours, theirs = _articles(now), _articles(wire)
        if ours != theirs:
            yield Difference("story", "", *place, theirs, ours)


def failed(entry: Entry, seq: int, error: Exception) -> Difference:
    """An event of the input that this code cannot decide; ``seq``: of the wire so far."""
    subject = entry.fields.get(b"subject", b"").decode(errors="replace")
    article_id = subject.removeprefix(article_subject(""))
    evidence = {"input_seq": str(entry.seq), "error": f"{type(error).__name__}: {error}"}
    return Difference("failed", "", seq, article_id, "", None, None, evidence)


def article_of(event: ArticleWireEvent) -> str:
    """The article that an event is about."""
    if isinstance(event, CarriedEvent):
        return event.article.article_id
    return event.story_id if isinstance(event, StoryWireEvent) else event.article_id


def key_of(event: ArticleWireEvent) -> str:
    """What tells the events apart that the wire says because of one event of the input."""
    kind = f"{_type(event)} " if isinstance(event, StoryWireEvent) else ""
    return f"{kind}{article_of(event)}"


_Place = tuple[int, str, str]
"""Seq, article and headline of a difference."""


def _tags(wire: Sequence[Tag], now: Sequence[Tag], place: _Place) -> Iterator[Difference]:
    ours, theirs = ({(one.scheme, one.code): one for one in tags} for tags in (now, wire))
    for key, tag in theirs.items():
        if key not in ours:
            yield Difference("tag", tag.kind, *place, _tag(tag), None, _speaking(tag))
    for key, tag in ours.items():
        if key not in theirs:
            yield Difference("tag", tag.kind, *place, None, _tag(tag), _speaking(tag))


def _relations(
    wire: Sequence[Relation], now: Sequence[Relation], place: _Place
) -> Iterator[Difference]:
    ours, theirs = ({(one.kind, one.article_id): one for one in some} for some in (now, wire))
    for key, one in theirs.items():
        if key not in ours:
            yield Difference("relation", one.kind, *place, one.article_id, None, one.evidence)
    for key, one in ours.items():
        if key not in theirs:
            yield Difference("relation", one.kind, *place, None, one.article_id, one.evidence)


def _articles(event: StoryWireEvent) -> str:
    """The articles that an event moves, and who stands for the story after it."""
    match event:
        case StoryGrew():
            moved: tuple[str, ...] = (event.article_id,)
        case StoryClosed():
            moved = ()
        case _:
            moved = event.article_ids
    return f"{' '.join(sorted(moved))} representative {event.representative}"


def _steps(
    kind: Literal["unfinished", "methods"],
    wire: Mapping[str, str],
    now: Mapping[str, str],
    place: _Place,
) -> Iterator[Difference]:
    for step in sorted(wire.keys() | now.keys()):
        if wire.get(step) != now.get(step):
            yield Difference(kind, step, *place, wire.get(step), now.get(step))


def _tag(tag: Tag) -> str:
    return f"{tag.scheme}:{tag.code} {tag.name}"


def _speaking(tag: Tag) -> dict[str, str]:
    words = list(dict.fromkeys(span.text for span in tag.spans))
    said = {"relevance": str(tag.relevance), "confidence": str(tag.confidence)}
    found = {"words": ", ".join(words[:WORDS_MAX])} if words else {}
    return {**said, **found, "creator": tag.creator}


def _headline(event: ArticleWireEvent) -> str:
    if isinstance(event, CarriedEvent):
        return event.article.headline
    return event.headline if isinstance(event, StoryWireEvent) else ""


def _type(event: ArticleWireEvent | None) -> str | None:
    return TYPE_BY_CLASS[type(event)] if event is not None else None


@dataclass(slots=True)
class Report:
    """What came of a comparison: counts, and the first differences of each kind."""

    compared: int = 0
    """Events, on the wire or not."""
    differing: int = 0
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    shown: dict[tuple[str, str], list[Difference]] = field(default_factory=dict)

    def add(self, found: Sequence[Difference]) -> None:
        """Count what was found at one event."""
        self.compared += 1
        self.differing += bool(found)
        for one in found:
            self.counts[one.group] += 1
            some = self.shown.setdefault(one.group, [])
            if len(some) < SHOWN_MAX:
                some.append(one)

    def lines(self) -> Iterator[str]:
        """For a person."""
        yield f"events compared: {self.compared}; said otherwise: {self.differing}"
        for group in sorted(self.counts):
            yield f"{' '.join(filter(None, group))}: {self.counts[group]}"
            yield from (f"  {_line(one)}" for one in self.shown[group])
            if (more := self.counts[group] - len(self.shown[group])) > 0:
                yield f"  and {more} more"

    def as_json(self) -> dict[str, object]:
        """The counts as one object."""
        counts = [
            {"kind": kind, "detail": detail, "count": count}
            for (kind, detail), count in sorted(self.counts.items())
        ]
        return {"compared": self.compared, "differing": self.differing, "counts": counts}


def difference_json(one: Difference) -> dict[str, object]:
    """A difference as one object."""
    return asdict(one)


def _line(one: Difference) -> str:
    headline = visible(one.headline)
    short = headline if len(headline) <= HEADLINE_CHARS_MAX else headline[:HEADLINE_CHARS_MAX] + "…"
    evidence = ", ".join(f"{name} {value}" for name, value in one.evidence.items())
    told = f"seq {one.seq} {one.article_id} {short}".rstrip()
    change = f"{one.wire or 'nothing'} → {one.now or 'nothing'}"
    return f"{told}: {visible(change)}" + (f" ({visible(evidence)})" if evidence else "")
