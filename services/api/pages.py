"""The pages for readers: rendered here, whole without JavaScript, nothing from third parties.

With it the front page says what is new, and shows it when it is asked to.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final, cast
from urllib.parse import urlencode

import orjson
from fastapi import APIRouter, Depends, Query, Request
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

from services.api import (
    answers,
    assets,
    compressing,
    cursors,
    evidence,
    front,
    lists,
    metadata,
    page_streams,
    past,
    problems,
    queries,
    story_queries,
    typeset,
)
from services.api.assets import EDITION
from services.api.cursors import After
from services.api.following import refusing
from services.api.front import Day
from services.api.history_schemas import HISTORY_MAX
from services.api.provenance import events
from services.api.provenance.events import Told
from services.api.queries import Listed
from services.api.rates import ticker
from services.api.reading import Reader, Snapshot
from services.api.revisions import versions
from services.api.schemas import (
    AssetQuery,
    Filter,
    FrontQuery,
    PageAtQuery,
    TickerQuery,
    once,
)
from services.api.search import answering
from services.api.search.searcher import LIST_S_MAX
from services.api.syndication import links
from services.api.times import instants
from services.api.worddiff import Words
from services.api.words import names, paths, speaking, texts, troubles
from services.api.words.texts import gettext, marked
from shared.web import Problem

SECTIONS: Final = ("KZ", "KG", "TJ", "TM", "UZ")
"""The countries of the desk, in the page's head."""

CHANGES: Final = {
    "newswire.article.published": marked("Published"),
    "newswire.article.updated": marked("Updated"),
    "newswire.article.corrected": marked("Corrected"),
    "newswire.article.refiled": marked("Sent again, with its form mended"),
    "newswire.article.released": marked("Back on the wire"),
    "newswire.article.withheld": marked("Taken back for now"),
    "newswire.relation.changed": marked("Another relation to other articles"),
    "newswire.story.opened": marked("In a story with others"),
    "newswire.story.grew": marked("In a story with others"),
    "newswire.story.merged": marked("In another story"),
    "newswire.story.split": marked("Taken out of its story"),
}
"""What an event made of an article, in words."""
CHANGED: Final = marked("Changed")
EVENTS_SHOWN: Final = 20
"""Of what made an article, the latest; all of it is in the JSON."""

FIELDS: Final = {
    "headline": marked("headline"),
    "summary": marked("summary"),
    "body": marked("body"),
}
"""What of a text a version changed."""

router: Final = APIRouter(include_in_schema=False)


def sections() -> list[tuple[str, str]]:
    """The tag and the name of every country of the desk."""
    return [(f"iso3166:{code}", names.country(code) or code) for code in SECTIONS]


