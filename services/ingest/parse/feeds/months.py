"""Names of months and weekdays in the languages that sources print them in, and words beside them.

A word has one meaning in all of them, but for those that are both a month and a weekday: ``mar`` is
March, and Tuesday in three languages.
"""

from __future__ import annotations

import unicodedata
from typing import Final

_MONTHS: Final = """
en january/jan february/feb/febr march/mar april/apr may june/jun july/jul august/aug
   september/sep/sept october/oct november/nov december/dec
de januar/jänner/jän februar/feber märz/mär/mrz april mai juni juli august september oktober/okt
   november dezember/dez
fr janvier/janv février/févr/fév mars avril/avr mai juin juillet/juil août/aoû septembre octobre
   novembre décembre/déc
es enero/ene febrero marzo abril/abr mayo junio julio agosto/ago septiembre/setiembre/set octubre
   noviembre diciembre/dic
it gennaio/gen febbraio/febb marzo aprile maggio/mag giugno/giu luglio/lug agosto settembre/sett
   ottobre/ott novembre dicembre
pt janeiro fevereiro/fev março abril maio junho julho agosto setembro outubro/out novembro dezembro
nl januari februari maart/mrt april mei juni juli augustus september oktober november december
ru январь/января/январе/янв февраль/февраля/феврале/фев/февр март/марта/марте/мар
   апрель/апреля/апреле/апр май/мая/мае июнь/июня/июне/июн июль/июля/июле/июл август/августа/авг
   сентябрь/сентября/сентябре/сен/сент октябрь/октября/октябре/окт ноябрь/ноября/ноябре/ноя/нояб
   декабрь/декабря/декабре/дек
uk січень/січня/січ лютий/лютого/лют березень/березня/бер квітень/квітня/кві/квіт
   травень/травня/тра/трав червень/червня/чер/черв липень/липня/лип серпень/серпня/сер/серп
   вересень/вересня/вер жовтень/жовтня/жов/жовт листопад/листопада/лис/лист
   грудень/грудня/гру/груд
kk қаңтар/қаң ақпан/ақп наурыз/нау сәуір/сәу мамыр/мам маусым/мау шілде/шіл тамыз/там
   қыркүйек/қыр қазан/қаз қараша/қар желтоқсан/жел
ky январь/янв февраль/фев март/мар апрель/апр май июнь/июн июль/июл август/авг сентябрь/сен
   октябрь/окт ноябрь/ноя декабрь/дек
uz yanvar/yan fevral/fev mart/mar aprel/apr may iyun/iyn iyul/iyl avgust/avg
   sentabr/sentyabr/sen/sent oktabr/oktyabr/okt noyabr/noy dekabr/dek
uz январ/янв феврал/фев март/мар апрел/апр май июн июл август/авг сентябр/сен октябр/окт
   ноябр/ноя декабр/дек
tg январ/январи феврал/феврали март/марти апрел/апрели май/маи/майи июн/июни июл/июли август/августи
   сентябр/сентябри октябр/октябри ноябр/ноябри декабр/декабри
tk ýanwar/ýan fewral/few mart aprel maý iýun/iýn iýul/iýl awgust/awg sentýabr oktýabr noýabr dekabr
tk türkmenbaşy baýdak nowruz gurbansoltan magtymguly oguz gorkut alparslan ruhnama garaşsyzlyk
   sanjar bitaraplyk
tr ocak/oca şubat/şub mart/mar nisan/nis mayıs haziran/haz temmuz/tem ağustos/ağu eylül/eyl
   ekim/eki kasım/kas aralık/ara
"""
"""Each line: a language, and its twelve months with their other forms behind a stroke."""

