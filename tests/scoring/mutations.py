"""``make score-mutations``: which changed copies are found, beside MinHash and SimHash.

75 texts made from a grammar, each changed in twelve ways, with hard negatives: the same matter in
other words, and notes by one template. Everything is made from a seed. Printed: of each class the
share that is joined with its origin, and over five orders of arrival the precision and recall of
pairs and B³; then which joins are wrong.
"""

from __future__ import annotations

import logging
import random
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from datasketch import MinHash, MinHashLSH  # type: ignore[import-untyped]  # it has no types
from rensa import RMinHash, RMinHashLSH

from services.enrichment.relations.shingles import tokens_of
from tests.scoring.grammar import Story, other_words, stories
from tests.scoring.near_duplicates import Text, article, clusters_of, score
from tests.scoring.templates import notes

SEED: Final = 20260302
ORDERS: Final = 5
PERMUTATIONS: Final = 128
SETTINGS: Final = ((5, 0.8), (3, 0.5))
"""Words of a shingle and Jaccard threshold."""
BITS: Final = 3
"""By which two SimHashes may differ."""
NOTES: Final = 160
_HOMOGLYPHS: Final = str.maketrans("aceopxyасеорху", "асеорхуaceopxy")
_FRAMES: Final = (
    ("By Our Correspondent in Almaty", "Copyright. All rights reserved. Subscribe to our letter."),
    (
        "ALMATY (Steppe Courier)",
        "Read also: the week in pictures. Share this article with friends.",
    ),
)


@dataclass(frozen=True, slots=True)
class Sample:
    """A text, what it was made of, and how."""

    origin: str
    kind: str
    text: str


