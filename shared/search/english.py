"""Forms of English that follow no rule: buy, bought; gunman, gunmen; crisis, crises.

Each is taken to the word that it is a form of. One that is also another word (found, leaves) keeps
a stem of its own, and a search for either of its words looks for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

import Stemmer

_VERBS: Final = """
arise arose arisen; awake awoke awoken; be was were been; bear bore borne; beat beaten;
become became; befall befell befallen; begin began begun; bend bent; bet; beseech besought;
bind bound; bite bit bitten; bleed bled; blow blew blown; break broke broken; breed bred;
bring brought; broadcast; build built; burn burnt; burst; buy bought; cast; catch caught;
choose chose chosen; cling clung; come came; cost; creep crept; cut; deal dealt; dig dug;
do did done; draw drew drawn; dream dreamt; drink drank drunk drunken; drive drove driven;
dwell dwelt; eat ate eaten; fall fell fallen; feel felt; fight fought; find found;
flee fled; fling flung; fly flew flown flies; forbid forbade forbidden; forecast;
foresee foresaw foreseen; foretell foretold; forget forgot forgotten; forgive forgave forgiven;
forgo forwent forgone; forsake forsook forsaken; freeze froze frozen; get got gotten;
give gave given; go went gone; grind ground; grow grew grown; hang hung; have had has;
hear heard; hide hid hidden; hit; hold held; hurt; keep kept; kneel knelt; know knew known;
lay laid; lead led; lean leant; leap leapt; learn learnt; leave left; lend lent; lie lain;
light lit; lose lost; make made; mean meant; meet met; mislead misled; misspend misspent;
mistake mistook mistaken; misunderstand misunderstood; mow mown; offset; outbid; outdo outdid
outdone; outgrow outgrew outgrown; outsell outsold; overcome overcame; overdo overdid overdone;
overhear overheard; override overrode overridden; overrun overran; oversee oversaw overseen;
oversleep overslept; overtake overtook overtaken; overthrow overthrew overthrown; partake partook;
pay paid; plead pled; prove proven; put; quit; read; rebuild rebuilt; redo redid redone;
remake remade; repay repaid; resell resold; retake retook retaken; retell retold;
rethink rethought; rewrite rewrote rewritten; rid; ride rode ridden; ring rang rung;
rise rose risen; run ran; saw sawn; say said; see saw seen; seek sought; sell sold; send sent;
set; sew sewn; shake shook shaken; shave shaven; shear shorn; shed; shine shone; shoot shot;
show shown; shrink shrank shrunk shrunken; shut; sing sang sung; sink sank sunk sunken; sit sat;
slay slew slain; sleep slept; slide slid; sling slung; slit; smell smelt; sow sown;
speak spoke spoken; speed sped; spell spelt; spend spent; spill spilt; spin spun; spit spat;
split; spoil spoilt; spread; spring sprang sprung; stand stood; steal stole stolen; stick stuck;
sting stung; stink stank stunk; strew strewn; stride strode stridden; strike struck;
string strung; strive strove striven; swear swore sworn; sweep swept; swell swollen;
swim swam swum; swing swung; take took taken; teach taught; tear tore torn; tell told;
think thought; thrive throve; throw threw thrown; thrust; tread trod trodden; undercut;
undergo underwent undergone; underlie underlay underlain; understand understood;
undertake undertook undertaken; undo undid undone; unwind unwound; uphold upheld; upset;
wake woke woken; wear wore worn; weave wove woven; weep wept; win won;
withdraw withdrew withdrawn; withhold withheld; withstand withstood; wring wrung;
write wrote written
"""
"""The word, and its forms that another word's rules do not give."""
_NOUNS: Final = """
calf calves; elf elves; half halves; hoof hooves; knife knives; leaf leaves; life lives;
loaf loaves; scarf scarves; self selves; sheaf sheaves; shelf shelves; thief thieves; wharf wharves;
wife wives; housewife housewives; midwife midwives; wolf wolves; werewolf werewolves;
bookshelf bookshelves; penknife penknives; dwarf dwarves;
child children; grandchild grandchildren; stepchild stepchildren; schoolchild schoolchildren;
foot feet; forefoot forefeet; tooth teeth; goose geese; mouse mice; dormouse dormice; louse lice;
ox oxen; brother brethren; man men; woman women;
analysis analyses; antithesis antitheses; axis axes; basis bases; catharsis catharses;
crisis crises; diagnosis diagnoses; ellipsis ellipses; emphasis emphases;
hypothesis hypotheses; metamorphosis metamorphoses; neurosis neuroses; oasis oases;
paralysis paralyses; parenthesis parentheses; photosynthesis photosyntheses;
prognosis prognoses; psychosis psychoses; synopsis synopses; synthesis syntheses;
thesis theses; testis testes; automaton automata; criterion criteria; phenomenon phenomena;
addendum addenda; aquarium aquaria; bacterium bacteria; consortium consortia;
crematorium crematoria; curriculum curricula; emporium emporia; erratum errata;
gymnasium gymnasia; honorarium honoraria; memorandum memoranda; millennium millennia;
moratorium moratoria; ovum ova; referendum referenda; sanatorium sanatoria; spectrum spectra;
stadium stadia; stratum strata; symposium symposia; alumnus alumni; bacillus bacilli;
cactus cacti; focus foci; fungus fungi; hippopotamus hippopotami; locus loci; nucleus nuclei;
octopus octopi; radius radii; stimulus stimuli; syllabus syllabi; terminus termini;
uterus uteri; alga algae; antenna antennae; formula formulae; larva larvae; nebula nebulae;
vertebra vertebrae; apex apices; appendix appendices; codex codices; index indices;
matrix matrices; vertex vertices; vortex vortices; corpus corpora; genus genera;
schema schemata; stigma stigmata; bureau bureaux; chateau chateaux; plateau plateaux;
tableau tableaux; cherub cherubim; kibbutz kibbutzim; graffito graffiti; libretto libretti
"""
_ADJECTIVES: Final = """
big bigger biggest; cheap; clean; clear; cold; costly; dark; deadly; deep; dirty; dry; early;
easy; fast; fat fatter fattest; fresh; happy; hard; harsh; healthy; heavy; high;
hot hotter hottest; hungry; large; loud; low; new; noisy; old; poor; quick; quiet; rainy; rich;
risky; safe; sharp; short; slow; small; smart; snowy; soft; steep; strong; tall; thick;
thin thinner thinnest; tight; tiny; tough; ugly; warm; weak; wealthy; wet wetter wettest; wide;
wild; windy; young; bad worse worst
"""
"""Of one syllable or two: their comparatives and superlatives."""
_OF_TWO: Final = """
axes: axe axis; bases: base basis; bore: bear bored; bound: bind bounds;
ellipses: ellipse ellipsis; fell: fall felled; felt: feel; flies: fly; found: find founded;
ground: grind grounds; halves: half halve; lay: lie laid; leaves: leave leaf; left: leave;
lives: life live; lit: light; rose: rise roses; saw: see sawed; slew: slay;
smelt: smell smelted; spat: spit; wound: wounded
"""
"""A form that is another word, or a form of one, and the words that look for it."""
_APART: Final = """
important importance importantly; university universities; universe; opera operas; several;
animal animals; authority authorities; organ organs; singe; policy policies; generous generosity
"""
"""Words that Snowball takes for forms of others: of import, operate, sever."""
_IN_MEN: Final = re.compile(
    r"^(?!(?:abdo|acu|albu|bitu|car|cycla|dol|fora|hy|lu|ra|regi|se|speci|sta|tiana|turk|ye)men)"
    r"(\w{2,})mens?$"
)
"""Plurals in -man; not specimen, and not Yemen."""
_HISSING: Final = re.compile(r"(?:[sxz]|[cs]h)$")
SECOND: Final = "²"
"""Behind the stem of a word that is spelt like a form of another: no folded word has it."""


