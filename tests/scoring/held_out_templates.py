"""``make score-templates``: which notes by one template are taken for copies, beside MinHash.

1,104 notes by 42 templates, and 228 true copies of some of them and of ten stories: texts of
another writer than the rules' (tests/labelled/README.md). In one order they come as they were
published; in the others shuffled, all within the window, so that any two may meet. Printed: how
many articles are attached to other news, and the share of copies that stand with their original,
of each half of the templates.
"""

from __future__ import annotations

import random
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from shared.hashing import text_hash
from shared.news import Article
from tests.scoring.held_out_copies import copies
from tests.scoring.held_out_texts import Half, Note, notes, stories
from tests.scoring.mutations import ORDERS, Sample, minhash
from tests.scoring.near_duplicates import AT, Text, article, clusters_of

PEERS: Final = ((3, 0.5), (5, 0.8))
HALVES: Final[tuple[Half, ...]] = ("tuned", "kept")
SHOWN_MAX: Final = 8

Clusters = Callable[[Sequence[Note], int], Sequence[Hashable]]
"""Of articles that arrive in an order, of which 0 is that of their publication."""


@dataclass(slots=True)
class Tally:
    """What was joined, over all orders."""

    wrong: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Articles whose cluster is that of other news, by template and by both changes."""
    found: defaultdict[str, list[bool]] = field(default_factory=lambda: defaultdict(list))
    """Whether a copy stands with its original, by change."""


def arriving(order: int) -> list[Note]:
    """All articles: in order 0 as they were published, else shuffled."""
    originals, once = notes(), stories()
    said = [*originals, *once, *copies(originals, once)]
    if not order:
        return sorted(said, key=lambda note: note.at)
    random.Random(order).shuffle(said)
    return said


def relations(said: Sequence[Note], order: int) -> Sequence[Hashable]:
    """The product's own: what stands for each article when all have come."""
    return clusters_of([Text(one.news, _article(at, one, order)) for at, one in enumerate(said)])


def peer(words: int, threshold: float) -> Clusters:
    """datasketch: what its index finds is joined."""
    found = minhash(words, threshold)
    return lambda said, _: found([Sample(one.news, one.change, one.text) for one in said])


def tallied(found: Clusters) -> dict[Half, Tally]:
    """Over all orders, of each half of the templates."""
    tallies = {half: Tally() for half in HALVES}
    for order in range(ORDERS):
        said = arriving(order)
        _count(said, found(said, order), tallies)
    return tallies


def _article(number: int, note: Note, order: int) -> Article:
    plain = article(number, note.text)
    seen = note.at + timedelta(minutes=1) if not order else AT + timedelta(seconds=number)
    return plain.model_copy(
        update={
            "source": note.source,
            "headline": note.headline,
            "text_hash": text_hash(note.headline, plain.body),
            "published_at": note.at,
            "observed_at": seen,
        }
    )


def _count(said: Sequence[Note], clusters: Sequence[Hashable], tallies: dict[Half, Tally]) -> None:
    """An article is joined falsely that stands with other news than the most of its cluster."""
    members: defaultdict[Hashable, list[Note]] = defaultdict(list)
    for one, where in zip(said, clusters, strict=True):
        members[where].append(one)
    for together in members.values():
        first = Counter(one.news for one in together).most_common(1)[0][0]
        of_first = next(one for one in together if one.news == first)
        for one in together:
            if one.news != first:
                changes = " + ".join(sorted((one.change, of_first.change)))
                tallies[one.half].wrong[one.template, changes] += 1
        originals = {one.news for one in together if _is_original(one)}
        for one in together:
            if not _is_original(one):
                where = f"{'story' if one.news.startswith('story/') else 'note'}, {one.change}"
                tallies[one.half].found[where].append(one.news in originals)


def _is_original(note: Note) -> bool:
    return note.source == "meridian-agency" or "-desk-" in note.source


def main() -> int:
    """Print the scores; the exit code is 1 where the peers join no more falsely than we do."""
    peers: dict[str, Clusters] = {"relations": relations}
    for words, threshold in PEERS:
        peers[f"datasketch {words} words J {threshold}"] = peer(words, threshold)
    wrong = []
    for name, found in peers.items():
        tallies = tallied(found)
        for half, tally in tallies.items():
            sys.stdout.write(f"{name}, {half} half, {ORDERS} orders\n")
            _print(tally)
        wrong.append(sum(tally.wrong.total() for tally in tallies.values()))
    return 0 if wrong[0] < min(wrong[1:]) else 1


def _print(tally: Tally) -> None:
    by_template: Counter[str] = Counter()
    by_change: Counter[str] = Counter()
    for (template, changes), count in tally.wrong.items():
        by_template[template] += count
        by_change[changes] += count
    sys.stdout.write(f"  wrong joins {tally.wrong.total()}: {_most(by_template)}\n")
    sys.stdout.write(f"  by change: {_most(by_change)}\n")
    found = [one for each in tally.found.values() for one in each]
    sys.stdout.write(f"  true copies found {sum(found) / len(found):.3f}:")
    for kind, each in sorted(tally.found.items()):
        sys.stdout.write(f" {kind} {sum(each) / len(each):.2f};")
    sys.stdout.write("\n")


def _most(counted: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counted.most_common(SHOWN_MAX)) or "-"


if __name__ == "__main__":
    raise SystemExit(main())
