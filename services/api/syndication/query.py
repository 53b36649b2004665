"""What may be asked of a feed."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import BeforeValidator, ConfigDict, Field

from services.api.schemas import Filter, plain

LIMIT_DEFAULT: Final = 50
LIMIT_MAX: Final = 100
"""Articles of one feed, which come with their texts; who wants more pages through /v1/articles."""


class FeedQuery(Filter):
    """Parameters of a feed."""

    model_config = ConfigDict(extra="forbid")

    limit: Annotated[int, Field(ge=1, le=LIMIT_MAX), BeforeValidator(plain)] = Field(
        default=LIMIT_DEFAULT, description="Articles of the feed."
    )