def _words_by_form() -> Iterator[tuple[str, str]]:
    for row in _VERBS.split(";"):
        word, *forms = row.split()
        yield from ((form, word) for form in forms)
    for row in _NOUNS.split(";"):
        word, *forms = row.split()
        yield from ((form, word) for form in forms)
        yield from ((f"{form}s", word) for form in forms if form[-1] != "s")  # children's
    for row in _ADJECTIVES.split(";"):
        word, *forms = row.split()
        stem = word.removesuffix("e").removesuffix("y") + ("i" if word.endswith("y") else "")
        yield from ((form, word) for form in forms or (f"{stem}er", f"{stem}est"))


_OTHERS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        form.strip(): tuple(words.split())
        for form, words in (row.split(":") for row in _OF_TWO.split(";"))
    }
)
_snowball: Final = Stemmer.Stemmer("english", 0)  # what calls it keeps what it said


def _stem_of_regular(word: str) -> str:
    stem = str(_snowball.stemWord(word))
    return stem + SECOND if stem in _OTHERS else stem


def _stems() -> Iterator[tuple[str, str]]:
    yield from ((form, _stem_of_regular(word)) for form, word in _words_by_form())
    for row in _APART.split(";"):
        yield from ((form, row.split()[0] + SECOND) for form in row.split())
    yield from ((form, form) for form in _OTHERS)


_STEMS: Final[Mapping[str, str]] = MappingProxyType(dict(_stems()))


def english_stem(word: str) -> str:
    """What stays of a folded word of English in all its forms."""
    known = _STEMS.get(word)
    if known is not None:
        return known
    if word.endswith(("men", "mens")) and (found := _IN_MEN.match(word)):  # men's
        return english_stem(f"{found[1]}man")
    return _stem_of_regular(word)


def english_others(word: str) -> Iterator[str]:
    """Forms with another stem: of two words; and buses, for Snowball a plural of buse."""
    if word in _OTHERS:
        yield from _OTHERS[word]
    else:
        yield from _FORMS.get(english_stem(word), ())
    if word.endswith("es") and _HISSING.search(word[:-2]):
        yield word[:-2]
    elif _HISSING.search(word):
        yield f"{word}es"


def english_roots(stem: str) -> Iterator[str]:
    """With which letters the words of a stem begin: forms that follow no rule as they are.

    Snowball puts letters at the end of a stem that the word has not: an i for y, an e behind -ing,
    -ble for -bility; and die is the stem of dying.
    """
    plain = stem.removesuffix(SECOND)
    yield from _IRREGULAR.get(stem, ())
    if plain.endswith("man"):
        yield plain[:-2]  # gunmen
    elif _SHORT_STEM.fullmatch(plain):
        yield plain[:1]
    elif plain.endswith("ble"):
        yield plain[:-2]
    else:
        yield plain[:-1] if plain.endswith(("bl", "e", "i", "y")) else plain


_SHORT_STEM: Final = re.compile(".?ie|.?[iy]")
_IRREGULAR: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {stem: tuple(form for form, of in _STEMS.items() if of == stem) for stem in _STEMS.values()}
)
"""Words by their stem, of which no rule tells it."""


def _forms_by_stem() -> Iterator[tuple[str, str]]:
    for form, words in _OTHERS.items():
        yield from ((english_stem(word), form) for word in words)


_FORMS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        stem: tuple(form for other, form in _forms_by_stem() if other == stem)
        for stem, _ in _forms_by_stem()
    }
)
