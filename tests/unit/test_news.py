"""The words of the trade as types: what they take, and how they are written."""

from __future__ import annotations

import orjson
import pytest
from pydantic import TypeAdapter, ValidationError

from shared.events import ArticleWithdrawn
from shared.news import AsOf, Instant

WITHDRAWN = {
    "article_id": "a", "source": "steppe-courier", "reason": "An error.", "by": "source",
    "observed_at": "2026-03-02T05:00:00Z",
}  # fmt: skip


def test_an_instant_is_written_in_utc_whatever_offset_it_came_with() -> None:
    event = ArticleWithdrawn.model_validate(
        {**WITHDRAWN, "observed_at": "2026-03-02T10:30:00.250000+05:30"}
    )

    assert orjson.loads(event.model_dump_json())["observed_at"] == "2026-03-02T05:00:00.250000Z"


@pytest.mark.parametrize(
    "text",
    [
        "0001-01-01T00:00:00+14:00",  # in UTC it lies before the first day there is
        "9999-12-31T23:59:59-14:00",
        "2026-03-02T05:00:00",
    ],
)
def test_an_instant_that_has_no_utc_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Instant).validate_python(text)


@pytest.mark.parametrize(
    "text", ["2026-13-02", "2026-00-02", "2026-03-32", "2026-03-02T25:00:00Z", "2026-03-02T05:00Z"]
)
def test_a_day_that_no_calendar_has_is_no_as_of(text: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(AsOf).validate_python(text)


def test_a_reason_has_at_most_2000_characters() -> None:
    assert ArticleWithdrawn.model_validate({**WITHDRAWN, "reason": "x" * 2_000})
    with pytest.raises(ValidationError, match="at most 2000 characters"):
        ArticleWithdrawn.model_validate({**WITHDRAWN, "reason": "x" * 2_001})
