"""Which copies are one: each is attached to one canonical article, never to another copy. Pure.

Canonical is the earliest published, of two at the same time that of the more trusted source, else
the fuller; but never an excerpt of which the whole is known. A star never grows by what merely
links two of its copies: a copy must stand in its canonical article, or be nearly all of a copy.
Why not union-find, and the figures: docs/relations.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Final

from services.enrichment.relations.comparing import METHOD, Comparison
from services.enrichment.relations.shingles import SHORT_WORDS
from shared.news import COPY_KINDS, Article, ArticleId, Relation, RelationKind

SUPPORT_MIN: Final = 0.2
"""Of a copy of a copy, the share that must stand in the canonical article as well …"""
NEARLY_ALL: Final = 0.8
"""… unless it is nearly all of that copy."""
COVERED_MIN: Final = 0.2
"""Share of a fuller text that an article must make up to be its excerpt. With less the fuller one
is a round-up, which only contains it."""
BESIDE_MAX: Final = 3
"""Articles of one kind that are named beside the canonical one: derived, contained, siblings."""
TRUST_UNSAID: Final = 5
"""Trust rank of a source of which none is said: the middle."""
_LATE: Final = datetime.max.replace(tzinfo=UTC)

Standing = tuple[datetime, int, int]
"""What makes an article canonical; the smallest does."""


@dataclass(frozen=True, slots=True)
class Known:
    """An article that a new one was compared with."""

    article_id: ArticleId
    source: str
    canonical: ArticleId
    """What stands for it; its own id: it is canonical itself."""
    canonical_source: str
    standing: Standing
    comparison: Comparison
    """The new article seen against it."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """What follows for a new article, and for those that were known."""

    relations: tuple[Relation, ...]
    """Of the new article."""
    over: tuple[ArticleId, ...]
    """Canonical articles that it takes the place of: they and their copies are attached to it."""


def standing_of(article: Article, words: int) -> Standing:
    """When it was published, how trusted its source is, how full it is; unknown times are last.

    A day without a time counts as its end: the hour may have been any.
    """
    at = article.published_at or _LATE
    if article.published_at is None and article.published_on is not None:
        at = datetime.combine(article.published_on, time.max, UTC)
    return at, article.trust_rank or TRUST_UNSAID, -words


def assign(standing: Standing, known: Sequence[Known]) -> Assignment:
    """Where a new article belongs among those that it was compared with.

    ``known`` holds no pair that an operator has parted, and the canonical article of each copy
    that is in it where that was compared.
    """
    by_id = {one.article_id: one for one in known}
    taken = [one for one in known if _is_taken_over(one, standing)]
    joined = max(
        (one for one in known if one.comparison.kind in COPY_KINDS and _is_supported(one, by_id)),
        key=_closeness,
        default=None,
    )
    if taken and (joined is None or joined.canonical in {one.article_id for one in taken}):
        over = tuple(one.article_id for one in taken)
        return Assignment(_beside(known, over), over)
    if joined is None:
        return Assignment(_beside(known, ()), ())
    return Assignment((*copied(joined), *_beside(known, (joined.canonical,))), ())


def copied(by: Known) -> tuple[Relation, ...]:
    """The relation to what stands for an article, of which this is a copy; none: it is no copy."""
    kind = by.comparison.kind
    if kind is None or kind not in COPY_KINDS:
        return ()
    evidence = by.comparison.evidence()
    if by.canonical != by.article_id:
        evidence["by"] = by.article_id
    return (_relation(kind, by.canonical, by.canonical_source, evidence),)


def _relation(
    kind: RelationKind, article_id: ArticleId, source: str, evidence: dict[str, str]
) -> Relation:
    return Relation(
        kind=kind, article_id=article_id, source=source, evidence=evidence, method=METHOD
    )


def elect(standings: Mapping[ArticleId, Standing]) -> ArticleId:
    """The canonical one of several articles; of equals the first by id."""
    return min(standings, key=lambda one: (standings[one], one))


def _is_taken_over(one: Known, standing: Standing) -> bool:
    """Whether the new article is canonical instead of one that was: the whole of it, or better."""
    if one.canonical != one.article_id:
        return False
    compared = one.comparison
    if compared.kind == "contains":
        return compared.shared >= COVERED_MIN * compared.of_this
    return compared.kind in {"exact", "near_duplicate"} and standing < one.standing


def _is_supported(one: Known, by_id: Mapping[ArticleId, Known]) -> bool:
    """Whether a copy may be attached through this article to its canonical one."""
    if one.canonical == one.article_id:
        return True
    compared = one.comparison
    if compared.shared < SHORT_WORDS:
        return False  # a notice or a signature that stands under many texts
    if compared.kind in {"exact", "near_duplicate"} and compared.containment >= NEARLY_ALL:
        return True
    canonical = by_id.get(one.canonical)
    return canonical is not None and canonical.comparison.containment >= SUPPORT_MIN


def _closeness(one: Known) -> tuple[int, float, int, bool]:
    """What it shares most with; of equals the one of its size, then the canonical one."""
    compared = one.comparison
    apart = abs(compared.of_this - compared.of_other)
    is_canonical = one.canonical == one.article_id
    return compared.shared, compared.containment, -apart, is_canonical


def _beside(known: Sequence[Known], canonical: tuple[ArticleId, ...]) -> tuple[Relation, ...]:
    """What else it stands near to: canonical articles that it was derived from, and so on."""
    kinds: tuple[RelationKind, ...] = ("contains", "derived", "template_sibling")
    found: list[Relation] = []
    for kind in kinds:
        alike = [
            one
            for one in known
            if one.comparison.kind == kind
            and one.canonical == one.article_id
            and one.article_id not in canonical
        ]
        alike.sort(key=lambda one: -one.comparison.shared)
        found.extend(
            _relation(kind, one.article_id, one.source, one.comparison.evidence())
            for one in alike[:BESIDE_MAX]
        )
    return tuple(found)