_WEEKDAYS: Final = """
en monday/mon tuesday/tue/tues wednesday/wed/weds thursday/thu/thur/thurs friday/fri saturday/sat
   sunday/sun
de montag/mo dienstag/di mittwoch/mi donnerstag/do freitag/fr samstag/sonnabend/sa sonntag/so
fr lundi/lun mardi/mar mercredi/mer jeudi/jeu vendredi/ven samedi/sam dimanche/dim
es lunes/lun martes/mar miércoles/mié jueves/jue viernes/vie sábado/sáb domingo/dom
it lunedì/lun martedì/mar mercoledì/mer giovedì/gio venerdì/ven sabato/sab domenica/dom
pt segunda/seg terça/ter quarta/qua quinta/qui sexta/sex sábado/sáb domingo/dom
nl maandag/ma dinsdag/di woensdag/wo donderdag/do vrijdag/vr zaterdag/za zondag/zo
ru понедельник/пн вторник/вт среда/среду/ср четверг/чт пятница/пятницу/пт суббота/субботу/сб
   воскресенье/вс
uk понеділок/пн вівторок/вт середа/середу/ср четвер/чт пʼятниця/пʼятницю/пт субота/суботу/сб
   неділя/неділю/нд
kk дүйсенбі/дс сейсенбі/сс сәрсенбі/ср бейсенбі/бс жұма/жм сенбі/сб жексенбі/жс
ky дүйшөмбү/дш шейшемби/шш шаршемби/шр бейшемби/бш жума/жм ишемби/иш жекшемби/жк
uz dushanba/dush seshanba/sesh chorshanba/chor payshanba/pay juma/jum shanba/shan yakshanba/yak
uz душанба/душ сешанба/сеш чоршанба/чор пайшанба/пай жума/жум шанба/шан якшанба/якш
tg душанбе сешанбе чоршанбе панҷшанбе ҷумъа шанбе якшанбе
tk duşenbe/duş sişenbe/siş çarşenbe/çar penşenbe/pen anna/ann şenbe ýekşenbe/ýek
tr pazartesi/pzt salı/sal çarşamba perşembe/per cuma/cum cumartesi/cmt pazar/paz
"""

_ENDINGS: Final = (
    "ындағы", "індегі", "ында", "ынде", "инде", "унда", "үндө", "нинг", "ning", "дағы", "дегі",
    "даги", "dagi", "ynda", "inde", "ның", "нің", "нын", "нин", "дын", "дин", "ния", "nda", "nde",
    "да", "де", "до", "дө", "та", "те", "да", "da", "de", "ta", "te", "ын", "ін", "ин", "yn", "in",
    "ы", "і", "и", "у", "ү", "y", "i",
)  # fmt: skip
"""What the Turkic languages and Tajik put behind a month: in, of, its."""

_STEM_CHARACTERS_MIN: Final = 3
_LIKE_LETTERS: Final = str.maketrans({"ı": "i", "ß": "ss", **dict.fromkeys("'’‘ʻʼ`´", "")})


def plain(text: str) -> str:
    """Lower case, without accents and apostrophes, words apart by one space."""
    bare = text.lower()
    if not bare.isascii():
        apart = unicodedata.normalize("NFKD", bare)
        bare = "".join(one for one in apart if not unicodedata.combining(one))
    return " ".join(bare.translate(_LIKE_LETTERS).split())


def _numbered(table: str, count: int, begin: int) -> dict[str, int]:
    """The names of a table with their numbers; a line that begins with a space goes on."""
    found: dict[str, int] = {}
    for line in table.replace("\n   ", " ").strip().splitlines():
        _, *forms = line.split()
        if len(forms) != count:
            raise ValueError(f"expected {count} names, came {line}")
        for number, names in enumerate(forms, begin):
            found |= dict.fromkeys(map(plain, names.split("/")), number)
    return found


MONTH_BY_NAME: Final = _numbered(_MONTHS, 12, 1)
"""Months, 1 to 12, by their names as ``plain`` gives them."""

WEEKDAY_BY_NAME: Final = _numbered(_WEEKDAYS, 7, 0)
"""Weekdays as ``date.weekday`` counts them, by their names as ``plain`` gives them."""

_FILLING: Final = """
    st nd rd th er re e o a ª го е ое й nji njy inji inci uncu ших
    of the at on um uhr den dem der am le la les el il los las à alle as ore de del den do dos die
    op om dia giorno hrs hs hr h t uur saat saati kl godz час часов ч в во о об від року рік р г год
    года году ж жыл жылы жылғы жылгы жылдың жылдын жылдағы йил йили йилнинг йилги yil yili yilning
    соли сол y yyl yylyn yylda yilin yili соат соати сағат саат saat sagat kuni куни күні күнү feira
    published posted updated created date datum data fecha опубликовано дата
"""
FILLERS: Final = frozenset(plain(_FILLING).split())
"""Words that change nothing where they stand in a date."""


_PLAIN_ENDINGS: Final = tuple(dict.fromkeys(map(plain, _ENDINGS)))


def month_of(word: str) -> int | None:
    """The month that a word names, as ``plain`` gives it, with an ending or without."""
    if word in MONTH_BY_NAME:
        return MONTH_BY_NAME[word]
    if not word.endswith(_PLAIN_ENDINGS):
        return None
    for ending in _PLAIN_ENDINGS:
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= _STEM_CHARACTERS_MIN and stem in MONTH_BY_NAME:
            return MONTH_BY_NAME[stem]
    return None
