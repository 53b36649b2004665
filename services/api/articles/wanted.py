"""Which articles of the views a list is of, and in which order. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from shared.news import PubStatus

Sort = Literal["newest", "oldest", "updated"]
"""By when they count as of, then by place on their page; ``oldest`` is ``newest`` from its end.
``updated``: by their last event on the wire, the latest first."""
Copies = Literal["hidden", "shown"]
"""``hidden``: a copy is left out where the article that it is a copy of is in the list itself."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Conditions that must all hold."""

    tags: tuple[str, ...] = ()
    """``scheme:code``; articles bear all of them. A country is also borne by what lies in it."""
    sources: tuple[str, ...] = ()
    """Any of them; none: all are wanted."""
    languages: tuple[str, ...] = ()
    """Any of them; none: all are wanted."""
    story: str | None = None
    """Articles in it, or in the story that it was merged into."""
    has_text: bool | None = None
    """Whether there is a body besides the headline and summary; None: either."""
    begin: str | None = None
    """The first ``ordered_at`` wanted, as the views write it."""
    end: str | None = None
    """The last one."""
    status: PubStatus = "usable"
    copies: Copies = "hidden"

    @property
    def crosses_tags(self) -> bool:
        """Whether it is what several tags have in common: no index has that, and it may be nothing.

        Such a list is not read in the loop.
        """
        return len(self.tags) > 1


def listed_by(tags: Sequence[str], source: str | None, language: str | None) -> Wanted:
    """The list by tags, one source and one language, as pages and feeds have it."""
    return Wanted(
        tags=tuple(tags),
        sources=(source,) if source else (),
        languages=(language,) if language else (),
    )