def samples() -> list[Sample]:
    """Origins, their copies, and the hard negatives."""
    dice = random.Random(SEED)
    told = stories()
    found: list[Sample] = []
    for number, story in enumerate(told):
        origin = f"story {number}"
        found.append(Sample(origin, "origin", story.text))
        found += [Sample(origin, kind, made(story, dice)) for kind, made in MUTATIONS.items()]
        found.append(Sample(f"{origin} told anew", "independent", other_words(story, dice)))
    for number in range(0, len(told) - 2, 3):
        parts = told[number : number + 3]
        text = "\n".join("\n".join(one.sentences[:8]) for one in parts)
        found.append(Sample(f"digest {number}", "digest", text))
    said = notes()[:: max(1, len(notes()) // NOTES)]
    return found + [Sample(f"note {n}", "template", one.text) for n, one in enumerate(said)]


def _framed(story: Story, dice: random.Random) -> str:
    head, foot = dice.choice(_FRAMES)
    return "\n".join((head, *story.sentences, foot))


def _noisy(story: Story, dice: random.Random) -> str:
    text = story.text.replace("'", "’").replace(" - ", " — ").replace("fi", "ﬁ")
    words = text.split(" ")
    return " ".join(f"{one}\u00ad" if dice.random() < 0.1 else one for one in words)


def _half(story: Story, _: random.Random) -> str:
    return "\n".join(story.sentences[: len(story.sentences) // 2])


def _lede(story: Story, _: random.Random) -> str:
    return "\n".join(story.sentences[: max(2, round(len(story.sentences) / 4))])


def _abridged(story: Story, dice: random.Random) -> str:
    count = len(story.sentences)
    kept = sorted(dice.sample(range(count), count - round(0.3 * count)))
    return "\n".join(story.sentences[one] for one in kept)


def _localised(story: Story, dice: random.Random) -> str:
    sentences = list(story.sentences)
    for added in story.spare[: round(0.3 * len(sentences))]:
        sentences.insert(dice.randint(1, len(sentences)), added)
    return "\n".join(sentences)


def _worded(share: float) -> Callable[[Story, random.Random], str]:
    def made(story: Story, dice: random.Random) -> str:
        small = [one for one in story.words if one.islower() and len(one) > 3]
        parts = re.split(r"(\W+)", story.text)
        chosen = {
            at
            for at, one in enumerate(parts)
            if one.islower() and one.isalpha() and dice.random() < share
        }
        return "".join(dice.choice(small) if at in chosen else one for at, one in enumerate(parts))

    return made


def _updated(story: Story, dice: random.Random) -> str:
    changed = re.sub(
        r"\d+",
        lambda found: str(int(found[0]) + dice.randint(1, 9)) if dice.random() < 0.3 else found[0],
        story.text,
    )
    return "\n".join((changed, *story.spare[:2]))


def _scanned(story: Story, dice: random.Random) -> str:
    def misread(word: str) -> str:
        if dice.random() >= 0.05 or len(word) < 2:
            return word
        at = dice.randrange(len(word))
        return word[:at] + dice.choice("rnl1oec") + word[at + 1 :]

    return " ".join(misread(word) for word in story.text.split(" "))


def _looking_alike(story: Story, dice: random.Random) -> str:
    return "".join(
        sign.translate(_HOMOGLYPHS) if dice.random() < 0.2 else sign for sign in story.text
    )


MUTATIONS: Final[dict[str, Callable[[Story, random.Random], str]]] = {
    "byline": _framed, "unicode": _noisy, "half": _half, "lede": _lede, "abridged": _abridged,
    "localised": _localised, "copy-edit": _worded(0.05), "update": _updated,
    "rewrite": _worded(0.3), "scanned": _scanned, "homoglyphs": _looking_alike,
}  # fmt: skip

Clusters = Callable[[Sequence[Sample]], Sequence[object]]


def relations(arriving: Sequence[Sample]) -> Sequence[object]:
    """Our own."""
    texts = [Text(one.origin, article(at, one.text)) for at, one in enumerate(arriving)]
    return clusters_of(texts)


def minhash(words: int, threshold: float) -> Clusters:
    """datasketch: what its index finds is joined."""

    def found(arriving: Sequence[Sample]) -> Sequence[object]:
        index = MinHashLSH(threshold=threshold, num_perm=PERMUTATIONS)
        groups = _Groups(len(arriving))
        for at, one in enumerate(arriving):
            signature = MinHash(num_perm=PERMUTATIONS)
            signature.update_batch([part.encode() for part in _shingles(one.text, words)])
            groups.join(at, map(int, index.query(signature)))
            index.insert(str(at), signature)
        return groups.roots()

    return found


def rminhash(words: int, threshold: float) -> Clusters:
    """Rensa: what its index finds and its estimate of Jaccard confirms is joined."""
    bands = 16 if threshold >= 0.8 else 32

    def found(arriving: Sequence[Sample]) -> Sequence[object]:
        index = RMinHashLSH(threshold=threshold, num_perm=PERMUTATIONS, num_bands=bands)
        groups, signatures = _Groups(len(arriving)), []
        for at, one in enumerate(arriving):
            signature = RMinHash(num_perm=PERMUTATIONS, seed=1)
            signature.update(_shingles(one.text, words))
            near = index.query(signature)
            groups.join(at, (n for n in near if signature.jaccard(signatures[n]) >= threshold))
            index.insert(at, signature)
            signatures.append(signature)
        return groups.roots()

    return found


def simhash(arriving: Sequence[Sample]) -> Sequence[object]:
    """SimHash of words, joined up to ``BITS``."""
    # Its source has an escape that Python warns of, which tests may not.
    from simhash import Simhash, SimhashIndex  # type: ignore[import-untyped]  # it has no types

    index, groups = SimhashIndex([], k=BITS), _Groups(len(arriving))
    for at, one in enumerate(arriving):
        signature = Simhash([word for _, word in tokens_of(one.text)])
        groups.join(at, map(int, index.get_near_dups(signature)))
        index.add(str(at), signature)
    return groups.roots()


class _Groups:
    """Union-find, as users of such indexes join what they find."""

    def __init__(self, count: int) -> None:
        self._above = list(range(count))

    def join(self, one: int, others: Iterable[int]) -> None:
        for other in others:
            self._above[self._root(one)] = self._root(other)

    def roots(self) -> list[int]:
        return [self._root(one) for one in range(len(self._above))]

    def _root(self, one: int) -> int:
        while self._above[one] != one:
            one = self._above[one]
        return one


def _shingles(text: str, words: int) -> list[str]:
    said = [word for _, word in tokens_of(text)]
    return [" ".join(said[at : at + words]) for at in range(max(1, len(said) - words + 1))]


def main() -> int:
    """Print the scores; the exit code is 1 where a join of ours is wrong.

    Digests are left out of that: of a short story they hold more than half, and may be taken for
    what it was cut from.
    """
    logging.getLogger().setLevel(logging.ERROR)  # the index of SimHash tells of its buckets
    said = samples()
    sys.stdout.write(f"{len(said)} texts of {len({one.origin for one in said})} origins\n")
    peers: dict[str, Clusters] = {"relations": relations}
    for words, threshold in SETTINGS:
        peers[f"datasketch {words} words J {threshold}"] = minhash(words, threshold)
        peers[f"rensa {words} words J {threshold}"] = rminhash(words, threshold)
    peers[f"SimHash <= {BITS} bits"] = simhash
    wrong = [_of_peer(name, found, said) for name, found in peers.items()]
    return 1 if wrong[0] else 0


def _of_peer(name: str, found: Clusters, said: Sequence[Sample]) -> int:
    recalls: defaultdict[str, list[bool]] = defaultdict(list)
    wrong: Counter[tuple[str, str]] = Counter()
    for order in range(ORDERS):
        arriving = list(said)
        random.Random(order).shuffle(arriving)
        clusters = found(arriving)
        of_origin = {
            one.origin: where
            for one, where in zip(arriving, clusters, strict=True)
            if one.kind == "origin"
        }
        for one, where in zip(arriving, clusters, strict=True):
            if one.kind in MUTATIONS:
                recalls[one.kind].append(where == of_origin[one.origin])
        wrong += _wrong(arriving, clusters)
        scored = score([str(one) for one in clusters], [one.origin for one in arriving])
        sys.stdout.write(f"{name:26} order {order}  {scored}\n")
    shares = "  ".join(f"{kind} {sum(each) / len(each):.2f}" for kind, each in recalls.items())
    sys.stdout.write(f"{name:26} recall  {shares}\n")
    kinds = ", ".join(f"{'+'.join(kind)} {count}" for kind, count in wrong.most_common(6))
    sys.stdout.write(f"{name:26} wrong joins over all orders: {wrong.total()} {kinds}\n")
    return sum(count for kind, count in wrong.items() if "digest" not in kind)


def _wrong(arriving: Sequence[Sample], clusters: Sequence[object]) -> Counter[tuple[str, str]]:
    """Articles that stand with another origin than most of their cluster, by kind of both."""
    by_cluster: defaultdict[object, list[Sample]] = defaultdict(list)
    for one, where in zip(arriving, clusters, strict=True):
        by_cluster[where].append(one)
    found: Counter[tuple[str, str]] = Counter()
    for members in by_cluster.values():
        most = Counter(one.origin for one in members).most_common(1)[0][0]
        first = next(one for one in members if one.origin == most)
        found.update((one.kind, first.kind) for one in members if one.origin != most)
    return found


if __name__ == "__main__":
    raise SystemExit(main())
