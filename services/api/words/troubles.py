"""Problems as pages tell them. What programs get stays English, and so does what is exact."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from services.api.words.languages import ENGLISH
from services.api.words.speaking import language
from services.api.words.texts import gettext, marked
from shared.web import Problem, ProblemName

TITLES: Final[Mapping[ProblemName, str]] = {
    "article-canceled": marked("This article was canceled"),
    "article-unknown": marked("No such article"),
    "cursor-foreign": marked("This cursor is of another log"),
    "cursor-invalid": marked("This cursor cannot be read"),
    "head-too-large": marked("The header fields are too large"),
    "internal": marked("Something went wrong here"),
    "method-not-allowed": marked("Method not allowed"),
    "not-found": marked("There is nothing here"),
    "pair-unknown": marked("No such pair"),
    "parameters-invalid": marked("The request is not valid"),
    "query-too-long": marked("The query is too long"),
    "search-invalid": marked("This is no search"),
    "search-too-costly": marked("This search takes too long"),
    "searches-busy": marked("Too many searches at once"),
    "story-unknown": marked("No such story"),
    "views-unavailable": marked("The news is not available yet"),
}
"""Of the problems that a page may have."""
_DETAILS: Final[Mapping[ProblemName, str]] = {
    "article-canceled": marked(
        "It must not be shown any more. Remove every copy of every version."
    ),
    "article-unknown": marked("The wire carries no such article, or it is not available."),
    "not-found": marked("There is no page at this address."),
    "story-unknown": marked("The wire tells of no such story."),
    "views-unavailable": marked("Try again in a moment."),
}
"""Those of which there is no more to say than this."""
_EXACT: Final = marked("What is wrong is said here in English:")


@dataclass(frozen=True, slots=True)
class Trouble:
    """A problem for people."""

    title: str
    detail: str
    exact: str | None
    """In English, where the page is in another language; None: there is no more to say."""


def told(problem: Problem) -> Trouble:
    """A problem in the language of the page; in English as it is."""
    if language() is ENGLISH:
        return Trouble(problem.title, problem.detail, None)
    title = TITLES.get(problem.name)
    detail = _DETAILS.get(problem.name)
    return Trouble(
        gettext(title) if title else problem.title,
        gettext(detail or _EXACT),
        None if detail else problem.detail,
    )
