"""The pages for readers: rendered here, whole without JavaScript, nothing from third parties.

With it the front page says what is new, and shows it when it is asked to.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, Final, cast

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
    PageAtQuery,
    TickerQuery,
    once,
)
from services.api.search import answering
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


@router.get("/articles/{article_id}", dependencies=[Depends(once(PageAtQuery))])
async def article_page(
    request: Request, article_id: str, query: Annotated[PageAtQuery, Query()]
) -> Response:
    """One article, whole, as it stands or as it was."""
    with reader_of(request).snapshot() as snapshot:
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
        feeds=links.offered(of_source) if knows_its_address(request) and not then else [],
        **_article(document, copies),
    )  # fmt: skip
    # Where the wire stands is no part of what is shown: from an older place nothing is missed.
    tag = answers.of_body(request, body.replace(cursor, "").encode())
    return answers.unchanged(request, tag) or HTMLResponse(body, headers=answers.headers(tag))


@router.get("/articles/{article_id}/history")
async def history_page(request: Request, article_id: str) -> Response:
    """What an article was, and what each version changed."""
    with reader_of(request).snapshot() as snapshot:
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
    with reader_of(request).snapshot() as snapshot:
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


async def read_beside(request: Request, job: Callable[[Snapshot], Response]) -> Response:
    """A page that may cost much, read where searches are: the loop has streams to write.

    Raises:
        Unavailable: there are no views yet, or the file cannot be read.
    """
    return await answering.listed(request, job, problem_page)


def reader_of(request: Request) -> Reader:
    """The views of this process."""
    return cast("Reader", request.app.state.reader)


def knows_its_address(request: Request) -> bool:
    """Whether feeds are given."""
    return request.app.state.site is not None


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
