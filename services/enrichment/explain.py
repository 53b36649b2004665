"""Why two articles of the wire are related, or are not: the comparison, and what decided. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

import numpy as np

from services.enrichment.relations import relating
from services.enrichment.relations.comparing import (
    DERIVED,
    EXCERPT_RATIO,
    NEAR_DUPLICATE,
    NUMBERS_SHARED_MIN,
    SHINGLES_SHARED_MIN,
    SHORT_LIKENESS,
    Comparison,
)
from services.enrichment.relations.members import text_key
from services.enrichment.relations.passages import Passage, passages
from services.enrichment.relations.shingles import SHORT_WORDS, Shingled, shingled
from services.enrichment.relations.stars import BESIDE_MAX, standing_of
from services.enrichment.relations.window import DAYS, SHARE_MIN, SHARED_MIN, keys_of
from shared.news import COPY_KINDS, Article, ArticleId, PubStatus, Relation, copy_of

NUMBERS_LISTED_MAX: Final = 20

_UNEXPLAINED: Final = (
    "The wire does not say what this comparison gives: it was decided by other rules, or of other "
    "texts. `newswire enrich --shadow` compares the whole wire with the rules as they are."
)

Status = PubStatus | Literal["waiting"]
"""``waiting``: the log knows it, and the wire has not carried it."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the log says of an article."""

    article: Article
    status: Status
    relations: tuple[Relation, ...] = ()
    """That hold."""

    @property
    def is_shown(self) -> bool:
        """Whether its text may be quoted."""
        return self.status == "usable"

    @property
    def canonical(self) -> ArticleId:
        """What stands for it; itself, if it is no copy."""
        return copy_of(self.relations) or self.article.article_id


@dataclass(frozen=True, slots=True)
class Facts:
    """What else a decision about two articles depended on."""

    newest: date | None
    """The latest day of observation on the wire when the later of the two was carried."""
    parted: dict[frozenset[str], str]
    """Pairs with one of the two that an operator has parted, with the reason."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers of two texts: how many, and the first of them in order."""

    shared: tuple[str, ...]
    only_first: tuple[str, ...]
    only_second: tuple[str, ...]
    counts: tuple[int, int, int]
    """Of each of the three, all of them."""


