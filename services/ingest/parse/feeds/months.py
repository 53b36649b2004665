"""Names of months in the languages that feeds print them in, and other words beside a date."""

from __future__ import annotations

import unicodedata
from typing import Final

_NAMES: Final = (
    "january jan janvier janv januar enero ene январь января янв",
    "february feb fevrier fevr fev februar febrero февраль февраля фев февр",
    "march mar mars marz mrz marzo март марта мар",
    "april apr avril avr abril abr апрель апреля апр",
    "may mai mayo май мая",
    "june jun juin juni junio июнь июня июн",
    "july jul juillet juil juli julio июль июля июл",
    "august aug aout agosto ago август августа авг",
    "september sep sept septembre septiembre сентябрь сентября сен сент",
    "october oct octobre oktober okt octubre октябрь октября окт",
    "november nov novembre noviembre ноябрь ноября ноя нояб",
    "december dec decembre dezember dez diciembre dic декабрь декабря дек",
)


def plain(text: str) -> str:
    """Lower case, without accents, words apart by one space."""
    apart = unicodedata.normalize("NFKD", text.lower())
    return " ".join("".join(one for one in apart if not unicodedata.combining(one)).split())


MONTH_BY_NAME: Final[dict[str, int]] = {
    plain(name): number for number, names in enumerate(_NAMES, 1) for name in names.split()
}
"""English, French, German, Spanish and Russian, as ``plain`` gives them."""

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""How English names of days begin, in the order of ``date.weekday``."""

HOURS_BY_ZONE: Final[dict[str, int]] = {
    "z": 0, "ut": 0, "utc": 0, "gmt": 0,
    "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,
    "cet": 1, "cest": 2, "eet": 2, "eest": 3, "msk": 3,
}  # fmt: skip
"""Hours ahead of UTC. Source: RFC 822 5.1, and European names of one meaning; IST has three."""

FILLERS: Final = frozenset({"at", "um", "a", "de", "of", "г", "года", *HOURS_BY_ZONE})
"""Words that may stand among the figures of a day."""
