"""The catalogues: every text is there in every language, whole, with the values of the original."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from services.api.words import catalogues, speaking, texts, troubles
from services.api.words.extracting import TEMPLATE, extracted, path_of, updated, written
from services.api.words.languages import TRANSLATED, Language
from services.api.words.speaking import Place

NAMES = {"API", "IPTC", "JSON", "Media", "Newswire", "OR", "SSE", "Topics"}
"""What is written alike in all languages."""
VALUE = re.compile(r"%\(\w+\)s|%%")
API = Path("services/api")
EACH = pytest.mark.parametrize("language", TRANSLATED, ids=lambda language: language.code)


def catalogue(language: Language) -> Catalog:
    with path_of(language).open("rb") as file:
        return read_po(file, locale=language.code)


def said(message: Message) -> list[str]:
    string = message.string
    return [string] if isinstance(string, str) else list(string)


def meant(message: Message) -> list[str]:
    return [message.id] if isinstance(message.id, str) else list(message.id)


def test_the_template_has_the_texts_of_the_pages_and_no_other() -> None:
    assert TEMPLATE.read_bytes() == written(extracted()), "run `make messages`"


@EACH
def test_a_catalogue_has_the_texts_of_the_template_and_no_other(language: Language) -> None:
    assert path_of(language).read_bytes() == written(updated(language, extracted())), (
        "run `make messages`"
    )


@EACH
def test_every_text_is_translated_and_none_is_guessed(language: Language) -> None:
    messages = [one for one in catalogue(language) if one.id]

    assert [one.id for one in messages if not all(said(one))] == []
    assert [one.id for one in messages if one.fuzzy] == []
    assert not catalogue(language).obsolete


@EACH
def test_a_translation_has_the_values_of_its_text(language: Language) -> None:
    wrong = [
        (one.id, form)
        for one in catalogue(language)
        if one.id
        for form in said(one)
        if {*VALUE.findall(form)} != {*VALUE.findall(meant(one)[-1])} or "%" in VALUE.sub("", form)
    ]

    assert wrong == []


@EACH
def test_a_translation_ends_as_its_text_does(language: Language) -> None:
    """A label has no full stop, a sentence has one; no blank is lost or added at either end."""
    wrong = [
        (one.id, form)
        for one in catalogue(language)
        if one.id
        for form in said(one)
        if form != form.strip() or form.endswith(".") != meant(one)[-1].endswith(".")
    ]

    assert wrong == []


@pytest.mark.parametrize(("code", "forms"), [("ru", 3), ("kk", 2), ("ky", 2), ("uz", 2)])
def test_a_text_with_a_number_has_as_many_forms_as_its_language(code: str, forms: int) -> None:
    (language,) = (one for one in TRANSLATED if one.code == code)
    plural = [one for one in catalogue(language) if not isinstance(one.id, str)]

    assert len(plural) >= 8
    assert {len(said(one)) for one in plural} == {forms}


@EACH
def test_the_form_of_a_number_is_that_of_cldr(language: Language) -> None:
    """The rule in the catalogue's head against the rule of CLDR, number by number."""
    order = {"ru": ["one", "few", "many"]}.get(language.code, ["one", "other"])
    rule = catalogues.CATALOGUES[language.code].plural  # type: ignore[attr-defined]  # of GNUTranslations

    assert [
        number for number in range(2_000) if order[rule(number)] != category(language, number)
    ] == []


def category(language: Language, number: int) -> str:
    return language.locale.plural_form(number)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "1 материал"), (2, "2 материала"), (5, "5 материалов"), (11, "11 материалов"),
        (21, "21 материал"), (22, "22 материала"), (112, "112 материалов"),
    ],
)  # fmt: skip
def test_russian_has_three_forms(number: int, words: str) -> None:
    with speaking.at(Place(TRANSLATED[0], "/", b"")):
        assert texts.ngettext("%(num)s article", "%(num)s articles", number) == words


def test_a_script_has_a_form_for_each_kind_of_number_and_one_for_all_others() -> None:
    assert texts.forms("%(num)s new", "%(num)s new") == {"one": "{n} new", "other": "{n} new"}
    with speaking.at(Place(TRANSLATED[0], "/", b"")):
        assert texts.forms("%(num)s changed", "%(num)s changed") == {
            "one": "{n} изменён",
            "few": "{n} изменены",
            "many": "{n} изменено",
            "other": "{n} изменено",
        }


@pytest.mark.parametrize(
    ("language", "letters"),
    [
        (TRANSLATED[0], "[^а-яё]"),
        (TRANSLATED[1], "[^а-яёәғқңөұүһі]"),
        (TRANSLATED[2], "[^а-яёңөү]"),
        (TRANSLATED[3], "[^a-zʻʼ]"),
    ],
    ids=lambda one: getattr(one, "code", ""),
)
def test_a_translation_is_in_the_letters_of_its_language(language: Language, letters: str) -> None:
    """A Latin letter among Cyrillic ones looks right and is not; ‘ is no letter of Uzbek."""
    words = [
        word
        for one in catalogue(language)
        if one.id
        for form in said(one)
        for word in re.findall(r"[^\W\d_][\w‘’'`]*", VALUE.sub(" ", form))
    ]

    strange = {word for word in words if re.search(letters, word.lower())}
    assert strange <= NAMES


def test_every_problem_of_a_page_is_told_by_the_title_that_programs_get() -> None:
    """Titles stand where problems are made and once more here, where they are translated."""
    made = {}
    for path in (*API.rglob("*.py"), Path("shared/web.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Problem":
                name, _, title, *_ = (getattr(one, "value", None) for one in node.args)
                made.setdefault(name, title)

    assert {name: made.get(name) for name in troubles.TITLES} == troubles.TITLES
