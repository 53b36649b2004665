"""What follows for relations from an article that comes, changes or goes. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from services.enrichment.relations.comparing import (
    FORM_SAME_WORDS_MAX,
    FORM_WORDS_MAX,
    Comparison,
    compare,
)
from services.enrichment.relations.members import TextKey, unpack
from services.enrichment.relations.memory import RelationMemory
from services.enrichment.relations.shingles import Shingled
from services.enrichment.relations.slots import replaced
from services.enrichment.relations.stars import (
    Known,
    Standing,
    assign,
    copied,
    elect,
)
from services.enrichment.relations.window import DAYS
from shared.news import COPY_KINDS, ArticleId, Relation

Texts = Mapping[ArticleId, Shingled]
"""Of the articles that ``RelationMemory.wanted`` named, as far as the log still has them."""


@dataclass(frozen=True, slots=True)
class Newcomer:
    """An article that the wire is about to carry."""

    article_id: ArticleId
    source: str
    text_key: TextKey
    standing: Standing
    text: Shingled


@dataclass(frozen=True, slots=True)
class Changed:
    """Relations of an article on the wire that are others from here on."""

    article_id: ArticleId
    relations: tuple[Relation, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Related:
    """The relations of an article, and what they change for others."""

    relations: tuple[Relation, ...]
    changed: tuple[Changed, ...] = ()


MOVED_MAX: Final = 100
"""Copies that another canonical article is given at once; a larger star keeps its own."""

CORRECTED_WITHIN: Final = timedelta(hours=18)
"""From one publisher's text to another's with a corrected figure; a form is filled in next day."""
TIME_UNKNOWN: Final = timedelta(days=2 * DAYS)
"""Further apart than articles of a window are: of one of them no time is known."""

PLACES_MAX: Final = 4
"""Places in which two notes by a form differ where that tells; an edited text differs in more."""

WHOLE = "the whole text came, or one that was published earlier"
GONE = "the article that stood for it may not be shown any more"
REVISED = "the article that stood for it has another text"


def relate(new: Newcomer, memory: RelationMemory, texts: Texts) -> Related:
    """How an article stands to those that the wire carries."""
    own = memory.copies_of(new.article_id)
    known = [
        _known(new, one, memory, texts) for one in texts if one in memory.members and one not in own
    ]
    if own:  # it stands for others: it is attached to nothing, but its text may have changed
        beside = assign(new.standing, [one for one in known if not _is_copy(one)])
        lost = [one for one in _at_hand(own, memory, texts) if not _copies(one, new, memory, texts)]
        return Related(beside.relations, tuple(_left(lost, memory, texts, REVISED)))
    assignment = assign(new.standing, known)
    taken = {
        one: [copy for copy in memory.copies_of(one) if copy != new.article_id]
        for one in assignment.over
    }
    if sum(map(len, taken.values())) > MOVED_MAX:
        known = [one for one in known if one.article_id not in taken]
        return Related(assign(new.standing, known).relations)
    return Related(assignment.relations, tuple(_moved(taken, new, memory, texts)))


def without(article_id: ArticleId, memory: RelationMemory, texts: Texts) -> tuple[Changed, ...]:
    """What becomes of the copies of an article that may not be shown any more."""
    copies = _at_hand(memory.copies_of(article_id), memory, texts)
    return tuple(_left(copies, memory, texts, GONE))


def compared(this: Newcomer, other: Newcomer) -> Comparison:
    """How an article stands to another one; the same text is ``exact`` however short it is."""
    comparison = compare(this.text, other.text)
    if this.text_key == other.text_key:
        return replace(comparison, kind="exact")
    places = _apart(this, other) if comparison.kind == "near_duplicate" else ()
    if not places:
        return comparison
    differing = ", ".join(f"{part} {places.count(part)}" for part in dict.fromkeys(places))
    return replace(comparison, kind="template_sibling", slots_differing=differing)


def _apart(this: Newcomer, other: Newcomer) -> tuple[str, ...]:
    """What stands in the few places in which two notes by one form differ; empty: a copy.

    A publisher corrects an article as a revision of it, so what it sends as another one is another
    note. Another publisher's copy may have words edited; or a figure corrected, on the same day;
    but it names the same places and people.
    """
    words = max(this.text.words, other.text.words)
    is_own = this.source == other.source
    is_later = CORRECTED_WITHIN <= abs(this.standing[0] - other.standing[0]) < TIME_UNKNOWN
    if words > FORM_SAME_WORDS_MAX:
        return ()
    places_max = PLACES_MAX if words <= FORM_WORDS_MAX else 1
    places = replaced(this.text.said, other.text.said, places_max)
    is_other = is_own or (is_later and "figures" in places)
    return places if is_other or "names" in places else ()


def _known(new: Newcomer, other: ArticleId, memory: RelationMemory, texts: Texts) -> Known:
    it = _newcomer(other, memory, texts)
    canonical = memory.canonical_of(other)
    star = memory.member(canonical)
    return Known(
        article_id=other,
        source=it.source,
        canonical=canonical,
        canonical_source=star.source if star is not None else it.source,
        standing=it.standing,
        comparison=compared(new, it),
    )


def _is_copy(one: Known) -> bool:
    return one.comparison.kind in COPY_KINDS


def _copies(
    one: ArticleId, star: Newcomer, memory: RelationMemory, texts: Texts
) -> tuple[Relation, ...]:
    """The relation of an article to what may stand for it; none: it has too little of it."""
    if memory.is_parted(one, star.article_id):
        return ()
    comparison = compared(_newcomer(one, memory, texts), star)
    return copied(
        Known(star.article_id, star.source, star.article_id, star.source, star.standing, comparison)
    )


def _at_hand(
    articles: Iterable[ArticleId], memory: RelationMemory, texts: Texts
) -> list[ArticleId]:
    return [one for one in articles if one in texts and one in memory.members]


def _moved(
    taken: Mapping[ArticleId, Sequence[ArticleId]],
    new: Newcomer,
    memory: RelationMemory,
    texts: Texts,
) -> Iterator[Changed]:
    """Canonical articles and their copies are attached to the new one.

    A copy whose text is at hand is compared with it, and stands alone where it has too little of
    it; of the others it is known that they are copies of what stands in the new one.
    """
    for canonical, copies in taken.items():
        attached = _copies(canonical, new, memory, texts)
        yield Changed(canonical, attached, WHOLE)
        for one in copies:
            if memory.is_parted(one, new.article_id):
                yield Changed(one, (), WHOLE)
            elif _at_hand([one], memory, texts):
                yield Changed(one, _copies(one, new, memory, texts), WHOLE)
            else:
                yield Changed(one, tuple(_through(canonical, each) for each in attached), WHOLE)


def _through(canonical: ArticleId, attached: Relation) -> Relation:
    return attached.model_copy(update={"evidence": {**attached.evidence, "by": canonical}})


def _left(
    left: Sequence[ArticleId], memory: RelationMemory, texts: Texts, reason: str
) -> Iterator[Changed]:
    """Articles whose canonical one is lost: the best of them stands for the others."""
    if not left:
        return
    first = elect({one: unpack(memory.members[one]).standing for one in left})
    star = _newcomer(first, memory, texts)
    for one in left:
        relations = () if one == first else _copies(one, star, memory, texts)
        yield Changed(one, relations, reason)


def _newcomer(article_id: ArticleId, memory: RelationMemory, texts: Texts) -> Newcomer:
    member = unpack(memory.members[article_id])
    return Newcomer(article_id, member.source, member.text, member.standing, texts[article_id])
