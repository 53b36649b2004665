"""A word is found in every form that it takes, however it is spelt."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.api.search.matching import Match, match_of
from services.api.search.snippets import Shower
from services.api.search.syntax import parse
from services.projection import search as index
from shared import views
from shared.search import parts
from shared.search.folding import folded, latin
from shared.search.texts import index_of
from shared.search.words import indexed

# The first form is asked for, and so is each other one; all must find all.
FORMS = {
    "en": [
        "flood floods flooded flooding",
        "miner miners",
        "bus buses",
        "tax taxes",
        "city cities",
        "vaccine vaccines vaccinated vaccination",
        "export exports exported exporting",
        "O’Brien O'Brien OBrien",
    ],
    "ru": [
        "паводок паводка паводку паводком паводке паводки паводков паводками",
        "рынок рынка рынке рынки рынков",
        "казахстанец казахстанца казахстанцы казахстанцев",
        "Токаев Токаева Токаеву Токаевым",
        "Бадахшан Бадахшана Бадахшане",
        "мука муки муке муку мукой",
        "учитель учителя учителю учителей учителями",
        "ёлка елка ёлки елку",
        "снежный снежного снежному снежная снежной снежные снежных",
        "Алма-Ата Алма-Аты Алма-Ате Алма-Ату",
    ],
    "kk": [
        "ұн ұнның ұнға ұнды ұннан",
        "мұғалім мұғалімнің мұғалімге мұғалімдер мұғалімдерге мұғалімдердің мұғалімі",
        "мектеп мектебі мектептер мектептердің мектебінде мектептері",
        "қала қаланың қалаға қалада қаладан қалалар қалаларда қаласы қаласында қаласындағы",
        "зауыт зауыты зауытта зауытында зауытындағы зауыттан зауыттар",
        "тасқын тасқыны тасқынынан тасқынына тасқындар",
        "өрт өртті өрттен өртке өрті өртінің",
        "Қостанай Қостанайда Қостанайдың Қостанайға Қостанайдан",
        "Тоқаев Тоқаевтың Тоқаевпен Тоқаевқа",
    ],
    "ky": [
        "ун унду ундун унга",
        "эт этти эттин этке этинин",
        "мугалим мугалимдин мугалимдер мугалимдерге мугалимдердин",
        "мектеп мектеби мектептер мектептерде мектептери",
        "айыл айылга айылда айылдын айылдар айылдарга айылдарына",
        "көпүрө көпүрөнү көпүрөнүн көпүрөсү көпүрөсүн",
        "Бишкек Бишкекте Бишкектин Бишкектен Бишкекке",
        "бетон бетону бетонун бетондон",
        "шайлоо шайлоону шайлоодо шайлоосу",
    ],
    "uz": [
        "o‘qituvchi oʻqituvchi o'qituvchi oqituvchi ўқитувчи o‘qituvchilar ўқитувчиларга",
        "maktab maktabi maktablar maktablarga мактаб мактабда maktabining",
        "narx narxi narxni narxlari нарх нархи нархлар",
        "Farg‘ona Fargʻonada Farg'onadagi Фарғона Фарғонадаги",
        "Mirziyoyev Мирзиёев Мирзиёевга Mirziyoyevning",
        "qishloq qishlog‘i qishloqlar qishloqlarda қишлоқ қишлоғи",
        "bank banki bankining банк банкнинг",
    ],
    "tg": ["Тоҷикистон Точикистон"],
}
PAIRS = [
    (language, asked, told)
    for language, rows in FORMS.items()
    for row in rows
    for asked in row.split()
    for told in row.split()
]


def is_found(match: Match, text: str, language: str) -> bool:
    connection = views._connect(":memory:")
    connection.execute(parts.schema(0)[0])
    table = parts.table(0)
    connection.execute(index._ADD.format(table), (1, "", indexed(text, language)))
    query = f"SELECT count(*) FROM {table} WHERE {table} MATCH ?"
    return bool(connection.execute(query, (match.expression,)).fetchone()[0])


@pytest.mark.parametrize(("language", "asked", "told"), PAIRS)
def test_a_word_is_found_in_each_of_its_forms(language: str, asked: str, told: str) -> None:
    for of_articles in (language, None):
        match = match_of(parse(asked), of_articles)
        assert is_found(match, told, language)
        assert Shower(match.hits).snippet(told, language) == [(told, True)]


@pytest.mark.parametrize(
    ("language", "asked", "told"),
    [
        ("kk", "қар", "Қарағанды"),
        ("ky", "кар", "карьер"),
        ("uz", "un", "uning"),
        ("ru", "корь", "корова"),
        ("ru", "барс", "барак"),
        ("en", "crane", "cranium"),
        ("en", "quake", "earthquake"),
    ],
)
def test_words_that_begin_alike_are_not_one(language: str, asked: str, told: str) -> None:
    assert not is_found(match_of(parse(asked), language), told, language)


@pytest.mark.parametrize(
    ("word", "known"),
    [
        ("Ёлка", "елка"),
        ("ҚЫЗЫЛША", "кызылша"),
        ("Türkiye", "turkiye"),
        ("São", "sao"),
        ("İstanbul", "istanbul"),
        ("Straße", "strasse"),
        ("Łódź", "lodz"),
        ("o‘zbek", "ozbek"),
        ("oʻzbek", "ozbek"),
        ("ﬁre", "fire"),
        ("со\u00adвет", "совет"),
        ("й", "й"),
    ],
)
def test_a_word_is_folded_to_what_everybody_can_type(word: str, known: str) -> None:
    assert folded(word) == known


@pytest.mark.parametrize(
    ("word", "known"),
    [
        ("Мирзиёев", "mirziyoyev"),
        ("Ўзбекистон", "ozbekiston"),
        ("ер", "yer"),
        ("таъминланган", "taminlangan"),
        ("Ta’minlangan", "taminlangan"),
        ("шаҳар", "shahar"),
        ("shahar", "shahar"),
    ],
)
def test_both_scripts_of_uzbek_are_one(word: str, known: str) -> None:
    assert latin(word) == known


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)


@given(TEXTS, st.sampled_from(["en", "ru", "kk", "uz", "tg", "und"]))
def test_what_is_indexed_is_the_same_each_time_and_has_no_quotes(text: str, language: str) -> None:
    first = indexed(text, language)

    assert indexed(text, language) == first
    assert '"' not in first


@given(TEXTS, TEXTS, st.sampled_from(["en", "ru", "kk", "uz"]))
def test_a_snippet_is_of_the_text_alone(text: str, asked: str, language: str) -> None:
    match = match_of(parse("flood"), language)
    whole = Shower(match.hits).whole(f"{asked} flood {text}", language)

    assert "flood" in [part.text for part in whole if part.is_hit]


def test_a_snippet_shows_where_most_words_stand_together() -> None:
    text = f"The flood began. {'Much else was said. ' * 40}In Osh the flood broke a bridge."
    match = match_of(parse("flood bridge Osh"), "en")

    parts = Shower(match.hits).snippet(text, "en")

    assert parts[0] == ("…", False)
    assert [part.text for part in parts if part.is_hit] == ["Osh", "flood", "bridge"]
    assert sum(len(part.text) for part in parts) < 260


def test_words_in_quotes_are_marked_where_they_follow_one_another() -> None:
    match = match_of(parse('"state of emergency"'), "en")

    parts = Shower(match.hits).snippet("The state said a state of emergency is near.", "en")

    assert [part.text for part in parts if part.is_hit] == ["state of emergency"]


def test_what_is_indexed_of_an_article_is_written_out() -> None:
    document = {
        "headline": "Snow leopards", "summary": "A count.", "body": ["In Alma-Ata: 7.2"],
        "language": "en",
    }  # fmt: skip

    words = index_of(document)

    assert words.headline == "snow leopards ¢leopard"
    assert words.body == "a count in alma ata 7 2 ¢alma·ata ¢7·2"
    assert words.digest() == "8528ea3cd3c0d202"
