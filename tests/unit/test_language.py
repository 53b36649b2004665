"""The language of an article."""

from __future__ import annotations

import pytest

from services.enrichment.gazetteers.languages import Marks
from services.enrichment.steps.language import CHARS_MAX, Language, language
from tests.wire_builders import article


class Detector:
    """Says Kazakh, and remembers what it was asked."""

    def __init__(self, probability: float = 0.874) -> None:
        self.asked: list[str] = []
        self._probability = probability

    def classify(self, text: str) -> tuple[str, float]:
        """See services.enrichment.steps.language.Detector."""
        self.asked.append(text)
        return "kk", self._probability


def test_the_language_is_detected_from_headline_and_text() -> None:
    detector = Detector()
    found = language(article(headline="Теңге нығайды", body=("Бір.", "Екі үш төрт.")), detector)

    assert found == Language("kk", 87)
    assert detector.asked == ["Теңге нығайды Бір. Екі үш төрт."]


def test_what_is_declared_does_not_count_against_many_words() -> None:
    said = article(headline="A headline that is long enough", declared_language="de")

    assert language(said, Detector(1.0)) == Language("kk", 100)


@pytest.mark.parametrize(
    ("declared", "found"),
    [("en-GB", Language("en", 50)), ("RU", Language("ru", 50)), (None, Language("und", 0))],
)
def test_with_few_words_the_declared_language_counts(declared: str, found: Language) -> None:
    detector = Detector()
    said = article(headline="Nineteen letters go", body=(), declared_language=declared)

    assert len(said.headline) == 19
    assert language(said, detector) == found
    assert detector.asked == []


def test_twenty_characters_are_enough() -> None:
    assert language(article(headline="Twenty characters ok", body=()), Detector()).code == "kk"


def test_no_more_of_a_text_is_read_than_changes_the_answer() -> None:
    detector = Detector()
    language(article(headline="h", body=("word " * 10_000,)), detector)

    assert [len(text) for text in detector.asked] == [CHARS_MAX]


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("en", "The government said on Monday that exports of grain had risen again this year."),
        ("ru", "Правительство сообщило в понедельник, что экспорт зерна снова вырос."),
        ("de", "Die Regierung teilte am Montag mit, dass die Ausfuhr von Getreide gestiegen sei."),
    ],
)
def test_the_model_in_use_knows_languages_of_the_desk(code: str, text: str) -> None:
    from services.enrichment.main import steps

    found = steps().language(article(headline=text, body=()))

    assert found.code == code
    assert found.confidence > 90


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("kk", "Теңге әлсіреді"),
        ("ky", "Жолдо үч унаа кагышты"),
        ("uz", "Бухорода янги йўл очилди"),
        ("tg", "Дар Кӯлоб борони сахт борид"),
        ("tk", "Aşgabatda köpri açyldy"),
        ("ru", "Жогорку Кенеш принял закон о выборах"),
        ("kk", "ДОЛЛАР ҚАЙТА ҚЫМБАТТАДЫ"),
    ],
)
def test_a_headline_has_the_language_of_its_letters_and_words(code: str, text: str) -> None:
    from services.enrichment.main import steps

    assert steps().language(article(headline=text, body=())).code == code


def test_letters_that_a_language_lacks_overrule_the_model() -> None:
    marks = Marks({("kk", "cyrillic"): frozenset("әқ"), ("tg", "cyrillic"): frozenset("қӣ")})
    said = article(headline="Сомонӣ нисбат ба доллар қавӣ шуд", body=())

    assert language(said, Detector(1.0), marks) == Language("tg", 70)


def test_letters_of_one_foreign_name_overrule_nothing() -> None:
    marks = Marks({("tg", "cyrillic"): frozenset("ӣ"), ("kk", "cyrillic"): frozenset("қ")})
    said = article(headline="Сомонӣ бүгін таңертең базарда тағы арзандады деді", body=())

    assert language(said, Detector(1.0), marks) == Language("kk", 100)


def test_where_the_model_is_unsure_short_words_decide() -> None:
    marks = Marks(words={"ru": frozenset({"и", "в"}), "kk": frozenset({"мен"})})
    said = article(headline="Токаев и Мирзиёев в Самарканде", body=())

    assert language(said, Detector(0.4), marks) == Language("ru", 70)


def test_of_digits_alone_nothing_is_told() -> None:
    detector = Detector()
    said = article(headline="2026 2027 2028 2029 2030", body=(), declared_language=None)

    assert language(said, detector) == Language("und", 0)
    assert detector.asked == []
