"""``make score-names``: the step that finds names, on texts that were labelled before its rules.

What is compared is (identity, form): a country, region or town by its code, a person or a body by
the row of the tables whose names contain the name of the label. What is optional counts neither way
(tests/labelled/README.md). The publisher's country is given to the step the way a source would give
it, as the region of the language tag (``ru-KG``); ``--no-source`` leaves it out.
"""

from __future__ import annotations

import json
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal, NotRequired, TypeAlias, TypedDict

from services.enrichment import gazetteers
from services.enrichment.gazetteers.names import Entry
from services.enrichment.main import steps
from shared.news import Article, ArticleId, Document, Tag

FILE: Final = Path(__file__).parents[1] / "labelled" / "names.jsonl"
KINDS: Final[dict[str, Kind]] = {
    "country": "places",
    "region": "places",
    "place": "places",
    "person": "people",
    "organisation": "organisations",
}
PRECISION_MIN: Final[dict[Kind, float]] = {"places": 0.95, "people": 0.90, "organisations": 0.90}
RECALL_MIN: Final[dict[Kind, float]] = {"places": 0.90}
"""Of people and bodies only those of the tables can be found: their recall is a coverage."""

Kind: TypeAlias = Literal["places", "people", "organisations"]
Said: TypeAlias = tuple[str, str]
"""Identity and the form that stands in the text."""


class Label(TypedDict):
    """A place has a code, everybody else a name."""

    text: str
    code: NotRequired[str]
    name: NotRequired[str]
    optional: NotRequired[bool]


class Labelled(TypedDict):
    """One line of names.jsonl."""

    id: str
    lang: str
    text: str
    source_country: str | None
    places: list[Label]
    people: list[Label]
    organisations: list[Label]


@dataclass(slots=True)
class Count:
    """Labels found and missed, tags right and wrong."""

    found: int = 0
    missed: int = 0
    right: int = 0
    wrong: int = 0

    @property
    def precision(self) -> float:
        """Of what was told: 1 where nothing was."""
        told = self.right + self.wrong
        return self.right / told if told else 1.0

    @property
    def recall(self) -> float:
        """Of what is labelled: 1 where nothing is."""
        labelled = self.found + self.missed
        return self.found / labelled if labelled else 1.0


@dataclass(slots=True)
class Score:
    """Counts by kind and language, and every difference as a line."""

    counts: defaultdict[tuple[str, str], Count] = field(default_factory=lambda: defaultdict(Count))
    differences: list[str] = field(default_factory=list)

    def total(self, kind: Kind) -> Count:
        """Of one kind in all languages."""
        parts = [count for (of, _), count in self.counts.items() if of == kind]
        return Count(
            sum(part.found for part in parts),
            sum(part.missed for part in parts),
            sum(part.right for part in parts),
            sum(part.wrong for part in parts),
        )


def article(text: str, language: str, country: str | None) -> Article:
    """The text as the only paragraph under a headline that says nothing."""
    tag = language if country is None else f"{language}-{country}"
    return Article(
        article_id=ArticleId("00000000-0000-0000-0000-000000000001"),
        source="labelled",
        headline="-",
        body=(text,),
        declared_language=tag,
        observed_at=datetime(2026, 3, 2, tzinfo=UTC),
        revision=1,
        document=Document(sha256="0", media_type="text/plain", parser="p", parser_version=1),
        content_hash="0",
        text_hash="0",
    )


