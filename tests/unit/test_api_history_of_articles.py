"""What an article was: every version, what it changed, and nothing that was taken back."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from services.api.history_schemas import HISTORY_MAX, ArticleHistory
from services.projection.fold import Fold
from shared import views
from shared.events import (
    ArticleCanceled,
    ArticleCorrected,
    ArticlePublished,
    ArticleReinstated,
    ArticleTakenBack,
    WireEvent,
)
from shared.testing.memory_log import MemoryLog
from tests.view_files import client
from tests.wire_builders import Newsroom, carried, entries, notice, quiet


def wire(folder: Path, *events: WireEvent) -> TestClient:
    """An api over the views of these events."""

    async def fold() -> None:
        log = MemoryLog()
        await Newsroom(log).broadcast(*events)
        file = folder / "views-1.sqlite"
        connection = views.create(file)
        await Fold(connection, "1.0", quiet()).take(await entries(log, "wire"))
        connection.close()
        views.publish(folder, file)

    asyncio.run(fold())
    return client(folder)


def marks(changed: list[dict[str, object]]) -> list[str]:
    """Differences as lines: ``[-out-]`` and ``{+in+}``."""
    signs = {"equal": "{}", "delete": "[-{}-]", "insert": "{{+{}+}}"}
    return [
        f"{one['field']}: "
        + "".join(signs[piece["operation"]].format(piece["text"]) for piece in one["pieces"])  # type: ignore[attr-defined]  # JSON
        for one in changed
    ]


def test_versions_are_the_latest_first_with_what_each_changed(tmp_path: Path) -> None:
    api = wire(
        tmp_path,
        carried(ArticlePublished, "a", headline="Dam holds 40 men", body=("One.", "Two.")),
        carried(ArticlePublished, "b"),
        carried(ArticleCorrected, "a", headline="Dam holds 14 men", body=("One.", "Two.")),
    )

    answer = api.get("/v1/articles/a/history")
    history = ArticleHistory.model_validate(answer.json())
    assert [(one.version, one.seq, one.headline) for one in history.versions] == [
        (2, 3, "Dam holds 14 men"), (1, 1, "Dam holds 40 men"),
    ]  # fmt: skip
    assert [one.event_type for one in history.versions] == [
        "newswire.article.corrected", "newswire.article.published",
    ]  # fmt: skip
    assert marks(answer.json()["versions"][0]["changed"]) == [
        "headline: Dam holds [-40-]{+14+} men"
    ]
    assert history.versions[1].changed is None
    assert not history.has_more


def test_what_was_taken_back_is_not_told_even_after_the_article_came_back(tmp_path: Path) -> None:
    api = wire(
        tmp_path,
        carried(ArticlePublished, "a", headline="The secret"),
        notice(ArticleTakenBack, "a"),
        carried(ArticleReinstated, "a", headline="Cleared"),
    )

    answer = api.get("/v1/articles/a/history")
    assert [(one["status"], one["is_available"]) for one in answer.json()["versions"]] == [
        ("usable", True), ("withheld", False), ("usable", False),
    ]  # fmt: skip
    assert [one["changed"] for one in answer.json()["versions"]] == [None, None, None]
    assert "secret" not in answer.text
    page = api.get("/articles/a/history")
    assert page.status_code == 200
    assert "secret" not in page.text
    assert "The text of this version was taken back." in page.text


@pytest.mark.parametrize(
    ("kind", "status"), [(ArticleCanceled, 410), (ArticleTakenBack, 404)], ids=["410", "404"]
)
def test_an_article_that_is_gone_has_no_history(
    tmp_path: Path, kind: type[ArticleCanceled | ArticleTakenBack], status: int
) -> None:
    api = wire(tmp_path, carried(ArticlePublished, "a", headline="Secret"), notice(kind, "a"))

    for path in ("/v1/articles/a/history", "/articles/a/history"):
        assert api.get(path).status_code == status
        assert "Secret" not in api.get(path).text


def test_the_page_shows_what_came_in_and_what_went(tmp_path: Path) -> None:
    api = wire(
        tmp_path,
        carried(ArticlePublished, "a", headline="<b>40</b> men"),
        carried(ArticleCorrected, "a", headline="<b>14</b> men"),
    )

    page = api.get("/articles/a/history").text
    assert "<del>40</del><ins>14</ins>" in page
    assert "&lt;b&gt;" in page
    assert 'href="/articles/a/history"' in api.get("/articles/a").text


def test_an_excerpt_stays_one_in_its_history(tmp_path: Path) -> None:
    """The page shows no more of an earlier version than of the article."""
    api = wire(
        tmp_path,
        carried(ArticlePublished, "a", body=("Lead.", "Old end."), display="excerpt"),
        carried(ArticleCorrected, "a", body=("Lead.", "New end."), display="excerpt"),
    )

    page = api.get("/articles/a/history").text
    assert "end." not in page
    assert "The text is the same." in page


def test_a_history_is_told_as_far_as_the_limit(tmp_path: Path) -> None:
    more = [carried(ArticleCorrected, "a", headline=f"Head {one}") for one in range(3)]
    api = wire(tmp_path, carried(ArticlePublished, "a", headline="Head"), *more)

    answer = api.get("/v1/articles/a/history?limit=2").json()
    assert [one["headline"] for one in answer["versions"]] == ["Head 2", "Head 1"]
    assert marks(answer["versions"][1]["changed"]) == ["headline: Head [-0-]{+1+}"]
    assert answer["has_more"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/v1/articles/nobody/history", 404),
        (f"/v1/articles/a/history?limit={HISTORY_MAX + 1}", 422),
        ("/v1/articles/a/history?limits=1", 422),
        ("/v1/articles/a/history?limit=1&limit=2", 422),
        ("/v1/articles/%00/history", 404),
        ("/v1/articles/a'%20OR%201=1--/history", 404),
        ("/articles/nobody/history", 404),
    ],
)
def test_what_is_not_there_is_a_problem(tmp_path: Path, path: str, status: int) -> None:
    api = wire(tmp_path, carried(ArticlePublished, "a"))

    assert api.get(path).status_code == status


def test_a_history_has_an_etag_and_answers_head(tmp_path: Path) -> None:
    api = wire(tmp_path, carried(ArticlePublished, "a"))

    first = api.get("/v1/articles/a/history")
    again = api.get("/v1/articles/a/history", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert api.head("/v1/articles/a/history").status_code == 200


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("ru", ("История материала", ">Исправлено <", ">заголовок: <", "Первая версия.")),
        ("kk", ("Мақаланың тарихы", ">Түзетілді <", ">тақырып: <", "Бірінші нұсқа.")),
        ("ky", ("Макаланын тарыхы", ">Оңдолду <", ">аталыш: <", "Биринчи нуска.")),
        ("uz", ("Maqola tarixi", ">Tuzatildi <", ">sarlavha: <", "Birinchi versiya.")),
    ],
)
def test_the_page_is_in_each_language(tmp_path: Path, code: str, said: tuple[str, ...]) -> None:
    api = wire(
        tmp_path,
        carried(ArticlePublished, "a", headline="Dam holds 40 men"),
        carried(ArticleCorrected, "a", headline="Dam holds 14 men"),
    )

    html = api.get(f"/{code}/articles/a/history").text

    assert [one for one in said if one not in html] == []
    assert f'<a href="/{code}/articles/a">Dam holds 14 men</a>' in html
