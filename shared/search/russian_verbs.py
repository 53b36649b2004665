"""Forms of Russian verbs that Snowball does not bring together, made of a word that is asked for.

Of погиб also погибший and погибнет, of снизить also снижен and снижение. Whether the word is a verb
need not be known: a form that there is not finds nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

_SHORT: Final = "ий ая ое ие его ему им их ими ей ую ем"
_HARD: Final = "ый ая ое ые ого ому ым ых ыми ой ую ом"
_VERB_MIN: Final = 4
"""Letters of what is taken for a verb."""


def verb_others(word: str) -> Iterator[str]:
    """Forms of a folded word, taken for a verb, that have another stem for Snowball."""
    plain = word[:-2] if word.endswith(("ся", "сь")) else word
    if len(plain) < _VERB_MIN:
        return
    plain = _ADJECTIVAL.sub(_nominative, plain)
    if plain != word:
        yield plain
    for told, made in _CLASSES:
        if found := told.search(plain):
            stem = plain[: found.start()]
            yield from (f"{stem}{ending}" for ending in made)
    yield from _with_softened_stems(plain)
    yield from _with_changed_stems(plain)
    yield from _of_roots(plain)


_ADJECTIVAL: Final = re.compile(
    rf"(?<=..)(?:(нн|[дклп][ыоуея]т|[вн]ят|[аеи]т)(?:{_HARD.replace(' ', '|')})"
    rf"|(ш|щ)(?:{_SHORT.replace(' ', '|')}))$"
)
"""Participles in any of their cases."""


def _nominative(found: re.Match[str]) -> str:
    return f"{found[1]}ый" if found[1] else f"{found[2]}ий"


# Classes of verbs


def _read(rows: str) -> Iterator[tuple[re.Pattern[str], tuple[str, ...]]]:
    """What must stand before, endings by which a verb is told, and endings that are made."""
    for row in rows.strip().splitlines():
        before, told, made = row.split("|")
        endings = "|".join(told.split())
        yield re.compile(rf"(?<={before.strip()})(?:{endings})$"), tuple(made.split())


_CLASSES: Final = tuple(
    _read(
        """
        ... |еть еет еют евший                   |еть ел еет еют евший
        ....|ел ела ело ели                      |еть ел еет еют евший
        ... |ел ела ело ели                      |еет еют евший
        ....|еть ел ела ело ели евший            |ит
        ....|ит ят                               |еть ел евший
        ... |оть ол ола оло оли                  |ет ют оть ол
        ...[рл]|ет ют                            |оть ол
        ... |нуть нул нула нуло нули нет нут нувший нув|нуть нул нет нут нувший нув новение
        ...[бгздкпсхр] |новение новения новению новением новений|нуть нул нет нут
        ...[бгздкпсхр] |нуть нул нула нули нет нут ший ла ло ли|ла ший нуть нет нут
        ...[бгздкпсхр] |нуть нет нут ший ла ло ли      |а
        .[аеиоуыя]р[зк]                                |$             |ла ший нуть нет нут
        .[аеиоуыя][бгзкпсхр]|$                         |ла ший нуть нет нут
        ... |овать овал овала овали овав ует уют ующий |овать ование ует ующий овав
        ... |ован ована ованы ованный                  |овать ование ует ующий овав
        ... |ование ования ованию ованием              |овать ует
        ... |евать евал евала евали юет юют ует уют    |евать евание ует юет уют юют
        ..[ая]|ть л ла ло ли вший ет ют ющий н на но ны нный|ть ние
        ....[ая]|ть л ла ло ли вший ет ют ющий|в
        ..[ая]|ние ния нию нием ний                    |ть н нный
        ....|ить ил ила ило или ит ят ивший ящий ащий  |ить ив ящий ащий
        ...|ировать ировал ировала ировали ирован ирована ированы ированный ирует ируют|ация
        ...|ация ации ацию ацией аций                  |ировать ирует ирован
        ...из|овать овал овала овали ован ована ованы ованный ует уют|ация
        ...из|ация ации ацию ацией аций                |овать ует
        ....|ив                                        |ить
        """
    )
)

# Consonants that change before some endings

_SOFTENED: Final = {
    "ст": ("щ",), "б": ("бл",), "п": ("пл",), "в": ("вл",), "м": ("мл",), "ф": ("фл",),
    "д": ("ж", "жд"), "т": ("ч", "щ"), "з": ("ж",), "с": ("ш",),
}  # fmt: skip
_HARDENED: Final = {
    "щ": ("ст", "т", "щ"), "жд": ("д",), "бл": ("б",), "пл": ("п",), "вл": ("в",), "мл": ("м",),
    "фл": ("ф",), "ж": ("д", "з", "ж"), "ч": ("т", "ч"), "ш": ("с", "ш"),
}  # fmt: skip
_CHANGED: Final = {"з": "ж", "с": "ш", "к": "ч", "т": "ч", "х": "ш", "ск": "щ", "ст": "щ"}
_OF_I: Final = re.compile(r"(?<=...)(?:ить|ила?|или|ило|ит|ят|ивший|ив)$")
_OF_N: Final = re.compile(r"(?<=...)(?:ен[аоы]?|енный|ени(?:е|я|ю|ем|и|ях|ями|ям)|ений)$")
_OF_A: Final = re.compile(r"(?<=...[жшчщлнр])[ая](?:ть|ла?|ли|ло|ет|ют|вший|ющий)$")
_OF_HARD_A: Final = re.compile(r"(?<=..[зскт])а(?:ть|ла?|ли|ло|вший|н|на|но|ны|нный)$")
_OF_PRESENT: Final = re.compile(r"(?<=..[жшчщ])(?:[еу]т|у)$")
_HARD_MIN: Final = 4
"""Letters of a stem that is made hard; of лечение лет would be made."""
_HUSHING: Final = "жшчщ"
_PARTICIPLES: Final = frozenset(("ен", "ена", "ено", "ены", "енный"))
"""Which are seldom of nouns, so that a shorter stem will do."""
_SOFT_MIN: Final = 3
_UNCHANGED_MIN: Final = 6
"""Letters of one that stays; of отделение отдел would be made."""


def _with_softened_stems(word: str) -> Iterator[str]:
    """Passive, noun and imperfective of снизить: снижен, снижение, снижать."""
    if found := _OF_I.search(word):
        for soft in _other_ends(word[: found.start()], _SOFTENED):
            yield from _made_of_soft(soft)
    elif found := _OF_N.search(word) or _OF_A.search(word):
        soft = word[: found.start()]
        yield from _made_of_soft(soft)
        unchanged = _UNCHANGED_MIN - (soft[-1] in _HUSHING) - 2 * (found[0] in _PARTICIPLES)
        for stem in _other_ends(soft, _HARDENED):
            if len(stem) >= (unchanged if stem == soft else _HARD_MIN):
                yield f"{stem}ить"


def _with_changed_stems(word: str) -> Iterator[str]:
    """Present and past of показать, покажет."""
    if found := _OF_HARD_A.search(word):
        stem = word[: found.start()]
        for hard, soft in _CHANGED.items():
            if stem.endswith(hard):
                yield from (f"{stem.removesuffix(hard)}{soft}{end}" for end in ("ет", "ут"))
    elif found := _OF_PRESENT.search(word):
        stem = word[: found.start()]
        yield from (f"{stem}ет", f"{stem}ут")
        for hard, soft in _CHANGED.items():
            if stem.endswith(soft):
                yield f"{stem.removesuffix(soft)}{hard}ать"


def _made_of_soft(soft: str) -> Iterator[str]:
    if len(soft) < _SOFT_MIN:
        return
    imperfective = "ать" if soft[-1] in _HUSHING else "ять"
    yield from (f"{soft}ен", f"{soft}{imperfective}")


def _other_ends(stem: str, changes: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    for end, others in changes.items():
        if stem.endswith(end):
            yield from (f"{stem.removesuffix(end)}{other}" for other in others)
            return
    yield stem


# Verbs of several roots

_TOLD_PREFIXES: Final = """
в во воз вос вз взо вс вы до за из изо ис на над надо недо о об обо от ото пере по под подо
пре пред при про произо раз разо рас с со соз у
"""
_PREFIXES: Final = frozenset(_TOLD_PREFIXES.split())
_ROOTS: Final = """
вести вел вела вели ведет ведут ведший веден ведена ведены веденный ведение
нести нес несла несли несет несут несший несен несена несены несенный несение
везти вез везла везли везет везут везший везен везены везенный
идти йти шел шла шло шли йдет йдут идет идут дет дут шедший йден йдена йдены йденный
расти рос росла росло росли растет растут росший
мочь мог могла могли может могут
дать дал дала дали даст дадут дает дают давать
-дать дал дала дали даст дадут дан дана даны данный дает дают давать
стать стал стала стали станет станут ставший
взять взял взяла взяли возьмет возьмут взят взята взяты взятый
-чать чал чала чали чнет чнут чат чата чаты чатый
пасть пал пала пали падет падут павший
-нять нял няла няли нимет нимут ймет ймут нят нята няты нятый нятие нимать
принять принял приняла приняли примет примут принят принята приняты принятый принятие принимать
ехать ехал ехала ехали едет едут
бить бил била били бьет бьют бит бита биты битый
крыть крыл крыла крыли кроет кроют крыт крыта крыты крытый крытие
-мыть мыл мыла мыли моет моют мыт мыта мыты мытый
-лить лил лила лили льет льют лит лита литы литый
-пить пил пила пили пьет пьют пит пита питый
жить жил жила жили живет живут
плыть плыл плыла плыли плывет плывут
брать брал брала брали берет берут бран брана браны бранный брание
звать звал звала звали зовет зовут зван звана званы званный
гнать гнал гнала гнали гонит гонят гнан
ждать ждал ждала ждали ждет ждут
слать слал слала слали шлет шлют слан слана сланы сланный
рвать рвал рвала рвали рвет рвут рван рвана рваны рванный
-мереть мер мерла мерли мрет мрут мерший
-переть пер перла перли прет прут перт перта перты пертый
-сесть сел села сели сядет сядут севший
лечь лег легла легли ляжет лягут
жечь жег жгла жгли жжет жгут жжен жжены жженный
-течь тек текла текли течет текут
-сечь сек секла секли сечет секут сечен сечены
-влечь влек влекла влекли влечет влекут влечен влечена влечены влеченный влечение
красть крал крала крали крадет крадут краден крадены краденный
пасти пас пасла пасли пасет пасут пасший пасен пасена пасены пасенный пасение
-лезть лез лезла лезли лезет лезут
-честь чел чла чли чтет чтут чтен
-быть был была были будет будут
"""
"""Forms of one verb behind its prefix; ``-``: without a prefix it is left alone."""


def _forms() -> dict[str, list[tuple[str, ...]]]:
    by_form: dict[str, list[tuple[str, ...]]] = {}
    for row in _ROOTS.strip().splitlines():
        for form in row.removeprefix("-").split():
            by_form.setdefault(form, []).append((row[0], *row.removeprefix("-").split()))
    return by_form


_FORMS: Final[Mapping[str, list[tuple[str, ...]]]] = MappingProxyType(_forms())
_PREFIX_CHARS_MAX: Final = max(map(len, _PREFIXES))


def _of_roots(word: str) -> Iterator[str]:
    for chars in range(min(_PREFIX_CHARS_MAX, len(word)) + 1):
        prefix = word[:chars]
        if prefix and prefix not in _PREFIXES:
            continue
        for first, *forms in _FORMS.get(word[chars:], ()):
            if prefix or first != "-":
                yield from (f"{prefix}{form}" for form in forms)
