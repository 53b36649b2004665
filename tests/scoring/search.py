"""Labelled searches: how much of what an editor wants is on the first page, beside plain FTS5.

Run as ``python -m tests.scoring.search``; ``-v`` names the searches that miss something.
"""

from __future__ import annotations

import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import orjson

from services.api.search import finding, matching, syntax
from services.api.search.finding import Narrowed, Ranking
from services.projection import search as index
from shared import views
from shared.search.texts import index_of

FOLDER: Final = Path(__file__).parents[1] / "labelled"
SETS: Final = ("search-queries", "search-queries-held-out", "search-queries-third")
PAGE: Final = 10
_LATER: Final = 2**40
"""A seq behind all articles."""

Search = Callable[[str, str], Sequence[str]]
"""Ids of what a search in a language finds, best first."""


@dataclass(slots=True)
class Score:
    """How searches in one language went."""

    queries: int = 0
    recall: float = 0
    reciprocal_rank: float = 0
    never: int = 0
    """Found, and wrong."""
    pairs: int = 0
    in_order: int = 0
    """Of the pairs of which one must stand above the other."""
    missing: list[str] = field(default_factory=list)

    def take(self, query: dict[str, Any], found: Sequence[str]) -> None:
        """Count a search."""
        expected, place = set(query["expected"]), {one: at for at, one in enumerate(found)}
        hit = expected & set(found[:PAGE])
        self.queries += 1
        self.recall += len(hit) / len(expected)
        first = min((place[one] for one in expected if one in place), default=None)
        self.reciprocal_rank += 0 if first is None else 1 / (first + 1)
        self.never += len(place.keys() & set(query["never"]))
        self.pairs += len(query["above"])
        self.in_order += sum(
            place.get(upper, len(found)) < place.get(lower, len(found) + 1)
            for upper, lower in query["above"]
        )
        if hit != expected:
            self.missing.append(f"{query['id']} {query['text']}: {sorted(expected - hit)}")

    def line(self, name: str, language: str) -> str:
        """For a person."""
        return (
            f"{name:<20} {language:<3} {self.recall / self.queries:6.3f} "
            f"{self.reciprocal_rank / self.queries:6.3f} {self.never:6} "
            f"{self.in_order:3} of {self.pairs}"
        )


def lines(name: str) -> list[dict[str, Any]]:
    """A labelled file."""
    return [orjson.loads(line) for line in (FOLDER / f"{name}.jsonl").read_bytes().splitlines()]


def scored(queries: str, search: Search) -> dict[str, Score]:
    """The searches of a labelled file, by language."""
    found: dict[str, Score] = {}
    for query in lines(queries):
        score = found.setdefault(query["lang"], Score())
        score.take(query, search(query["text"], query["lang"]))
    return found


def ours(folder: Path) -> Search:
    """What the api finds in a view file of the labelled articles; copies are found, too."""
    connection = views.create(folder / "views.sqlite")
    for seq, article in enumerate(lines("search-articles"), start=1):
        language = article["lang"][:2]
        document = {
            "headline": article["headline"], "summary": None,
            "body": article["text"].split("\n"), "language": language,
        }  # fmt: skip
        connection.execute(
            "INSERT INTO article (article_id, source, status, language, version, seq, ordered_at, "
            "place, copy_of, text_hash, taken_back_seq, has_text, document) "
            "VALUES (?, ?, 'usable', ?, 1, ?, ?, 0, ?, '', 0, 1, '{}')",
            (article["id"], article["source"], language, seq, article["at"], article["copy_of"]),
        )
        text = index.Text(seq, article["id"], article["at"], article["copy_of"], index_of(document))
        index.add(connection, text)

    def search(typed: str, language: str) -> Sequence[str]:
        match = matching.match_of(syntax.parse(typed), language)
        ranking = Ranking("relevance", _LATER, finding.newest_s(connection, _LATER), True)
        narrowed = Narrowed("a.language = ?", (language,))
        found = finding.find(connection, match.expression, narrowed, ranking)
        return finding.article_ids(connection, found.seqs)

    return search


def plain(tokenizer: str) -> Search:
    """FTS5 as it comes, over the texts as they are, with its own language and ranking."""
    connection = sqlite3.connect(":memory:")
    connection.execute(
        f"CREATE VIRTUAL TABLE plain USING fts5 (id UNINDEXED, lang UNINDEXED, headline, body, "
        f"tokenize='{tokenizer}')"
    )
    connection.executemany(
        "INSERT INTO plain VALUES (?, ?, ?, ?)",
        [(one["id"], one["lang"][:2], one["headline"], one["text"])
         for one in lines("search-articles")],
    )  # fmt: skip

    def search(typed: str, language: str) -> Sequence[str]:
        rows = connection.execute(
            "SELECT id FROM plain WHERE plain MATCH ? AND lang = ? ORDER BY bm25(plain, 0, 0, 6)",
            (_as_fts5(typed), language),
        )
        return [row[0] for row in rows]

    return search


def _as_fts5(typed: str) -> str:
    """The same search in the language of FTS5, every word in quotes."""
    return " ".join(_pieces(typed))


def _pieces(typed: str) -> Iterator[str]:
    for piece in typed.replace("(", " ( ").replace(")", " ) ").split(" "):
        if piece in {"AND", "OR", "NOT", "(", ")"} or '"' in piece:
            yield piece
        elif piece:
            field_, _, word = piece.rpartition(":")
            star = "*" if word.endswith("*") else ""
            yield f'{field_}{":" if field_ else ""} "{word.rstrip("*")}" {star}'


def main() -> None:
    """Print a table of figures for each set of searches."""
    with tempfile.TemporaryDirectory() as folder:
        searches = {
            "ours": ours(Path(folder)),
            "unicode61": plain("unicode61"),
            "porter unicode61": plain("porter unicode61"),
            "trigram": plain("trigram"),
        }
        for queries in SETS:
            tell(f"{queries:<24} recall    mrr  never  in order")
            for name, search in searches.items():
                for language, score in scored(queries, search).items():
                    tell(score.line(name, language))
                    if name == "ours" and "-v" in sys.argv:
                        tell(*score.missing)


def tell(*told: str) -> None:
    """Print lines."""
    sys.stdout.write("".join(f"{line}\n" for line in told))


if __name__ == "__main__":
    main()
