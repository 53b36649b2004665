"""What the two streams last said of each article: in eighty bytes, as none is forgotten. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass, field
from struct import Struct
from typing import Final, TypeVar, get_args

from shared.news import ArticleId, Change, PubStatus, StoryId
from shared.streams import Position

T = TypeVar("T")

_LAYOUT: Final = Struct("<QQIIIBBBB")
_CHANGES: Final[tuple[Change | None, ...]] = (None, *get_args(Change))
_STATUSES: Final[tuple[PubStatus, ...]] = get_args(PubStatus)
_UNSAID: Final = len(_STATUSES)
"""Stands for the status where a stream has said nothing."""
_SEAM: Final = "\0"
"""Between two sources, in no id of one."""


@dataclass(frozen=True, slots=True)
class Input:
    """What the articles stream last said of an article."""

    source: str
    content_at: Position
    """Where its last content stands."""
    revision: int
    change: Change | None
    """How it differs from the revision before; None: it is the first."""
    pubstatus: PubStatus
    """What the source last said; a withdrawal is ``canceled``."""
    is_held: bool
    """A decision holds it until a decision releases it."""


@dataclass(frozen=True, slots=True)
class OnWire:
    """What the wire last said of an article."""

    version: int
    status: PubStatus
    revision: int
    """Last revision that the wire carried; 0: none."""
    source: str
    copy_of: ArticleId | None
    """The article that the wire last called it a copy of."""
    story_id: StoryId | None = None
    """The story that the wire last said it belongs to."""


@dataclass(frozen=True, slots=True, eq=False)
class Said(Mapping[ArticleId, T]):
    """What one stream said, by article."""

    ids: Mapping[ArticleId, object]
    of: Callable[[ArticleId], T | None]

    def __getitem__(self, article_id: ArticleId) -> T:
        found = self.of(article_id)
        if found is None:
            raise KeyError(article_id)
        return found

    def __iter__(self) -> Iterator[ArticleId]:
        return (one for one in self.ids if self.of(one) is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)


@dataclass(slots=True)
class Records:
    """Every article, as both streams last spoke of it."""

    packed: MutableMapping[ArticleId, bytes] = field(default_factory=dict)
    copy_of: dict[ArticleId, ArticleId] = field(default_factory=dict)
    """Of copies only."""
    story_of: dict[ArticleId, StoryId] = field(default_factory=dict)
    """Of articles in a story only."""

    def input(self, article_id: ArticleId) -> Input | None:
        """What the articles stream last said; None: nothing."""
        packed = self.packed.get(article_id)
        return None if packed is None else _input(packed)

    def on_wire(self, article_id: ArticleId) -> OnWire | None:
        """What the wire last said; None: nothing."""
        packed = self.packed.get(article_id)
        if packed is None:
            return None
        said = _on_wire(packed)
        if said is None:
            return None
        version, status, revision, source = said
        copy_of, story_id = self.copy_of.get(article_id), self.story_of.get(article_id)
        return OnWire(version, status, revision, source, copy_of, story_id)

    def put_input(self, article_id: ArticleId, known: Input) -> None:
        """The articles stream said this."""
        self.packed[article_id] = _pack(known, self.on_wire(article_id))

    def put_on_wire(self, article_id: ArticleId, said: OnWire) -> None:
        """The wire said this."""
        self.packed[article_id] = _pack(self.input(article_id), said)
        _put(self.copy_of, article_id, said.copy_of)
        _put(self.story_of, article_id, said.story_id)


K = TypeVar("K", bound=str)


def _put(table: dict[ArticleId, K], article_id: ArticleId, value: K | None) -> None:
    if value is None:
        table.pop(article_id, None)
    else:
        table[article_id] = value


def numbers_of(position: Position) -> tuple[int, int]:
    """A position as numbers, which sort as positions do."""
    milliseconds, _, number = position.partition("-")
    return int(milliseconds), int(number)


def _pack(known: Input | None, said: OnWire | None) -> bytes:
    milliseconds, number = numbers_of(known.content_at) if known else (0, 0)
    sources = dict.fromkeys(one.source for one in (known, said) if one is not None)
    head = _LAYOUT.pack(
        milliseconds,
        number,
        known.revision if known else 0,
        said.version if said else 0,
        said.revision if said else 0,
        _CHANGES.index(known.change) if known else 0,
        _STATUSES.index(known.pubstatus) if known else _UNSAID,
        known.is_held if known else False,
        _STATUSES.index(said.status) if said else _UNSAID,
    )
    return head + _SEAM.join(sources).encode()


def _input(packed: bytes) -> Input | None:
    milliseconds, number, revision, _, _, change, status, is_held, _ = _LAYOUT.unpack_from(packed)
    if status == _UNSAID:
        return None
    return Input(
        source=_sources(packed)[0],
        content_at=Position(f"{milliseconds}-{number}"),
        revision=revision,
        change=_CHANGES[change],
        pubstatus=_STATUSES[status],
        is_held=bool(is_held),
    )


def _on_wire(packed: bytes) -> tuple[int, PubStatus, int, str] | None:
    _, _, _, version, revision, _, _, _, status = _LAYOUT.unpack_from(packed)
    if status == _UNSAID:
        return None
    return version, _STATUSES[status], revision, _sources(packed)[-1]


def _sources(packed: bytes) -> list[str]:
    """The source by the articles stream, and that by the wire where it is another one."""
    return packed[_LAYOUT.size :].decode().split(_SEAM)
