"""What ``newswire parse`` and ``replay`` say of a document: NDJSON lines, or text. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from services.ingest import observe
from services.ingest.domain import PublishOutcome, Refused
from services.ingest.listing import Listing
from services.ingest.observe import Sighting
from services.ingest.parse.document import ArticleEntry, Problem, RateEntry
from shared.counts import Counts
from shared.instants import rfc3339
from shared.news import ArticleId

Line = dict[str, object]


def lines(sighting: Sighting) -> Iterator[Line]:
    """One line for the document, then its articles, rates and problems, each with its ``type``."""
    parsed = sighting.parsed
    yield {
        "type": "document",
        "source": sighting.source.id,
        "sha256": parsed.sha256,
        "format": parsed.format,
        "parser_version": parsed.parser_version,
        "media_type": parsed.media_type,
        "encoding": parsed.encoding,
        "listed_on": parsed.listed_on.isoformat() if parsed.listed_on else None,
        "articles": len(parsed.articles),
        "rates": len(parsed.rates),
        "listed": len(parsed.listed),
        "problems": len(parsed.problems),
    }
    for entry, one in zip(parsed.articles, _ids(sighting), strict=True):
        article = observe.article(sighting, entry, one).model_dump(mode="json")
        article["paragraphs"] = article.pop("body")
        yield {"type": "article", **article, "line": entry.line}
    for quotation in parsed.rates:
        rate = observe.rate(sighting, quotation).model_dump(mode="json")
        yield {"type": "rate", **rate, "line": quotation.line}
    for listed in parsed.listed:
        media = [one.model_dump(mode="json") for one in listed.media]
        yield {"type": "listed", "url": listed.url, "title": listed.title, "media": media}
    yield from map(problem_line, parsed.problems)


def _ids(sighting: Sighting) -> list[ArticleId]:
    """Which articles the entries are, to somebody who sees the source for the first time."""
    source, entries = sighting.source.id, sighting.parsed.articles
    own = [observe.own_id(source, entry) for entry in entries]
    unnamed = [entry for entry, one in zip(entries, own, strict=True) if one is None]
    assigned = iter(Listing().assign(source, unnamed, sighting.parsed.listed_on))
    return [one or next(assigned).article_id for one in own]


def problem_line(problem: Problem) -> Line:
    """A problem as a line."""
    return {
        "type": "problem",
        "reason": problem.reason,
        "where": problem.where,
        "detail": problem.detail,
    }


def text(sighting: Sighting) -> Iterator[str]:
    """The document for a person: day, rates, headlines, problems."""
    parsed = sighting.parsed
    day = parsed.listed_on.isoformat() if parsed.listed_on else "no day"
    yield f"{sighting.source.id}: {parsed.format}, {day}, sha256 {parsed.sha256[:12]}"
    for rate in parsed.rates:
        yield f"  {_quoted(rate)}"
    for article in parsed.articles:
        dateline = f"  [{article.dateline}]" if article.dateline else ""
        place = "•" if article.position is None else f"{article.position}."
        yield f"  {place} {article.headline}{dateline}"
        yield f"     {', '.join(_told(article))}"
    for listed in parsed.listed:
        offered = listed.url or ", ".join(one.url for one in listed.media)
        yield f"  – {listed.title or 'without a title'}  {offered}  (listed, not published)"
    for problem in parsed.problems:
        yield f"  {problem_text(problem)}"


def _quoted(rate: RateEntry) -> str:
    """``KGS/USD 0.01143  -0%  (8 times)``, ``2026-05-24  JPY/KGS 5.4969 for 10  (official)``."""
    unit = "%" if rate.change_unit == "percent" else ""
    change = "" if rate.change is None else f"  {rate.change}{unit}"
    nominal = "" if rate.nominal == 1 else f" for {rate.nominal}"
    day = "" if rate.as_of is None else f"{rate.as_of}  "
    notes: list[str] = [] if rate.kind == "ticker" else [rate.kind]
    if rate.valid_days is not None:
        notes.append(f"valid {counted(rate.valid_days, 'day')}")
    if rate.occurrences > 1 or not notes:
        notes.append(counted(rate.occurrences, "time"))
    return f"{day}{rate.base}/{rate.quote} {rate.value}{nominal}{change}  ({', '.join(notes)})"


def _told(entry: ArticleEntry) -> Iterator[str]:
    """``3 paragraphs``, when it was published, where it stands."""
    yield counted(len(entry.paragraphs), "paragraph")
    if entry.published_at:
        yield rfc3339(entry.published_at)
    elif entry.published_on:
        yield entry.published_on.isoformat()
    if entry.url:
        yield entry.url


def problem_text(problem: Problem) -> str:
    """A problem for a person."""
    return f"{problem.reason} at {problem.where}: {problem.detail}"


def counted(number: int, what: str) -> str:
    """``1 paragraph``, ``2 paragraphs``."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def refusals(found: Sequence[PublishOutcome]) -> list[Problem]:
    """What the log did not take."""
    return [outcome.problem for outcome in found if isinstance(outcome, Refused)]


def count(counts: Counts, found: Sequence[PublishOutcome]) -> None:
    """Count how many of each there are."""
    for outcome in found:
        counts.add("offered", type(outcome).__name__.lower())


def outcomes(found: Sequence[PublishOutcome]) -> str:
    """``6 appended, 5 unchanged``: how many of each, in a fixed order."""
    counts = Counter(type(outcome).__name__.lower() for outcome in found)
    said = [
        f"{counts[name]} {name}"
        for name in ("appended", "unchanged", "stale", "refused")
        if counts[name]
    ]
    return ", ".join(said) or "nothing"