@dataclass(frozen=True, slots=True)
class Compared:
    """Two texts beside each other, both ways."""

    there: Comparison
    """How the first stands to the second."""
    back: Comparison
    numbers: Numbers
    is_short: bool
    """Both were compared as sets of words."""
    sampled: int
    """Shingles that both samples have, by which one text finds the other."""
    is_found: bool
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why two articles are related, or are not."""

    first: Told
    second: Told
    compared: Compared | None
    """None: a text may not be shown, so nothing of it is said."""
    said: tuple[tuple[ArticleId, Relation], ...]
    """What the wire says of the two: whose relation, and the relation."""
    because: tuple[str, ...]
    """What decided, in sentences."""


def explain(first: Told, second: Told, facts: Facts) -> Explanation:
    """Why two articles are related, or are not."""
    is_shown = first.is_shown and second.is_shown
    compared = _compared(first.article, second.article) if is_shown else None
    pair = ((first, second), (second, first))
    said = tuple(
        (one.article.article_id, relation)
        for one, other in pair
        for relation in one.relations
        if relation.article_id == other.article.article_id
    )
    apart = [*_of_status(first, second), *_of_operators(first, second, facts)]
    because = list(_of_texts(compared)) if compared else []
    if compared is not None and not said:
        apart += _of_finding(first, second, compared, facts)
        apart += _of_stars(first, second, compared)
        if compared.there.kind is not None and not apart:
            apart.append(_UNEXPLAINED)
    because += apart
    return Explanation(first, second, compared, said, tuple(because))


def _compared(first: Article, second: Article) -> Compared:
    one, two = _newcomer(first), _newcomer(second)
    there, back = relating.compared(one, two), relating.compared(two, one)
    this, other = one.text, two.text
    ours, theirs = keys_of(this.sketch), keys_of(other.sketch)
    sampled, smaller = len(np.intersect1d(ours, theirs)), min(len(ours), len(theirs))
    is_near = sampled >= min(SHARED_MIN, smaller) and sampled >= SHARE_MIN * smaller
    return Compared(
        there=there,
        back=back,
        numbers=_numbers(this, other),
        is_short=this.is_short and other.is_short,
        sampled=sampled,
        is_found=there.kind == "exact" or is_near,
        passages=passages(first, second),
    )


def _newcomer(article: Article) -> relating.Newcomer:
    text = shingled(article)
    key, standing = text_key(article.text_hash), standing_of(article, text.words)
    return relating.Newcomer(article.article_id, article.source, key, standing, text)


def _numbers(this: Shingled, other: Shingled) -> Numbers:
    groups = (
        this.numbers & other.numbers,
        this.numbers - other.numbers,
        other.numbers - this.numbers,
    )
    shared, ours, theirs = (tuple(sorted(one, key=_size)[:NUMBERS_LISTED_MAX]) for one in groups)
    shared_count, ours_count, theirs_count = map(len, groups)
    return Numbers(shared, ours, theirs, (shared_count, ours_count, theirs_count))


def _size(number: str) -> tuple[int, str]:
    """Sorts numbers by their length, which is mostly their size."""
    return len(number), number


def _of_status(first: Told, second: Told) -> Iterator[str]:
    for one in (first, second):
        name = one.article.article_id
        match one.status:
            case "canceled":
                yield f"{name} was withdrawn: its text is neither compared nor quoted."
            case "withheld":
                yield f"{name} is withheld: its text is neither compared nor quoted."
            case "waiting":
                yield (
                    f"{name} is not on the wire: it waits for an hour, a release or its source, "
                    "was withdrawn before, or was set aside; its text is neither compared nor "
                    "quoted."
                )
            case _:
                pass


def _of_operators(first: Told, second: Told, facts: Facts) -> Iterator[str]:
    ours, theirs = first.article.article_id, second.article.article_id
    pairs = ((ours, theirs), (ours, second.canonical), (theirs, first.canonical))
    for pair in dict.fromkeys(map(frozenset, pairs)):
        if pair in facts.parted:
            names = " and ".join(sorted(pair))
            yield f"An operator has parted {names}: {facts.parted[pair]}"


def _of_texts(compared: Compared) -> Iterator[str]:
    """What the comparison of the texts gives, and by which rule."""
    there = compared.there
    if there.kind == "exact":
        yield "Headline and body are the same but for typography: that is exact."
        return
    if compared.is_short:
        yield from _of_short(compared)
        return
    share = f"{there.containment:.3f} of the smaller text stands in the larger one"
    if there.containment < DERIVED:
        yield f"{share}; below {DERIVED} they have too little in common."
        return
    yield f"{share}; from {DERIVED} on one was written with the other at hand."
    if there.slots_differing:
        yield _other_slots(there)
    elif there.kind == "template_sibling":
        yield (
            f"Less than {NUMBERS_SHARED_MIN:.0%} of the smaller set of numbers is in both: one form"
            " filled in anew, whatever else is alike, so that is template_sibling."
        )
    elif there.containment < NEAR_DUPLICATE:
        yield f"Below {NEAR_DUPLICATE} the smaller one says something of its own: {_derived(there)}"
    else:
        yield f"From {NEAR_DUPLICATE} on the smaller one says nothing of its own: {_copied(there)}"


def _other_slots(there: Comparison) -> str:
    return (
        f"In the same places of their running text stand others ({there.slots_differing}): one form"
        " filled in anew, so that is template_sibling."
    )


def _derived(there: Comparison) -> str:
    if there.kind == "derived":
        return "that is derived."
    return f"{there.shared} shingles in common are no relation, {SHINGLES_SHARED_MIN} at least are."


def _copied(there: Comparison) -> str:
    match there.kind:
        case "near_duplicate":
            return f"with sizes of {EXCERPT_RATIO} or more to one that is near_duplicate."
        case "excerpt_of" | "contains":
            return f"it has less than {EXCERPT_RATIO} of the other's size: that is excerpt_of."
        case _:
            return (
                f"but it has less than {EXCERPT_RATIO} of the other's size and {there.shared} "
                f"shingles in common, fewer than {SHINGLES_SHARED_MIN}, or fewer than {SHORT_WORDS}"
                " words: a caption or a notice, no excerpt."
            )


def _of_short(compared: Compared) -> Iterator[str]:
    there = compared.there
    yield (
        f"Both have fewer than {SHORT_WORDS} words and are compared as sets of words: "
        f"{there.shared} in common of {there.of_this} and {there.of_other}."
    )
    if there.kind is None:
        yield f"Less than {SHORT_LIKENESS} of all words of both is too little."
    elif there.slots_differing:
        yield _other_slots(there)
    elif there.kind == "template_sibling":
        yield "Their numbers are not the same: that is template_sibling."
    else:
        yield f"At least {SHORT_LIKENESS} of all words and the same numbers: near_duplicate."


def _of_finding(first: Told, second: Told, compared: Compared, facts: Facts) -> Iterator[str]:
    """Why two articles may never have been compared."""
    days = sorted(one.article.observed_at.date() for one in (first, second))
    newest = max(facts.newest or days[1], days[1])
    if days[0] <= newest - timedelta(days=DAYS):
        yield (
            f"When the later one came it was {newest.isoformat()}, and the other was seen on "
            f"{days[0].isoformat()}: only articles of {DAYS} days are compared."
        )
    if not compared.is_found:
        yield (
            f"Their samples have {compared.sampled} shingles in common: fewer than {SHARED_MIN} or "
            f"than {SHARE_MIN:.0%} of the smaller sample, so neither finds the other."
        )


def _of_stars(first: Told, second: Told, compared: Compared) -> Iterator[str]:
    """Why two articles that are alike need not name each other."""
    if compared.there.kind is None:
        return
    if first.canonical == second.canonical:
        yield f"Both are copies of {first.canonical}: relations name what stands for a copy."
        return
    for one in (first, second):
        if one.canonical != one.article.article_id:
            yield (
                f"{one.article.article_id} is a copy of {one.canonical}: relations name what stands"
                " for a copy."
            )
    is_copy = compared.there.kind in COPY_KINDS or compared.back.kind in COPY_KINDS
    if not is_copy:
        yield f"Of one kind at most {BESIDE_MAX} are named, those that share most."
