"""Scores which copies are found, beside a grid of MinHash settings, on texts of known origin.

``make score-near-duplicates DATA=texts.jsonl.gz``: one JSON object a line, ``page`` (texts of one
page are copies of each other) and ``text``. Printed: B³ (Bagga and Baldwin 1998) precision, recall
and F1, and the precision over pairs, for several orders of arrival; the same without the number
guard; and MinHash with Jaccard thresholds, joined by union-find as its users do.
"""

from __future__ import annotations

import gzip
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from unittest.mock import patch

import numpy as np
import orjson
from datasketch import MinHash  # type: ignore[import-untyped]  # it has no types
from numpy.typing import NDArray

from services.enrichment.relations import comparing
from services.enrichment.relations.members import text_key
from services.enrichment.relations.memory import RelationMemory
from services.enrichment.relations.relating import Newcomer, relate
from services.enrichment.relations.shingles import Shingled, shingled, tokens_of
from services.enrichment.relations.stars import standing_of
from shared.hashing import text_hash
from shared.news import Article, ArticleId, Document, copy_of

ORDERS: Final = 4
"""Orders of arrival besides the file's."""
PERMUTATIONS: Final = 128
GRID: Final = ((5, 0.8), (5, 0.7), (5, 0.5), (5, 0.3), (3, 0.8), (3, 0.7), (3, 0.5), (3, 0.3))
"""Words of a shingle and Jaccard threshold."""
PAIR_PRECISION_MIN: Final = 0.999
AT: Final = datetime(2026, 3, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Text:
    """A text and where it is from."""

    page: str
    article: Article


@dataclass(frozen=True, slots=True)
class Score:
    """How well clusters agree with origins, 0–1."""

    precision: float
    recall: float
    pair_precision: float

    @property
    def f1(self) -> float:
        """Harmonic mean of B³ precision and recall."""
        return 2 * self.precision * self.recall / (self.precision + self.recall)

    def __str__(self) -> str:
        return (
            f"B³ P {self.precision:.4f}  R {self.recall:.4f}  F1 {self.f1:.4f}"
            f"  pair precision {self.pair_precision:.5f}"
        )


def score(clusters: Sequence[Hashable], origins: Sequence[Hashable]) -> Score:
    """B³ over items, each with its cluster and its origin."""
    by_cluster: defaultdict[Hashable, Counter[Hashable]] = defaultdict(Counter)
    by_origin = Counter(origins)
    for cluster, origin in zip(clusters, origins, strict=True):
        by_cluster[cluster][origin] += 1
    precision = recall = 0.0
    for cluster, origin in zip(clusters, origins, strict=True):
        same = by_cluster[cluster][origin]
        precision += same / by_cluster[cluster].total()
        recall += same / by_origin[origin]
    pairs = sum(found.total() * (found.total() - 1) // 2 for found in by_cluster.values())
    right = sum(n * (n - 1) // 2 for found in by_cluster.values() for n in found.values())
    return Score(precision / len(clusters), recall / len(clusters), right / (pairs or 1))


def read(path: Path) -> list[Text]:
    """The texts of a file."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rb") as lines:
        said = [orjson.loads(line) for line in lines]
    return [Text(one["page"], article(number, one["text"])) for number, one in enumerate(said)]


def article(number: int, text: str) -> Article:
    """A text as an article that came at its number of seconds."""
    body = tuple(part.strip() for part in text.split("\n") if part.strip())
    headline = f"Text {number}"
    return Article(
        article_id=ArticleId(f"text-{number}"), source="scored", headline=headline, body=body,
        observed_at=AT + timedelta(seconds=number), revision=1,
        document=Document(sha256="", media_type="text/plain", parser="scored", parser_version=1),
        content_hash="", text_hash=text_hash(headline, body),
    )  # fmt: skip


def clusters_of(texts: Sequence[Text]) -> list[ArticleId]:
    """What stands for each text when all have come, one after the other, as published.

    A text that has no time of publication was published when it came.
    """
    memory = RelationMemory()
    shingled_by_id: dict[ArticleId, Shingled] = {}
    canonical: dict[ArticleId, ArticleId | None] = {}
    """The memory forgets what is out of the window."""
    for number, one in enumerate(texts):
        text = shingled(one.article)
        at = one.article.published_at or AT + timedelta(seconds=number)
        came = one.article.model_copy(update={"published_at": at})
        new = newcomer(came, text)
        wanted = memory.wanted(new.article_id, came.text_hash, text)
        related = relate(new, memory, {name: shingled_by_id[name] for name in wanted})
        memory.carried(came, related.relations, text)
        canonical[new.article_id] = copy_of(related.relations)
        for changed in related.changed:
            memory.related(changed.article_id, changed.relations)
            canonical[changed.article_id] = copy_of(changed.relations)
        shingled_by_id[new.article_id] = text
    return [canonical[one] or one for one in (text.article.article_id for text in texts)]


def newcomer(article: Article, text: Shingled) -> Newcomer:
    """An article as relations see it."""
    return Newcomer(
        article.article_id, article.source, text_key(article.text_hash),
        standing_of(article, text.words), text,
    )  # fmt: skip


def minhash_clusters(texts: Sequence[Text], words: int, threshold: float) -> list[int]:
    """Groups by estimated Jaccard of word shingles, joined by union-find, as is usual."""
    signatures = np.stack([_signature(one.article, words) for one in texts])
    group = list(range(len(texts)))

    def root(one: int) -> int:
        while group[one] != one:
            group[one] = group[group[one]]
            one = group[one]
        return one

    for one, signature in enumerate(signatures):
        likeness = (signatures[:one] == signature).mean(axis=1)
        for other in np.flatnonzero(likeness >= threshold).tolist():
            group[root(one)] = root(other)
    return [root(one) for one in range(len(texts))]


def _signature(article: Article, words: int) -> NDArray[np.uint64]:
    said = [word for _, word in tokens_of("\n".join(article.body))]
    shingles = {" ".join(said[at : at + words]) for at in range(max(1, len(said) - words + 1))}
    minhash = MinHash(num_perm=PERMUTATIONS, scheme="affine32")
    minhash.update_batch([one.encode() for one in shingles])
    return np.asarray(minhash.hashvalues, dtype=np.uint64)


def main(arguments: list[str]) -> int:
    """Print the scores; the exit code is 1 where the grid is better or a pair in 1,000 is wrong."""
    if len(arguments) != 1:
        sys.stderr.write(f"expected one file of texts, came {arguments}\n")
        return 2
    texts = read(Path(arguments[0]))
    origins = [one.page for one in texts]
    sys.stdout.write(f"{len(texts)} texts of {len(set(origins))} pages\n")
    best = max(_of_grid(texts, words, threshold) for words, threshold in GRID)
    ours = [_of_order(texts, seed) for seed in range(ORDERS + 1)]
    without = _without_guard(texts)
    sys.stdout.write(
        f"best of the grid F1 {best:.4f}; ours from {min(one.f1 for one in ours):.4f}"
        f" to {max(one.f1 for one in ours):.4f}; the number guard costs"
        f" {without.f1 - ours[0].f1:+.4f} F1 in the order of the file\n"
    )
    is_good = all(one.f1 > best and one.pair_precision >= PAIR_PRECISION_MIN for one in ours)
    return 0 if is_good else 1


def _of_grid(texts: Sequence[Text], words: int, threshold: float) -> float:
    found = score(minhash_clusters(texts, words, threshold), [one.page for one in texts])
    sys.stdout.write(f"MinHash {words} words J >= {threshold:.1f}     {found}\n")
    return found.f1


def _of_order(texts: Sequence[Text], seed: int) -> Score:
    """Of the file's order for seed 0, else of a shuffled one."""
    arriving = list(texts)
    if seed:
        random.Random(seed).shuffle(arriving)
    found = score(clusters_of(arriving), [one.page for one in arriving])
    sys.stdout.write(f"relations, {'order ' + str(seed) if seed else 'as in file':10}   {found}\n")
    return found


def _without_guard(texts: Sequence[Text]) -> Score:
    with patch.object(comparing, "NUMBERS_SHARED_MIN", 0.0):
        found = score(clusters_of(texts), [one.page for one in texts])
    sys.stdout.write(f"the same without number guard {found}\n")
    return found


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
