"""Verbs are found in their forms, and words that only look like a form are not.

Most rows were written from tables of grammar and from the words that a newswire uses most, before
the rules were; the others show what was mended afterwards.
"""

from __future__ import annotations

from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.api.search.matching import match_of
from services.api.search.syntax import parse
from shared.search.stems import BY_LANGUAGE, OTHERS_MAX
from shared.search.words import forms

# The first finds all others, and each of them finds the first.
ONE_WORD = {
    "en": [
        "gunman gunmen",
        "policewoman policewomen",
        "child children children’s",
        "woman women women’s",
        "cheap cheaper cheapest",
        "heavy heavier heaviest",
        "foot feet",
        "tooth teeth",
        "mouse mice",
        "knife knives",
        "leaf leaves",
        "thief thieves",
        "wolf wolves",
        "crisis crises",
        "analysis analyses",
        "criterion criteria",
        "bacterium bacteria",
        "larva larvae",
        "buy bought buys buying",
        "sell sold sells selling",
        "choose chose chosen choosing",
        "grow grew grown growing",
        "sink sank sunk sunken sinking",
        "swim swam swum swimming",
        "steal stole stolen stealing",
        "withdraw withdrew withdrawn withdrawing",
        "find found finding",
        "leave left leaving leaves",
        "see saw seen",
        "strike struck striking",
        "rise rose risen rising",
        "rebuild rebuilt rebuilding",
        "overthrow overthrew overthrown",
        "teach taught teaches teaching",
        "flee fled fleeing",
        "spread spreads spreading",
    ],
    "ru": [
        "поднять поднял подняла подняли поднимут поднимет поднят подняты поднявший",
        "погибнуть погиб погибла погибли погибнет погибший погибшие погибших погибшими",
        "подешеветь подешевел подешевела подешевели подешевеет подешевевший подешевевшая",
        "участвовать участвует участвуют участвовал участвующий участвующих",
        "избрать избран избрана избраны избранный избранного избрал",
        "построить построил построят построен построена построенный",
        "снизить снизил снизили снизят снижен снижена сниженный снижение снижения",
        "запустить запустил запустят запущен запущена запущенный",
        "провести провел провела проведут проведен проведенный",
        "вырасти вырос выросла выросли вырастет вырастут выросший",
        "возникнуть возник возникла возникли возникнет возникший",
        "показать показал показала покажет покажут показан",
        "закрыть закрыл закроет закроют закрыт закрыта закрытый",
        "начать начал начала начнет начнут начат начался началась начнется",
        "голосовать голосовали голосует голосуют голосование голосования",
        "арестовать арестовал арестован арестованный арестуют",
        "умереть умер умерла умерли умрет умерший",
        "гражданин граждане граждан гражданам",
        "письмо письма писем письмам",
        "сестра сестры сестер сестрам",
        "сель селя селю селем сели селей",
        "село села сел селу селом",
        "семья семьи семей семьям",
        "столкнуться столкнулся столкнулись столкнутся столкновение столкновения",
        "отменить отменен отменена отменили отмена",
        "найти нашел нашли найден найдены найдет найденный",
        "замерзнуть замерз замерзла замерзли замерзший",
        "копейка копейки копеек",
        "день дня дни дней",
        "пройти прошел прошла прошли пройдет",
        "эвакуация эвакуировать эвакуированы эвакуируют",
        "десять десяти десятью",
    ],
    "kk": [
        "көшіру көшірді көшірген көшіріп көшіреді көшірілді көшірілген көшірудің",
        "санау санады санаған санап санайды саналды саналған санауды",
        "сату сатты сатқан сатып сатады сатылды сатылған сатылады сатуға",
        "бастау бастады бастаған бастап басталды басталған бастауға бастайды",
        "келу келді келген келіп келеді келмеді келмеген келсе келетін",
        "болу болды болған болып болады болмады болмаған болса болатын",
        "сайлау сайлауда сайлауды сайлаудың сайлауына сайлаулар сайланды",
        "ашу ашты ашқан ашып ашады ашылды ашылған ашылады",
        "көтеру көтерді көтерген көтеріп көтерілді көтерілген",
        "жариялау жариялады жариялаған жарияланды жарияланған",
        "тоқтату тоқтатты тоқтатқан тоқтатылды тоқтатылған",
        "салу салды салынды салынған салынады",
        "халық халқы халықтың халқының",
        "тау тауы тауды тауда таулар",
        "оқу оқыды оқыған оқып",
        "бензин бензинді бензиннің бензинге",
        "жол жолы жолды жолдың жолында жолдар жолдары",
    ],
    "ky": [
        "көчүрүү көчүрдү көчүргөн көчүрүп көчүрөт көчүрүлдү көчүрүлгөн көчүрүүнүн",
        "кулоо кулады кулаган кулап кулайт",
        "суу суусу сууну суунун",
        "Жапаров Жапаровдун Жапаровго Жапаровду Жапаровдон",
        "завод заводу заводдун заводго",
        "саноо санады санаган санап санайт саналды саналган саноонун саноого",
        "саноо санашат санашты санашкан",
        "сатуу сатты саткан сатып сатат сатылды сатылган сатылат сатууга",
        "баштоо баштады баштаган баштап баштайт башталды башталган",
        "келүү келди келген келип келет келбеди келбеген келсе",
        "калуу калды калган калып калат калбады калбаган",
        "болуу болду болгон болуп болот болбоду болбогон болсо",
        "шайлоо шайлады шайланды шайланган шайлоого шайлоолор",
        "ачуу ачты ачкан ачып ачат ачылды ачылган ачылат",
        "көтөрүү көтөрдү көтөргөн көтөрүлдү көтөрүлгөн",
        "окуу окуду окуган окуп окуйт",
        "жол жолу жолду жолдун жолунда жолдор жолдору",
    ],
    "uz": [
        "sotish sotdi sotgan sotib sotadi sotildi sotilgan sotilmoqda sotishga",
        "boshlash boshladi boshlagan boshlab boshlaydi boshlandi boshlangan boshlashni",
        "saylash saylandi saylangan sayladi saylash",
        "qurish qurdi qurgan qurib quradi qurildi qurilgan qurilayotgan qurishni",
        "kelish keldi kelgan kelib keladi kelmadi kelmagan kelayotgan kelsa",
        "ko‘chirish ko‘chirdi ko‘chirilgan ko‘chirildi ko‘chiriladi ko‘chirmoqda",
        "o‘qish o‘qidi o‘qigan o‘qib o‘qiydi o‘qilgan o‘qishga",
        "olish oldi olgan olib oladi olindi olingan olinmadi",
        "ekish ekdi ekkan ekib ekadi ekildi ekilgan",
        "chiqish chiqdi chiqqan chiqib chiqadi",
        "qatnashish qatnashdi qatnashgan qatnashadi qatnashayotgan",
        "yo‘l yo‘li yo‘lni yo‘lda yo‘llar yo‘llari йўл йўли",
        "shahar shahri shahrida shaharlar",
        "avtobus avtobusi avtobuslar",
        "o‘g‘il o‘g‘li o‘g‘illar",
        "zavod zavodi zavodni zavodda zavodlar",
        "poyezd poyezdi poyezdlar поезд поезди",
        "қуриш қурилган қурилди",
    ],
}  # fmt: skip

