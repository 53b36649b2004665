"""An explanation for a person, and as JSON. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from services.enrichment.explain import Compared, Explanation, Told
from services.enrichment.relations.comparing import Comparison
from shared.faults import visible
from shared.instants import rfc3339
from shared.news import ArticleId, Relation

Json = dict[str, object]


def lines(found: Explanation) -> Iterator[str]:
    """An explanation for a person."""
    for name, one in (("A", found.first), ("B", found.second)):
        yield from _told(name, one)
    if found.compared is not None:
        yield from _compared(found.compared)
    yield "the wire says:"
    if not found.said:
        yield "  nothing of the two"
    for article_id, relation in found.said:
        yield f"  {article_id} is {_relation(relation)}"
    yield "because:"
    yield from (f"  {visible(one)}" for one in found.because)


def as_json(found: Explanation) -> Json:
    """An explanation as one object."""
    return {
        "articles": [_told_json(one) for one in (found.first, found.second)],
        "comparison": _compared_json(found.compared) if found.compared else None,
        "said": [
            {"article_id": article_id, **relation.model_dump(mode="json")}
            for article_id, relation in found.said
        ],
        "because": list(found.because),
    }


def _told(name: str, one: Told) -> Iterator[str]:
    article = one.article
    headline = visible(article.headline) if one.is_shown else f"({one.status}: no text is quoted)"
    yield f"{name}  {headline}"
    said = _published(one)
    times = f"published {said}" if said else "published at no known time"
    yield f"   {article.article_id}  {article.source}  {times}"
    yield f"   observed {rfc3339(article.observed_at)}, revision {article.revision}, {one.status}"
    for relation in one.relations:
        yield f"   {_relation(relation)}"


def _published(one: Told) -> str | None:
    """The instant or day of publication as text; None: neither is known."""
    at, on = one.article.published_at, one.article.published_on
    if at is not None:
        return rfc3339(at)
    return on.isoformat() if on is not None else None


def _relation(relation: Relation) -> str:
    evidence = ", ".join(f"{name} {value}" for name, value in relation.evidence.items())
    return f"{relation.kind} to {relation.article_id} ({relation.source}): {visible(evidence)}"


def _compared(compared: Compared) -> Iterator[str]:
    unit = "words" if compared.is_short else "shingles"
    there, back, numbers = compared.there, compared.back, compared.numbers
    yield f"compared by {unit}: {there.of_this} in A, {there.of_other} in B, {there.shared} in both"
    yield f"  A to B: {there.kind or 'no relation'}, {_share(there)} of A stands in B"
    yield f"  B to A: {back.kind or 'no relation'}, {_share(back)} of B stands in A"
    yield f"  threshold {there.threshold:.2f}; samples share {compared.sampled} shingles"
    listed = (numbers.shared, numbers.only_first, numbers.only_second)
    names = ("in both", "only in A", "only in B")
    for name, some, count in zip(names, listed, numbers.counts, strict=True):
        more = f" and {count - len(some)} more" if count > len(some) else ""
        yield f"  numbers {name}: {' '.join(some) or 'none'}{more}"
    for passage in compared.passages:
        yield f"  {passage.words} words in a row: “{visible(passage.text)}”"


def _share(one: Comparison) -> str:
    return f"{one.shared / (one.of_this or 1):.3f}"


def _told_json(one: Told) -> Json:
    article = one.article
    return {
        "article_id": article.article_id,
        "source": article.source,
        "status": one.status,
        "headline": article.headline if one.is_shown else None,
        "published": _published(one),
        "observed_at": rfc3339(article.observed_at),
        "revision": article.revision,
        "copy_of": _copied(one),
        "relations": [relation.model_dump(mode="json") for relation in one.relations],
    }


def _copied(one: Told) -> ArticleId | None:
    return None if one.canonical == one.article.article_id else one.canonical


def _compared_json(compared: Compared) -> Json:
    there, back, numbers = compared.there, compared.back, compared.numbers
    listed = (numbers.shared, numbers.only_first, numbers.only_second)
    names = ("shared", "only_first", "only_second")
    return {
        "unit": "words" if compared.is_short else "shingles",
        "of_first": there.of_this,
        "of_second": there.of_other,
        "shared": there.shared,
        "first_in_second": _share(there),
        "second_in_first": _share(back),
        "kind": there.kind,
        "kind_back": back.kind,
        "threshold": f"{there.threshold:.2f}",
        "sampled": compared.sampled,
        "is_found": compared.is_found,
        "numbers": {
            name: {"count": count, "listed": list(some)}
            for name, some, count in zip(names, listed, numbers.counts, strict=True)
        },
        "passages": [{"words": one.words, "text": one.text} for one in compared.passages],
    }
