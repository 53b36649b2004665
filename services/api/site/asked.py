"""Parameters of the pages of the site. Unknown ones are ignored: links gather them."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from services.api.schemas import CursorText


class PageQuery(BaseModel):
    """Parameters of a page with a list that goes on."""

    model_config = ConfigDict(frozen=True)

    cursor: CursorText | None = None
