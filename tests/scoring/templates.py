"""Market and weather notes written by templates: 400 notes, no two of which are copies.

Some templates have figures, some have one, some have none but weekdays, places and names. Each
template gives notes that differ in all their slots and notes that differ in one.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

SEED: Final = 20260302
NOTES_PER_TEMPLATE: Final = 25
TEMPLATES: Final = 16

_CITIES: Final = (
    "Almaty", "Bishkek", "Tashkent", "Dushanbe", "Osh", "Karaganda", "Samarkand", "Khujand",
    "Naryn", "Aktobe", "Bukhara", "Taraz",
)  # fmt: skip
_WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS: Final = ("January", "February", "March", "April", "May", "June", "September", "October")
_NAMES: Final = (
    "Aigul Serikova", "Timur Abdrahmanov", "Rustam Yuldashev", "Dilnoza Karimova", "Pavel Orlov",
    "Zarina Nazarova", "Erlan Bekov", "Gulnara Isaeva", "Farhod Rahimov", "Marat Tulegenov",
)  # fmt: skip
_BANKS: Final = ("Steppe Bank", "Ala-Too Bank", "Caspian Credit", "Pamir Invest", "Registan Bank")
_GRADES: Final = ("wheat", "barley", "cotton", "sunflower", "rice", "maize")
_RU_CITIES: Final = (
    "Алматы", "Бишкеке", "Ташкенте", "Душанбе", "Оше", "Караганде", "Самарканде", "Худжанде",
    "Нарыне", "Актобе", "Бухаре", "Таразе",
)  # fmt: skip
_RU_WEEKDAYS: Final = (
    "понедельник", "вторник", "среду", "четверг", "пятницу", "субботу", "воскресенье",
)  # fmt: skip
_RU_MONTHS: Final = ("января", "февраля", "марта", "апреля", "мая", "июня", "сентября", "октября")
_RU_NAMES: Final = (
    "Айгуль Серикова", "Тимур Абдрахманов", "Рустам Юлдашев", "Павел Орлов", "Зарина Назарова",
    "Ерлан Беков", "Гульнара Исаева", "Марат Тулегенов",
)  # fmt: skip

_SLOTS: Final[Mapping[str, Sequence[str]]] = {
    "city": _CITIES, "weekday": _WEEKDAYS, "month": _MONTHS, "name": _NAMES, "bank": _BANKS,
    "grade": _GRADES, "город": _RU_CITIES, "день": _RU_WEEKDAYS, "месяц": _RU_MONTHS,
    "имя": _RU_NAMES,
    "dir": ("rose", "fell", "strengthened", "weakened"),
    "sky": ("cloudy", "clear", "overcast", "misty"),
    "небо": ("облачно", "ясно", "пасмурно", "туманно"),
    "wind": ("northerly", "westerly", "southerly", "easterly"),
}  # fmt: skip
_FIGURES: Final = ("n", "d", "t", "y")
_MOVED: Final = ("city", "weekday", "month", "name", "bank", "город", "день", "месяц", "имя")
"""Slots by which alone two notes are told apart."""

_WEATHER: Final = (
    (
        "{sky!c} weather is expected in {city} on {weekday}, the national weather service said."
        " No precipitation is likely during the day, and visibility on the roads will be good."
        " Forecasters advise drivers to take care on bridges in the early morning, when the"
        " surface may be slippery. Towards the evening a light {wind} wind will pick up and bring"
        " somewhat cooler air from the foothills. Air quality will stay at its usual level for the"
        " season, and schools and kindergartens will work as usual, the service said in its daily"
        " note."
    ),
    (
        "Residents of {city} should keep an umbrella at hand on {weekday}. Rain will begin in the"
        " morning and end by the evening, {name} of the weather office told reporters. In the"
        " mountains snow may fall on the passes, and the road police ask drivers not to travel"
        " without winter tyres. Farmers have been told to cover seedlings for the night. Public"
        " transport will keep to its timetable, and the city administration has put extra crews on"
        " duty to clear drains in low-lying districts."
    ),
    (
        "{city} will see a dry day on {weekday}. The temperature will reach {t} degrees by noon."
        " Winds will be {wind} and light, with gusts in the afternoon near the river. There is no"
        " danger of flooding, the emergencies department said, and reservoirs are filled as"
        " planned for the season. People with heart trouble are advised to avoid long walks in the"
        " open at the hottest hour of the day and to drink enough water."
    ),
)
_MARKET: Final = (
    (
        "The tenge closed at {n}.{d} per dollar on {weekday}, {t} percent away from the day"
        " before, on the Kazakhstan Stock Exchange, where {y} million dollars changed hands."
        " Dealers said that demand from importers was moderate and that exporters sold currency"
        " ahead of tax payments, as they do every month. The central bank did not take part in"
        " trading. Analysts expect the currency to keep to its corridor in the days to come, as"
        " oil holds its level."
    ),
    (
        "Shares of {bank} {dir} on {weekday} after the lender said that {name} would join its"
        " board. Trading was lively from the opening bell, and most of the orders came from local"
        " funds, brokers said. The board will meet again before the end of the quarter to decide"
        " on a dividend, which shareholders have been promised for a long time. Other financial"
        " stocks moved little, as investors waited for the decision of the regulator on reserves."
        " The main index ended the session near the level at which it had opened."
    ),
    (
        "Prices of {grade} {dir} at the commodity exchange in {city} in {month}, traders said."
        " Buyers from neighbouring countries were active, while local mills bought only what they"
        " needed for the coming weeks. Stocks in elevators are sufficient, and the ministry sees"
        " no reason to limit exports. Carriers report that wagons are available without delay."
        " Growers hope that the weather will let them finish field work in good time, and they ask"
        " for cheaper credit."
    ),
    (
        "The central bank set the official rate of the som at {n}.{d} per dollar for {weekday}."
        " It said in a note in 2026 that the market was calm and that it had seen no reason to"
        " step in. Exchange offices in the capital bought and sold at prices near that rate, and"
        " there were no queues. Households sold some of their savings in foreign currency to pay"
        " for spring field work, as they usually do at this time of the year, dealers at two large"
        " lenders said."
    ),
    (
        "Gold {dir} in {city} on {weekday}. Jewellers said that demand was usual for the season"
        " and that weddings would bring more buyers in the weeks ahead. The mint offered bars of"
        " all sizes and will keep its offices open longer than usual. There was no word from the"
        " central bank on purchases from local mines. Refiners work at their usual pace and have"
        " enough ore, according to {name}, who speaks for the union of producers."
    ),
)
_DUTY: Final = (
    (
        "Water will be cut off in several streets of {city} on {weekday} while the utility"
        " replaces valves on the main line. Work begins in the morning and is to be finished by"
        " the evening. Tank lorries will stand at the schools of the district, and hospitals have"
        " reserves of their own. The utility asks residents to store water in advance and to close"
        " their taps before they leave home. Questions are answered by the duty officer at any"
        " hour."
    ),
    (
        "The football match between {city} and {city2} will be played on {weekday}. Tickets are"
        " sold at the gates of the stadium and in the shops of the club. The police ask supporters"
        " to come early, as bags will be searched at the entrance. Buses will run until the last"
        " spectators have left. The coaches have all their players at hand and promise an open"
        " game, and {name} will referee. The winner moves up in the table of the league."
    ),
    (
        "Doctor {name} will receive patients without an appointment in {city} on {weekday}. The"
        " consultation is free of charge for pensioners and for families with several children."
        " Those who come should bring an identity card and the results of earlier examinations."
        " The clinic is open from early morning and has a ramp for wheelchairs. Vaccines against"
        " influenza are in stock, and nurses will give them on the same day to everyone who"
        " wishes."
    ),
)
_RUSSIAN: Final = (
    (
        "В {город} в {день} ожидается {небо}, без осадков, сообщила метеослужба. Видимость на"
        " дорогах хорошая, однако водителям советуют быть внимательными на мостах ранним утром,"
        " когда возможна гололедица. К вечеру усилится ветер с предгорий и станет немного"
        " прохладнее. Качество воздуха останется на обычном для сезона уровне. Школы и детские"
        " сады работают по обычному расписанию, говорится в ежедневном сообщении службы."
        " Паводковой опасности нет."
    ),
    (
        "Курс доллара в {день} составил {n},{d} тенге, следует из данных биржи. Спрос импортёров"
        " был умеренным, экспортёры продавали валюту перед налоговыми выплатами, как это бывает"
        " каждый месяц. Центральный банк в торгах не участвовал. Аналитики ожидают, что в"
        " ближайшие дни курс останется в своём коридоре, поскольку цены на нефть держатся."
        " Обменные пункты в столице работали без очередей, а население понемногу продавало"
        " сбережения в валюте."
    ),
    (
        "На товарной бирже в {город} в торгах {месяц} преобладали покупатели из соседних стран,"
        " рассказал брокер {имя}. Местные мельницы брали зерно только на ближайшие недели. Запасов"
        " в элеваторах достаточно, и министерство не видит причин ограничивать вывоз. Перевозчики"
        " сообщают, что вагоны подают без задержек. Земледельцы надеются закончить полевые работы"
        " вовремя и просят удешевить кредиты. Следующие торги пройдут по обычному расписанию."
    ),
    (
        "В {город} в {день} отключат воду на нескольких улицах: коммунальная служба меняет"
        " задвижки на магистрали. Работы начнутся утром и закончатся к вечеру. У школ района будут"
        " стоять водовозы, у больниц есть собственный запас. Жителей просят заранее набрать воды и"
        " закрыть краны, уходя из дома. На вопросы в любое время отвечает дежурный диспетчер,"
        " сообщил {имя} из управления городского хозяйства."
    ),
    (
        "Приём граждан в {город} проведёт в {день} {имя}. Записываться заранее не нужно,"
        " достаточно взять с собой удостоверение личности и копии прежних обращений. Вход со"
        " двора, для колясок есть пандус. На вопросы, которые требуют проверки, ответят письменно"
        " в установленный срок. В приёмной работают юристы и переводчики, их помощь бесплатна."
        " Следующий приём состоится через две недели, о нём сообщат дополнительно на сайте"
        " администрации."
    ),
)
_ALL: Final = (*_WEATHER, *_MARKET, *_DUTY, *_RUSSIAN)


@dataclass(frozen=True, slots=True)
class Note:
    """A note and which template it is by."""

    template: int
    text: str


def notes() -> list[Note]:
    """All notes, template by template."""
    return [
        Note(number, text)
        for number, template in enumerate(_ALL)
        for text in _of_template(template, random.Random(SEED + number))
    ]


def _of_template(template: str, dice: random.Random) -> list[str]:
    found: dict[tuple[str, ...], str] = {}
    values = _values(dice)
    while len(found) < NOTES_PER_TEMPLATE:
        # Every second note differs from the one before in one slot that the template has.
        values = _one_changed(values, template, dice) if len(found) % 2 else _values(dice)
        about = tuple(values[one] for one in (*_MOVED, *_FIGURES) if f"{{{one}}}" in template)
        found.setdefault(about, _filled(template, values))
    return list(found.values())


def _values(dice: random.Random) -> dict[str, str]:
    given = {slot: dice.choice(words) for slot, words in _SLOTS.items()}
    given["city2"] = dice.choice([one for one in _CITIES if one != given["city"]])
    return {**given, **{figure: str(dice.randint(11, 989)) for figure in _FIGURES}}


def _one_changed(values: dict[str, str], template: str, dice: random.Random) -> dict[str, str]:
    # A direction or a sky alone is a copy-edit; one figure of several is a correction.
    slots = [one for one in (*_MOVED, *_FIGURES) if f"{{{one}}}" in template]
    figures = [one for one in slots if one in _FIGURES]
    if len(figures) > 1:
        slots = [one for one in slots if one not in figures]
    slot = dice.choice(slots)
    other = _values(dice)[slot]
    return {**values, slot: other}


def _filled(template: str, values: Mapping[str, str]) -> str:
    text = template.replace("{sky!c}", values["sky"].title())
    for slot, value in values.items():
        text = text.replace(f"{{{slot}}}", value)
    return text
