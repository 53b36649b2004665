from datetime import UTC, datetime

import pytest

from services.enrichment.stories.features import Features
from tests.scoring.stories import Labelled, b_cubed, confusion


def labelled(name: str, story: str) -> Labelled:
    at = datetime(2026, 3, 2, tzinfo=UTC)
    return Labelled(name, at, "en", story, "A headline", "A text", Features("en"))


STREAM = [
    labelled("a", "dam"),
    labelled("b", "dam"),
    labelled("c", "dam-two"),
    labelled("d", "dam"),
]


def test_precision_and_recall_are_averaged_over_articles() -> None:
    score = b_cubed({"a": "1", "b": "1", "c": "1", "d": "2"}, STREAM)
    assert score.precision == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1) / 4)
    assert score.recall == pytest.approx((2 / 3 + 2 / 3 + 1 + 1 / 3) / 4)


def test_articles_alone_are_precise_and_recall_little() -> None:
    score = b_cubed({"a": "1", "b": "2", "c": "3", "d": "4"}, STREAM)
    assert (score.precision, score.recall) == pytest.approx((1.0, 0.5))


def test_a_confused_pair_is_of_two_stories_and_put_together() -> None:
    found = {"a": "1", "b": "1", "c": "1", "d": "2"}
    assert confusion(found, STREAM, ("dam", "dam-two")) == (2, 3)