def folded(name: str) -> str:
    """Without case and marks: Türkmengaz and Turkmengaz are one name."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in letters if letter.isalnum())


def _all(entry: Entry) -> Iterator[str]:
    yield from (entry.name, *entry.names)
    yield from (name for _, name in entry.native)


def names_by_code() -> dict[str, set[str]]:
    """The folded names of every row of the tables."""
    return {
        entry.code: {folded(name) for name in _all(entry)} for entry in gazetteers.read().entries
    }


def occurrences(form: str, text: str) -> list[tuple[int, int]]:
    """Where a form stands in a text."""
    starts = [n for n in range(len(text)) if text.startswith(form, n)]
    return [(start, start + len(form)) for start in starts]


def is_same(kind: Kind, tag: Tag, label: Label) -> bool:
    """Whether a tag is of what is labelled."""
    if kind == "places":
        return tag.code == label["code"]
    said, meant = set(tag.name.casefold().split()), set(label["name"].casefold().split())
    # Pakhtakor Tashkent is Pakhtakor Tashkent FK, and Halk Maslahaty that of Turkmenistan.
    return folded(label["name"]) in _NAMES[tag.code] or said <= meant


def compare(score: Score, record: Labelled, tags: tuple[Tag, ...], kind: Kind) -> None:
    """Count one text for one kind."""
    count = score.counts[kind, record["lang"]]
    told = [(tag, span) for tag in tags if KINDS.get(tag.kind) == kind for span in tag.spans]
    right: set[Said] = set()
    neutral: set[Said] = set()
    for label in record[kind]:
        spots = occurrences(label["text"], record["text"])
        there = [(t, s) for t, s in told if any(s.start < b and a < s.end for a, b in spots)]
        fits = {(tag.code, span.text) for tag, span in there if is_same(kind, tag, label)}
        if label.get("optional"):
            neutral |= fits if kind == "places" else {(t.code, s.text) for t, s in there}
            continue
        right |= fits
        if fits:
            count.found += 1
        else:
            count.missed += 1
            score.differences.append(_line("MISS ", kind, record, label))
    _count_told(score, record, kind, {(t.code, s.text) for t, s in told} - neutral, right)


def _count_told(
    score: Score, record: Labelled, kind: Kind, told: set[Said], right: set[Said]
) -> None:
    count = score.counts[kind, record["lang"]]
    count.right += len(told & right)
    for code, form in sorted(told - right):
        count.wrong += 1
        score.differences.append(_line("WRONG", kind, record, {"text": form, "code": code}))


def _line(what: str, kind: Kind, record: Labelled, label: Label) -> str:
    meant = label.get("code") or label.get("name")
    head = f"{what} {kind} {record['id']} {record['lang']}: {label['text']} = {meant}"
    return f"{head}\n      {record['text']}"


_NAMES: Final = names_by_code()


def read(path: Path) -> Iterator[Labelled]:
    """The labelled texts of a file."""
    for line in path.read_text("utf-8").splitlines():
        yield json.loads(line)


def scored(path: Path, find: Callable[[Article], tuple[Tag, ...]], *, has_source: bool) -> Score:
    """Every text of a file, told and compared."""
    score = Score()
    for record in read(path):
        country = record["source_country"] if has_source else None
        tags = find(article(record["text"], record["lang"], country))
        for kind in PRECISION_MIN:
            compare(score, record, tags, kind)
    return score


def report(score: Score) -> Iterator[str]:
    """Every difference, and a table of figures."""
    yield from score.differences
    yield f"{'kind':14} {'language':9} precision  recall  labelled  told"
    languages = sorted({language for _, language in score.counts})
    for kind in PRECISION_MIN:
        rows = [(language, score.counts[kind, language]) for language in languages]
        for name, count in [*rows, ("all", score.total(kind))]:
            yield (
                f"{kind:14} {name:9} {count.precision:9.3f} {count.recall:7.3f}"
                f" {count.found + count.missed:9} {count.right + count.wrong:5}"
            )


def is_good_enough(score: Score) -> bool:
    """Whether the targets are met."""
    precise = all(score.total(kind).precision >= least for kind, least in PRECISION_MIN.items())
    return precise and all(score.total(k).recall >= least for k, least in RECALL_MIN.items())


def main() -> int:
    """Print the score; exit code 1: a target is missed."""
    files = [argument for argument in sys.argv[1:] if not argument.startswith("--")]
    path = Path(files[0]) if files else FILE
    score = scored(path, steps().names, has_source="--no-source" not in sys.argv)
    sys.stdout.write("".join(f"{line}\n" for line in report(score)))
    return 0 if is_good_enough(score) else 1


if __name__ == "__main__":
    sys.exit(main())
