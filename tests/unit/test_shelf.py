"""Parts of one table behave as tables of their own."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.enrichment.memory import ArticleMemory
from services.enrichment.shelf import PARTS, Part, Shelf
from services.enrichment.snapshot import packed, unpacked
from shared.news import ArticleId

ONE, OTHER = ArticleId("one"), ArticleId("other")


def parts() -> tuple[Shelf, list[Part]]:
    """An empty shelf, and its parts."""
    shelf: Shelf = {}
    return shelf, [Part(shelf, number, {}) for number in range(PARTS)]


def test_a_part_knows_nothing_of_the_others() -> None:
    shelf, (first, second, third) = parts()
    first[ONE], third[ONE], second[OTHER] = b"a", b"ccc", b"bb"

    assert (dict(first), dict(second), dict(third)) == (
        {ONE: b"a"}, {OTHER: b"bb"}, {ONE: b"ccc"},
    )  # fmt: skip
    assert second.get(ONE) is None
    assert second.get(ONE, b"none") == b"none"
    assert ONE not in second
    assert len(shelf) == 2


def test_an_article_is_gone_with_its_last_part() -> None:
    shelf, (first, second, _) = parts()
    first[ONE] = second[ONE] = b"a"

    del first[ONE]
    assert (ONE in first, ONE in second) == (False, True)
    with pytest.raises(KeyError):
        del first[ONE]
    with pytest.raises(KeyError):
        first[ONE]
    assert second.pop(ONE) == b"a"
    assert shelf == {}


def test_a_part_that_was_filled_keeps_what_it_had() -> None:
    shelf: Shelf = {}
    Part(shelf, 0, {ONE: b"a"})
    assert dict(Part(shelf, 1, {ONE: b"b", OTHER: b"c"})) == {ONE: b"b", OTHER: b"c"}
    assert list(shelf) == [ONE, OTHER]


def test_the_memories_of_articles_share_one_table_also_from_a_snapshot() -> None:
    memory = ArticleMemory()
    memory.records.packed[ONE] = b"a"
    memory.stories.kept[ONE] = b"c"

    again = unpacked(packed(memory), ArticleMemory)
    again.relations.members[OTHER] = b"b"
    assert dict(again.records.packed) == {ONE: b"a"}
    assert dict(again.stories.kept) == {ONE: b"c"}
    assert isinstance(again.relations.members, Part)
    assert again != memory


IDS = st.sampled_from([ArticleId(one) for one in "abc"])
STEPS = st.tuples(st.integers(0, PARTS - 1), IDS, st.none() | st.binary(min_size=1, max_size=5))


@given(st.lists(STEPS, max_size=30))
def test_parts_are_as_tables_whatever_is_put_and_taken(
    steps: list[tuple[int, ArticleId, bytes | None]],
) -> None:
    _, found = parts()
    tables: list[dict[ArticleId, bytes]] = [{} for _ in range(PARTS)]
    for number, article_id, value in steps:
        if value is None:
            assert found[number].pop(article_id, None) == tables[number].pop(article_id, None)
        else:
            found[number][article_id] = tables[number][article_id] = value
        assert [dict(one) for one in found] == tables
        assert [len(one) for one in found] == [len(one) for one in tables]
