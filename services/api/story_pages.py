"""The page of a story: its articles in the order in which they were told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import HTMLResponse, Response

from services.api import (
    answers,
    cursors,
    front,
    page_streams,
    problems,
    story_queries,
    storytelling,
    typeset,
)
from services.api.assets import EDITION
from services.api.pages import problem_page, render
from services.api.routes import reader_of
from services.api.schemas import PageAtQuery, once
from services.api.syndication import links
from services.api.times import instants
from services.api.typeset import When
from services.api.words.texts import gettext, ngettext
from shared.web import Problem

router: Final = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Step:
    """An article of a story, as its page tells it."""

    article_id: str
    headline: str
    language: str
    """BCP 47; empty: not known."""
    language_name: str | None
    """None for the one that the page itself is in, and where it is not known."""
    source: str
    credit: str
    when: When
    is_copy: bool
    """Whether another article of the story has the same text."""


@router.get("/stories/{story_id}", dependencies=[Depends(once(PageAtQuery))])
async def story_page(
    request: Request, story_id: str, query: Annotated[PageAtQuery, Query()]
) -> Response:
    """One story with its articles, as it stands or as it was."""
    with reader_of(request).snapshot() as snapshot:
        then = instants.of_page(snapshot, query.at, request.app.state.today())
        if isinstance(then, Problem):
            return problem_page(then)
        seq = then.seq if then else None
        row = story_queries.story(snapshot.connection, story_id, seq)
        if row is None:
            return problem_page(problems.unknown_story(story_id))
        tag = answers.etag(request, snapshot.state, EDITION)
        if same := answers.unchanged(request, tag):
            return same
        story = storytelling.whole(snapshot.connection, row, seq)
        live = None if then else page_streams.of_story(cursors.text(snapshot.here))
    steps = [_step(one, story["articles"]) for one in story["articles"]]
    body = render(
        "story.html",
        feeds=links.offered_of_story(story_id) if request.app.state.site and not then else [],
        then=then,
        story=story,
        lang=front.lang(story) if story["language"] else "",
        counts=_counts(story),
        changed=typeset.instant(story["changed_at"]),
        steps=steps,
        live=live,
    )
    return HTMLResponse(body, headers=answers.headers(tag))


def _step(article: Mapping[str, Any], others: Sequence[Mapping[str, Any]]) -> Step:
    return Step(
        article_id=article["article_id"],
        headline=article["headline"],
        language=front.lang(article),
        language_name=front.foreign_name(article["language"]),
        source=article["source"],
        credit=front.credit_of(article),
        when=typeset.dated(article),
        is_copy=article["copy_of"] in {one["article_id"] for one in others},
    )


def _counts(story: Mapping[str, Any]) -> str:
    """``3 articles, 2 sources, 2 languages``; of a long story: ``the latest 200 articles, …``."""
    number = story["article_count"]
    articles = (
        ngettext("%(num)s article", "%(num)s articles", number)
        if number < story_queries.MEMBERS_MAX
        else gettext("the latest %(num)s articles", num=number)
    )
    sources = ngettext("%(num)s source", "%(num)s sources", len(story["sources"]))
    languages = ngettext("%(num)s language", "%(num)s languages", len(story["languages"]))
    return f"{articles}, {sources}, {languages}"