_environment: Final = Environment(
    loader=PackageLoader("services.api"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    extensions=["jinja2.ext.i18n"],
)
# The layer above binds the language of a request: one environment serves all of them.
_environment.install_gettext_callables(texts.found, texts.nfound, newstyle=True)  # type: ignore[attr-defined]  # of the extension
_environment.globals.update(
    alternates=paths.alternates,
    asset=assets.url,
    forms=texts.forms,
    href=paths.href,
    kept=instants.kept,
    sections=sections,
    speaks=speaking.language,
)
_environment.filters["web_address"] = typeset.web_address
_environment.filters["one_line"] = typeset.one_line


@router.get("/", dependencies=[Depends(once(FrontQuery))])
async def front_page(request: Request, query: Annotated[FrontQuery, Query()]) -> Response:
    """The ticker and the articles, newest first."""
    after = lists.chosen_place(query)
    if after and (refusal := await refusing.page(request, after)):
        return problem_page(refusal)

    def job(snapshot: Snapshot, _: object) -> Response:
        return _front(request, snapshot, query, after)

    if not query.at and len(query.tag) < _MANY_TAGS:
        with _reader(request).snapshot() as snapshot:
            return job(snapshot, None)
    answer = await answering.answered(request, job, LIST_S_MAX)
    return problem_page(answer) if isinstance(answer, Problem) else answer


_MANY_TAGS: Final = 2
"""What several tags have in common is in no index, and what was shown then is in none either."""


def _front(
    request: Request, snapshot: Snapshot, query: FrontQuery, after: After | None
) -> Response:
    tag = answers.etag(request, snapshot.state, EDITION, _address(request))
    if same := answers.unchanged(request, tag):
        return same
    then = instants.of_page(snapshot, query.at, request.app.state.today())
    if isinstance(then, Problem):
        return problem_page(then)
    page = lists.listed(snapshot, query, after, then=then.seq if then else None)
    filters = _filters(query, page.days)
    is_first = not (filters or after)
    feeds = links.offered(query) if _knows_its_address(request) and not then else []
    body = render(
        "front.html", page=page, filters=filters, is_first=is_first, active=query.tag, feeds=feeds,
        metadata=None if filters or after or then
        else metadata.page(request.app.state.site, "/", "Newswire"),
        then=then, chosen=lists.in_url(query),
    )  # fmt: skip
    return HTMLResponse(body, headers=answers.headers(tag))


@router.get("/articles/{article_id}", dependencies=[Depends(once(PageAtQuery))])
async def article_page(
    request: Request, article_id: str, query: Annotated[PageAtQuery, Query()]
) -> Response:
    """One article, whole, as it stands or as it was."""
    with _reader(request).snapshot() as snapshot:
        then = instants.of_page(snapshot, query.at, request.app.state.today())
        if isinstance(then, Problem):
            return problem_page(then)
        seq = then.seq if then else None
        row = past.article(snapshot.connection, article_id, seq)
        copies = past.copies(snapshot.connection, [article_id], seq)
        belongings = story_queries.belongings(snapshot.connection, [article_id], seq)
        told = events.latest(snapshot.connection, article_id, EVENTS_SHOWN)
    if row is None or row.status == "withheld":
        return problem_page(problems.unknown_article(article_id))
    document = orjson.loads(row.document)
    if row.status == "canceled":
        return _canceled(document)
    part_of = front.part_of(belongings.get(article_id))
    cursor = cursors.text(snapshot.here)
    of_source = Filter(source=document["source"])
    body = render(
        "article.html", part_of=part_of, then=then,
        live=None if then else page_streams.of_article(cursor, document["source"]),
        metadata=metadata.article(document, request.app.state.site),
        made_by=[_dated(one) for one in told if seq is None or one.seq <= seq],
        feeds=links.offered(of_source) if _knows_its_address(request) and not then else [],
        **_article(document, copies),
    )  # fmt: skip
    # Where the wire stands is no part of what is shown: from an older place nothing is missed.
    tag = answers.of_body(request, body.replace(cursor, "").encode())
    return answers.unchanged(request, tag) or HTMLResponse(body, headers=answers.headers(tag))


@router.get("/articles/{article_id}/history")
async def history_page(request: Request, article_id: str) -> Response:
    """What an article was, and what each version changed."""
    with _reader(request).snapshot() as snapshot:
        tag = answers.etag(request, snapshot.state, EDITION)
        row = queries.article(snapshot.connection, article_id)
        if row is None or row.status == "withheld":
            return problem_page(problems.unknown_article(article_id))
        document = orjson.loads(row.document)
        if row.status == "canceled":
            return _canceled(document)
        if same := answers.unchanged(request, tag):
            return same
        found = versions(snapshot.connection, article_id, HISTORY_MAX, _words_shown)
        live = page_streams.of_article(cursors.text(snapshot.here), document["source"])
    body = render(
        "history.html",
        article=document,
        lang=front.lang(document),
        live=live,
        versions=[
            (
                one,
                typeset.instant(one.at.isoformat()),
                _made(one.event_type),
            )
            for one in found
        ],
        fields={name: gettext(words) for name, words in FIELDS.items()},
    )
    return HTMLResponse(body, headers=answers.headers(tag))


def _dated(one: Told) -> tuple[Told, typeset.When, str]:
    return one, typeset.instant(one.at.isoformat()), _made(one.type)


def _made(event_type: str | None) -> str:
    """What an event made of an article; that it changed it, where more is not known."""
    words = CHANGES.get(event_type or "", CHANGED)
    return gettext(words)


def _words_shown(document: Mapping[str, Any]) -> Words:
    summary, body = front.shown_text(document)
    return Words(document["headline"], summary or "", tuple(body))


@router.get("/fragments/ticker", dependencies=[Depends(once(TickerQuery))])
async def ticker_fragment(request: Request, query: Annotated[TickerQuery, Query()]) -> Response:
    """The ticker of a page by itself: rates change often, and the rest of a page does not."""
    with _reader(request).snapshot() as snapshot:
        tag = answers.etag(request, snapshot.state, EDITION)
        if same := answers.unchanged(request, tag):
            return same
        quotes = lists.quoted(snapshot.connection, query.source or None)
    body = render("ticker.html", quotes=quotes, credits=ticker.credits_of(quotes))
    return HTMLResponse(body, headers=answers.headers(tag))


@router.get("/static/{name}", dependencies=[Depends(once(AssetQuery))])
async def static(request: Request, name: str, query: Annotated[AssetQuery, Query()]) -> Response:
    """A style sheet, picture or script of the pages."""
    encoding = compressing.chosen(request.headers.get("Accept-Encoding", ""))
    found = assets.answer(name, query.v, encoding)
    return found or problem_page(problems.no_such_page(request.scope["path"]))


def problem_page(problem: Problem) -> Response:
    """A problem for people."""
    headers = {"Cache-Control": "no-store", **problem.headers}
    return HTMLResponse(
        render("problem.html", problem=problem, trouble=troubles.told(problem)),
        problem.status,
        headers,
    )


def render(name: str, **values: object) -> str:
    """A page of a template."""
    return _environment.get_template(name).render(**values)


def _canceled(notice: Mapping[str, Any]) -> Response:
    problem = problems.canceled_article(notice)
    body = render(
        "canceled.html",
        problem=problem,
        trouble=troubles.told(problem),
        notice=notice,
        canceled_at=typeset.instant(notice["observed_at"]),
    )
    return HTMLResponse(body, problem.status, {"Cache-Control": "no-store"})


def _reader(request: Request) -> Reader:
    return cast("Reader", request.app.state.reader)


def _knows_its_address(request: Request) -> bool:
    """Whether feeds are given."""
    return request.app.state.site is not None


def _address(request: Request) -> str:
    """Where readers reach us, as far as it is known: a page says where its feeds are."""
    site = request.app.state.site
    return site.url if site else ""


def _filters(query: FrontQuery, days: Sequence[Day]) -> list[tuple[str, str]]:
    """Every condition by its name, and the URL of the list without it."""
    names = _names(days)
    parameters = lists.in_url(query)
    return [
        (
            names.get(value) or (name == "language" and typeset.language_name(value)) or value,
            "/?" + urlencode([one for one in parameters if one != (name, value)]),
        )
        for name, value in parameters
    ]


def _names(days: Sequence[Day]) -> dict[str, str]:
    """Names of tags and sources, as far as the page shows them."""
    found = dict(sections())
    for story in (story for day in days for story in day.stories):
        found[story.source] = story.credit
        found |= {label.tag: label.name for label in story.labels}
    return found


def _article(document: Mapping[str, Any], copies: Sequence[Listed]) -> dict[str, object]:
    others = [(copy.article_id, front.credit_of(orjson.loads(copy.document))) for copy in copies]
    summary, body = front.shown_text(document)
    return {
        "article": {**document, "summary": summary, "body": body},
        "is_partial": document.get("display") is not None,
        "lang": front.lang(document),
        "language_name": front.foreign_name(document["language"]),
        "credit": front.credit_of(document),
        "labels": front.labels(document),
        "also": others,
        "related": [evidence.related(one) for one in document["relations"]],
        "when": typeset.dated(document),
        "updated": _instant(document["updated_at"]),
        "observed": typeset.instant(document["observed_at"]),
    }


def _instant(iso: str | None) -> typeset.When | None:
    return typeset.instant(iso) if iso else None
