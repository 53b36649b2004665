"""What the scoring of changed copies is made of, and our part of its score."""

from __future__ import annotations

from collections import Counter

from tests.scoring.grammar import stories
from tests.scoring.mutations import MUTATIONS, relations, samples


def test_the_bench_has_75_stories_of_150_to_700_words() -> None:
    sizes = [len(one.words) for one in stories()]

    assert (len(sizes), min(sizes) >= 120, max(sizes) <= 700) == (75, True, True)
    assert [one.text for one in stories()] == [one.text for one in stories()]


def test_every_story_is_changed_in_every_way() -> None:
    kinds = Counter(one.kind for one in samples())

    assert {kinds[kind] for kind in MUTATIONS} == {75}
    assert (kinds["digest"], kinds["independent"]) == (25, 75)


def test_no_story_is_joined_with_another_or_with_what_is_told_anew() -> None:
    said = [one for one in samples() if one.kind != "digest"]

    origins: dict[object, set[str]] = {}
    for one, where in zip(said, relations(said), strict=True):
        origins.setdefault(where, set()).add(one.origin)
    assert [each for each in origins.values() if len(each) > 1] == []