# Neither finds the other.
TWO_WORDS = {
    "en": (
        "find founder; leave leaf; feel felted; lie laid; see sawmill; base basin; "
        "person personnel; media medium; woman human; child chill; man mane; Yemen yeoman; "
        "Fed feeding; bear born; fall felling; life live; hold household; wound windy; "
        "felt fell; saw sew; axis ax; data date; important import; board bear; ring wrong; "
        "war ware; port report; state statue; host hostel; new news; tire tirade"
    ),
    "ru": (
        "сель село; сель села; сели село; мел мель; брат брать; устав уставный; устав устал; "
        "угол уголь; цель целый; мать мат; быт быть; пыль пыл; вес весь; корь кора; "
        "соль соло; страна сторона; полк полотно; весна весить; порт портной; лес лесть; "
        "суда сутки; погиб погода; мыс мысль; масло масса; стал сталь; рубль рубить; "
        "суд судно; отдел отделение; город огород; пройдет прошлый; прошли прошлого; "
        "замет займет; мир мирт; часть час; дело делать"
    ),
    "kk": (
        "қала қалды; көз көздеді; өрт өртеңге; сөз сөйледі; жер жерлес; түн түнек; "
        "қала қалған; қар қарады; қар қарау; қар қара; жаз жазды; жазба жазық; ат атады; "
        "бас басты; бас бастау; сан санау; он оны; он оның; ән әнші; тау тауық; ай айту; "
        "мал малма; қой қойды; тіл тілек; жыл жылу; су суық; бал балалар; қала қалам; "
        "от отан; барыс бар; барысы бар; көл көлік; ту туды; дос достық; тас тасқын; кен кент"
    ),
    "ky": (
        "карылар кар; көз көздөй; сөз сүйлөдү; жер жерлеш; кар карап; кар кара; кар карады; "
        "койлор койду; кой койгон; ат атты; жаз жазды; баш баштады; сан санаган; ай айтты; "
        "тил тилек; бал балдар; көл көлөм; жол жолдош; таш ташкын; ун унаа; эт этап; "
        "он оной; ал алгач; тоо тоок; кыш кыштак; от отун; эл элчи; дос достук; суу сууру; "
        "мал малай"
    ),
    "uz": (
        "un uni; so‘z so‘radi; ko‘z ko‘zguda; yer yerlik; un unga; un uning; un undan; "
        "bosh boshladi; bosh boshlash; qor qordon; qor qora; qo‘y qo‘ydi; ot otdi; ot otish; "
        "yoz yozdi; yoz yozish; yo‘l yo‘lak; bol bola; tosh toshqin; til tilak; ish ishchi; "
        "ko‘l ko‘lam; oy oyna; gul gulla; kun kunlik; suv suvoq; bank banka; o‘n o‘nta; "
        "tog‘ tog‘a; kitob kitobxon; soch sochdi; yosh yoshlik; shahar shahid; qish qishloq"
    ),
}  # fmt: skip

