"""What else was asked of the articles that a search finds, as SQL on their rows."""

from __future__ import annotations

from dataclasses import replace

from services.api.articles.conditions import holding
from services.api.articles.wanted import Wanted
from services.api.search.finding import Narrowed


def narrowed(wanted: Wanted) -> Narrowed:
    """The filters of a list, which all hold of a search, too.

    Whether copies are hidden is not among them: a copy is, where its canonical article is found.
    """
    if replace(wanted, copies="hidden") == Wanted():
        return Narrowed()  # what is in the index may be shown
    condition = holding(wanted)
    return Narrowed(condition.sql, condition.values)


def language(wanted: Wanted) -> str | None:
    """The language of the only articles asked; None: there are several."""
    return wanted.languages[0] if len(wanted.languages) == 1 else None
