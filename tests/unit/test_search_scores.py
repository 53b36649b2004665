"""The labelled searches are answered at least as well as they have been."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scoring.search import Score, ours, scored

# Reached: en .993, ru .992, kk, ky and uz 1. A change of folding, endings or ranks may cost one
# search in a hundred, and not more.
FLOORS = {"en": 0.98, "ru": 0.98, "kk": 0.98, "ky": 0.98, "uz": 0.98}


@pytest.fixture(scope="module")
def scores(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Score]:
    folder: Path = tmp_path_factory.mktemp("views")
    return scored("search-queries", ours(folder))


@pytest.mark.parametrize(("language", "floor"), FLOORS.items())
def test_the_first_page_has_what_an_editor_wants(
    scores: dict[str, Score], language: str, floor: float
) -> None:
    score = scores[language]

    assert score.recall / score.queries >= floor, score.missing


def test_nothing_is_found_that_an_operator_shuts_out(scores: dict[str, Score]) -> None:
    assert {language: score.never for language, score in scores.items()} == dict.fromkeys(FLOORS, 0)


def test_the_subject_the_later_and_the_canonical_stand_above(scores: dict[str, Score]) -> None:
    assert sum(score.in_order for score in scores.values()) == 19
    assert sum(score.pairs for score in scores.values()) == 19
