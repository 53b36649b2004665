"""Wire prose from a grammar: stories with figures, names and quotes, the same every run."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

SEED: Final = 20260302
ENGLISH: Final = 60
RUSSIAN: Final = 15

_EN: Final[Mapping[str, str]] = {
    "who": "the ministry of transport|the port authority|the national railway|the water board"
    "|the union of growers|the customs service|the energy regulator|the city council"
    "|the geological survey|the public prosecutor|the school board|the aviation committee"
    "|the fisheries inspectorate|the land registry|the veterinary service|the mining inspectorate",
    "adjective": "costly|lengthy|modest|unexpected|regional|temporary|ambitious|overdue|joint"
    "|domestic|seasonal|technical|binding|disputed|gradual|foreign|preliminary|sizeable",
    "thing": "bridge|pipeline|tunnel|warehouse|terminal|canal|substation|refinery|reservoir|depot"
    "|greenhouse|quarry|hospital|airfield|laboratory|archive|sawmill|cannery|ferry|dairy",
    "verb": "repair|enlarge|close|lease|inspect|rebuild|insure|sell|finance|modernise|relocate"
    "|survey|extend|dismantle|electrify|audit",
    "group": "drivers|farmers|teachers|importers|engineers|pensioners|shepherds|students|nurses"
    "|brokers|fishermen|welders|beekeepers|pilots|weavers|miners",
    "reason": "a shortage of spare parts|rising freight charges|a court ruling|the early frost"
    "|an unpaid debt|a dispute over land|falling demand abroad|heavy rain in the hills"
    "|a lack of staff|new safety rules|the end of a subsidy|a change of ownership",
    "when": "before the winter|within the quarter|after the holidays|by the end of the decade"
    "|once the snow has melted|as soon as money is found|during the summer break",
    "first": "Aigul|Timur|Rustam|Dilnoza|Pavel|Zarina|Erlan|Gulnara|Farhod|Marat|Saule|Bakyt",
    "last": "Serik|Orlov|Karim|Bekov|Isaev|Rahim|Tulegen|Nazar|Yuldash|Omar|Petrenko|Asan",
    "place": "Almaty|Osh|Naryn|Taraz|Khujand|Bukhara|Aktobe|Balkhash|Karakol|Termez|Kulob|Atyrau",
    "tone": "was cautious|sounded hopeful|gave no details|spoke at length|declined to elaborate",
}
_EN_SENTENCES: Final = (
    "{Who} will {verb} the {adjective} {thing} near {place} because of {reason}.",
    "The work costs {n} million and should end {when}, {first} {last} told reporters.",
    "{Group} in {place} complained about {reason} and asked {who} to {verb} a second {thing}.",
    '"We cannot {verb} every {thing} with {n} people," said {last}, who {tone}.',
    "About {n} {group} and {m} {group2} depend on the {thing}, according to {who}.",
    "In {place} a {adjective} {thing} was left idle for {m} months after {reason}.",
    "{Who} blamed {reason}, while {group} pointed to the {adjective} {thing} and its owners.",
    "Last year {m} {group} left {place}; this year only {n} of them returned {when}.",
    '"It is {reason} that keeps us from sleeping," {first} of the {group} said in {place}.',
    "A {adjective} plan to {verb} the {thing} was sent back by {who} with {m} remarks.",
    "Neighbouring {place} has {n} such sites, and {who} means to {verb} one of them {when}.",
    "None of the {group} who spoke expected {who} to {verb} anything {when}.",
    "{Who} published {n} pages on the {thing}, which {group} called {adjective}.",
    "Insurers put the damage at {m} million, of which {reason} explains the larger part.",
    "Until then {group} will use the {adjective} {thing} beyond {place}, {last} added.",
    "The first {thing} opened {m} years ago and served {n} villages until {reason}.",
)
_RU: Final[Mapping[str, str]] = {
    "who": "министерство транспорта|портовая администрация|железная дорога|союз земледельцев"
    "|таможенная служба|энергетический надзор|городской совет|прокуратура|водный комитет",
    "adjective": "дорогой|временный|спорный|совместный|крупный|запасной|новый|давний|сезонный",
    "thing": "мост|тоннель|склад|терминал|канал|завод|карьер|архив|паром|элеватор|госпиталь",
    "verb": "починить|расширить|закрыть|осмотреть|продать|перенести|застраховать|достроить",
    "group": "водители|фермеры|учителя|импортёры|инженеры|пенсионеры|студенты|рыбаки|шахтёры",
    "reason": "нехватки деталей|роста тарифов|решения суда|ранних морозов|старого долга"
    "|спора о земле|падения спроса|сильных дождей|нехватки людей|новых правил",
    "when": "до зимы|в этом квартале|после праздников|к концу десятилетия|летом",
    "first": "Айгуль|Тимур|Рустам|Павел|Зарина|Ерлан|Гульнара|Марат|Сауле|Бакыт",
    "last": "Серик|Орлов|Карим|Беков|Исаев|Рахим|Тулеген|Назар|Юлдаш|Омар",
    "place": "Алматы|Ош|Нарын|Тараз|Худжанд|Бухара|Актобе|Балхаш|Каракол|Термез",
    "tone": "не скрывает сомнений|настроен бодро|подробностей не назвал|говорил долго",
}
_RU_SENTENCES: Final = (
    "{Who} намерено {verb} {adjective} {thing} близ города {place} из-за {reason}.",
    "Работы стоят {n} миллионов и завершатся {when}, рассказал {first} {last}.",
    "{Group} города {place} жалуются на последствия {reason} и просят {verb} ещё один {thing}.",
    "«Мы не можем {verb} каждый {thing} силами {n} человек», — сказал {last}, он {tone}.",
    "От объекта {thing} зависят {group} и {group2}, всего {m} семей, подсчитало {who}.",
    "В городе {place} {adjective} {thing} простоял {m} месяцев из-за {reason}.",
    "За год {place} покинули {group}, и лишь {n} из них вернулись {when}.",
    "План {verb} {thing} отправлен на доработку с {m} замечаниями, заявило {who}.",
    "Страховщики оценили ущерб в {m} миллионов, большая часть из-за {reason}.",
    "Пока же {group} пользуются тем, что есть: {adjective} {thing} за городом {place}.",
    "Первый {thing} открыли {m} лет назад, он служил {n} сёлам вплоть до {reason}.",
)


@dataclass(frozen=True, slots=True)
class Story:
    """A story, with sentences that could stand in it as well."""

    sentences: tuple[str, ...]
    spare: tuple[str, ...]
    is_russian: bool

    @property
    def text(self) -> str:
        """A sentence a line."""
        return "\n".join(self.sentences)

    @property
    def words(self) -> list[str]:
        """Of the text, as they are written."""
        return self.text.replace(",", " ").replace(".", " ").split()


def stories() -> list[Story]:
    """Different stories of 150 to 700 words, those in English first."""
    dice = random.Random(SEED)
    return [_story(dice, number >= ENGLISH) for number in range(ENGLISH + RUSSIAN)]


def other_words(story: Story, dice: random.Random) -> str:
    """The same matter told by somebody else: its names and figures in other sentences."""
    names = [one for one in story.words if one[:1].isupper()][:20]
    figures = [one for one in story.words if one.isdigit()][:12]
    told = _story(dice, story.is_russian)
    return "\n".join(
        " ".join(
            dice.choice(figures)
            if word.isdigit() and figures
            else dice.choice(names)
            if word[:1].isupper() and at and names
            else word
            for at, word in enumerate(sentence.split())
        )
        for sentence in told.sentences
    )


def _story(dice: random.Random, is_russian: bool) -> Story:  # noqa: FBT001  # which of two grammars
    words, forms = (_RU, _RU_SENTENCES) if is_russian else (_EN, _EN_SENTENCES)
    count = dice.randint(14, 42)
    said = _sentences(dice, words, forms, count + 14)
    return Story(tuple(said[:count]), tuple(said[count:]), is_russian)


def _sentences(
    dice: random.Random, words: Mapping[str, str], forms: Sequence[str], count: int
) -> list[str]:
    found: list[str] = []
    while len(found) < count:
        order = list(forms)
        dice.shuffle(order)
        found += [_sentence(dice, words, form) for form in order]
    return found[:count]


def _sentence(dice: random.Random, words: Mapping[str, str], form: str) -> str:
    values = {name: dice.choice(said.split("|")) for name, said in words.items()}
    values["group2"] = dice.choice(words["group"].split("|"))
    values |= {name.capitalize(): values[name].capitalize() for name in ("who", "group")}
    return form.format(**values, n=dice.randint(11, 980), m=dice.randint(3, 97))
