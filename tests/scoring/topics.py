"""``python -m tests.scoring.topics [FILE]``: topics told, beside two plainer ways in the same run.

FILE is JSON Lines of the form of ``tests/labelled/topics.jsonl``, which is read when none is given;
the page beside it says what is right. The plainer ways: the taxonomy's labels looked up in the
text, most words win; and a multinomial naive Bayes learned from the same texts.
"""

from __future__ import annotations

import json
import math
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from services.enrichment.steps.topics import confidences, topics
from services.enrichment.topics import Topics, read
from services.enrichment.topics.__main__ import material
from services.enrichment.topics.model import counts, joined
from services.enrichment.topics.taxonomy import NONE
from services.enrichment.wording import wording
from shared.news import Article, ArticleId, Document

LABELLED: Final = Path(__file__).parent.parent / "labelled" / "topics.jsonl"
ACCURACY_MIN: Final = 0.85


@dataclass(frozen=True, slots=True)
class Case:
    """A labelled text: its topic, all that are accepted, and its topic of the second level."""

    topic: str
    accepted: frozenset[str]
    second: str | None
    article: Article


@dataclass(frozen=True, slots=True)
class Said:
    """What was said of a text: the likeliest topic, how sure, and what was told."""

    topic: str
    confidence: float
    told: str
    second: str | None


def main(arguments: list[str]) -> int:
    """Print the figures; the exit code is 1 below an accuracy of ``ACCURACY_MIN``."""
    if len(arguments) > 1:
        sys.stderr.write(f"expected at most one file of labelled texts, came {arguments}\n")
        return 2
    cases = read_cases(Path(arguments[0]) if arguments else LABELLED)
    model = read()
    said = [say(case.article, model) for case in cases]
    write = sys.stdout.write
    write(f"{len(cases)} texts\n")
    accuracy = _share(one.topic in case.accepted for case, one in zip(cases, said, strict=True))
    for name, answers in (
        ("ours", [one.topic for one in said]),
        ("labels in the text", [by_labels(case.article, model) for case in cases]),
        ("naive Bayes", list(map(naive_bayes(), (case.article for case in cases)))),
    ):
        write(
            f"{name:20} accuracy {right(cases, answers):.3f}  macro-F1 {f1(cases, answers):.3f}\n"
        )
    write("\n".join((*_told(cases, said), *_second(cases, said), *_none(cases, said))) + "\n")
    write("\n".join((*_reliability(cases, said), *_confusions(cases, said))) + "\n")
    return 0 if accuracy >= ACCURACY_MIN else 1


def read_cases(path: Path) -> list[Case]:
    """The labelled texts of a file."""
    cases = []
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        headline, *body = [part for part in row["text"].split("\n") if part.strip()]
        accepted = frozenset(map(_code, (row["topic"], *row["also"])))
        second = _code(row["second"]) if row["second"] else None
        cases.append(Case(_code(row["topic"]), accepted, second, _article(headline, body)))
    return cases


def say(article: Article, model: Topics) -> Said:
    """What the step says of an article, and what it thought."""
    share = confidences(article, "en", model)
    likeliest = max(share, key=lambda name: share[name]) if share else NONE
    tags = topics(article, "en", wording(article), model)
    tops = [tag for tag in tags if tag.code.endswith("000000")]
    told = max(tops, key=lambda tag: tag.confidence).code if tops else NONE
    second = next((tag.code for tag in tags if model.names.topics[tag.code].parent == told), None)
    return Said(likeliest, share.get(likeliest, 1.0), told, second)


def by_labels(article: Article, model: Topics) -> str:
    """The topic of whose labels most words stand in the text; ``none`` where none does."""
    stems = counts(joined((article.headline, *article.body)), "en")
    votes: Counter[str] = Counter()
    for topic in model.names.topics.values():
        words = counts(topic.label.lower(), "en")
        votes[model.names.path(topic.code)[0]] += sum(stems.get(word, 0) for word in words)
    best, number = max(votes.items(), key=lambda item: (item[1], item[0]))
    return best if number else NONE


def naive_bayes() -> Callable[[Article], str]:
    """A classifier with add-one smoothing, from the training texts and lists of words."""
    found = material("en")
    by_top: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for sample in (*found.texts, *found.others):
        by_top[sample.top].update(sample.found)
    known = len({stem for words in by_top.values() for stem in words})
    totals = {top: words.total() for top, words in by_top.items()}

    def judge(article: Article) -> str:
        stems = counts(joined((article.headline, *article.body)), "en")

        def likelihood(top: str) -> float:
            base = math.log(totals[top] + known)
            return sum(n * (math.log(by_top[top][stem] + 1) - base) for stem, n in stems.items())

        return max(sorted(by_top), key=likelihood)

    return judge