MEET = [
    (language, *pair)
    for language, rows in ONE_WORD.items()
    for first, *others in (row.split() for row in rows)
    for pair in chain.from_iterable(((first, other), (other, first)) for other in others)
]
DO_NOT_MEET = [
    (language, *pair)
    for language, told in TWO_WORDS.items()
    for one, other in (pair.split() for pair in told.split("; "))
    for pair in ((one, other), (other, one))
]


def is_found(asked: str, told: str, language: str) -> bool:
    indexed = set(" ".join(forms(language)[told]).split())
    hits = match_of(parse(asked), language).hits
    return any(hit.tokens & indexed for hit in hits)


@pytest.mark.parametrize(("language", "asked", "told"), MEET)
def test_a_word_is_found_in_forms_of_the_grammar(language: str, asked: str, told: str) -> None:
    assert is_found(asked, told, language)


@pytest.mark.parametrize(("language", "asked", "told"), DO_NOT_MEET)
def test_words_that_look_like_forms_of_another_are_not(
    language: str, asked: str, told: str
) -> None:
    assert not is_found(asked, told, language)


LETTERS = st.text(st.sampled_from("абгдеиклмнопрстуышья" + "abdegiklmnorstuy" + "1²"), max_size=12)


@given(st.sampled_from(sorted(BY_LANGUAGE)), st.one_of(LETTERS, st.text(max_size=12)))
def test_whatever_is_typed_has_a_stem_and_few_other_forms(language: str, typed: str) -> None:
    inflected = BY_LANGUAGE[language]
    word = inflected.fold(typed)
    others = list(inflected.others(word))

    assert inflected.stem(word) == inflected.stem(word)
    assert len(others) == len(set(others)) <= OTHERS_MAX


@pytest.mark.parametrize(
    ("language", "word", "stem"),
    [
        ("en", "gunmen", "gunman"),
        ("en", "founded", "found²"),
        ("ru", "селями", "сель"),
        ("ru", "селе", "селе"),
        ("ru", "прошла", "прошел"),
        ("kk", "коширилмеген", "кошир¹"),
        ("kk", "мектептин", "мектеп"),
        ("ky", "карыларга", "кары"),
        ("ky", "кары", "кары³"),
        ("ky", "бетонду", "бето²"),
        ("uz", "qurilgan", "qur¹"),
        ("uz", "qori", "qori²"),
    ],
)
def test_a_stem_says_what_kind_of_word_it_is_of(language: str, word: str, stem: str) -> None:
    assert BY_LANGUAGE[language].stem(word) == stem
