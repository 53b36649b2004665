"""What the routes of downloads take, as the OpenAPI document describes it."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from services.api.schemas import Seq


class LinesQuery(BaseModel):
    """Parameters of a view line by line."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    from_seq: Seq = Field(
        default=1,
        alias="from",
        description="Only what changed at this event of the wire or later: one more than `seq` of "
        "the last line that came, to go on where a download broke off.",
    )