def right(cases: Sequence[Case], answers: Sequence[str]) -> float:
    """The share of texts with an accepted answer."""
    return _share(said in case.accepted for case, said in zip(cases, answers, strict=True))


def f1(cases: Sequence[Case], answers: Sequence[str]) -> float:
    """The mean F1 over the topics; an accepted answer counts as the topic itself."""
    pairs = [
        (case.topic, case.topic if said in case.accepted else said)
        for case, said in zip(cases, answers, strict=True)
    ]
    scores = []
    for topic in sorted({case.topic for case in cases}):
        hits = sum(pair == (topic, topic) for pair in pairs)
        named = sum(truth == topic for truth, _ in pairs) + sum(said == topic for _, said in pairs)
        scores.append(2 * hits / named)
    return sum(scores) / len(scores)


def _told(cases: Sequence[Case], said: Sequence[Said]) -> Iterable[str]:
    told = [pair for pair in zip(cases, said, strict=True) if pair[1].told != NONE]
    good = _share(one.told in case.accepted for case, one in told)
    yield f"told of {len(told) / len(cases):.3f} of the texts, right in {good:.3f} of these"


def _second(cases: Sequence[Case], said: Sequence[Said]) -> Iterable[str]:
    pairs = [pair for pair in zip(cases, said, strict=True) if pair[0].second]
    told = [(case, one) for case, one in pairs if one.second]
    good = sum(case.second == one.second for case, one in told)
    if told:
        yield f"second level: told of {len(told)} of {len(pairs)}, right in {good / len(told):.3f}"


def _none(cases: Sequence[Case], said: Sequence[Said]) -> Iterable[str]:
    pairs = [(case.topic == NONE, one.told == NONE) for case, one in zip(cases, said, strict=True)]
    both = pairs.count((True, True))
    silent, empty = sum(b for _, b in pairs), sum(a for a, _ in pairs)
    if empty and silent:
        yield f"none: precision {both / silent:.3f}, recall {both / empty:.3f} of {empty}"


def _reliability(cases: Sequence[Case], said: Sequence[Said]) -> Iterable[str]:
    by_tenth: defaultdict[int, list[tuple[float, bool]]] = defaultdict(list)
    for case, one in zip(cases, said, strict=True):
        tenth = min(9, int(one.confidence * 10))
        by_tenth[tenth].append((one.confidence, one.topic in case.accepted))
    yield "confidence   texts  mean  right"
    for tenth, pairs in sorted(by_tenth.items()):
        mean = sum(sure for sure, _ in pairs) / len(pairs)
        good = _share(hit for _, hit in pairs)
        yield f"{tenth * 10:3}-{tenth * 10 + 10:3}%   {len(pairs):6}  {mean:.2f}   {good:.2f}"


def _confusions(cases: Sequence[Case], said: Sequence[Said]) -> Iterable[str]:
    table: Mapping[str, Counter[str]] = defaultdict(Counter)
    for case, one in zip(cases, said, strict=True):
        table[case.topic][case.topic if one.topic in case.accepted else one.topic] += 1
    columns = sorted({name for row in table.values() for name in row} | set(table))
    yield "labelled, said: " + " ".join(f"{name[:4].removesuffix('00'):>4}" for name in columns)
    for topic in sorted(table):
        cells = " ".join(f"{table[topic][name] or '.':>4}" for name in columns)
        yield f"{topic:15} {cells}"


def _share(hits: Iterable[bool]) -> float:
    found = list(hits)
    return sum(found) / len(found) if found else 0.0


def _code(label: str) -> str:
    return label.removeprefix("medtop:")


def _article(headline: str, body: Sequence[str]) -> Article:
    return Article(
        article_id=ArticleId("00000000-0000-0000-0000-000000000001"),
        source="labelled",
        headline=headline,
        body=tuple(body),
        observed_at=datetime(2026, 1, 1, tzinfo=UTC),
        revision=1,
        document=Document(sha256="0", media_type="text/plain", parser="p", parser_version=1),
        content_hash="0",
        text_hash="0",
    )


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
