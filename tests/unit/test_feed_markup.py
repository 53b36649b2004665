"""HTML out of feeds: its paragraphs, what is kept of its markup, and what never is."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.parse.feeds.folding import Folding
from services.ingest.parse.feeds.markup import Picture, Prose, prose_of
from services.ingest.parse.feeds.tokens import Paragraph, Start, tokens_of
from tests.feeds import description

BASE = "https://courier.example/news/snow.html"


def prose(html: str) -> Prose:
    return prose_of(html, BASE, 1_000)


@pytest.mark.parametrize(
    ("html", "paragraphs"),
    [
        ("<p>One.</p><p>Two.</p>", ("One.", "Two.")),
        ("<p>One.<p>Two.", ("One.", "Two.")),
        ("<div>One.<div>Two.</div></div>Three.", ("One.", "Two.", "Three.")),
        ("One<br>one.<br><br>Two.<br/><br/><br/>Three.", ("One one.", "Two.", "Three.")),
        ("<ul><li>One<li>Two</ul>Three", ("One", "Two", "Three")),
        ("<h1>One</h1>Two", ("One", "Two")),
        ("<blockquote>One<p>Two</blockquote>", ("One", "Two")),
        ("<table><tr><td>1</td><td>2</td></tr><tr><th>3</table>", ("1 2", "3")),
        ("<pre>One\n  one</pre>", ("One one",)),
        ("<figure><img src=a><figcaption>One</figcaption></figure>Two", ("One", "Two")),
        ("<p>One <b>bold</b>\n\n and&nbsp;<i>more</i></p>", ("One bold and more",)),
        ("<p> </p><p>&nbsp;</p><p>One</p>", ("One",)),
        ("A&amp;B &lt;i&gt; &eacute; &#233; &#x2014; &hellip;", ("A&B <i> é é — …",)),
        ("It&#146;s", ("It’s",)),
        ("1 < 2 <b>and</b> 3 > 2", ("1 < 2 and 3 > 2",)),
        ("a<script>b</script>c<style>d</style>e<!-- f -->g<noframes>h</noframes>", ("aceg",)),
        ("a<SCRIPT>if (1 < 2) '<p>'</SCRIPT >b", ("ab",)),
        ("a<svg><text>b</text><svg></svg>c</svg>d<object>e</object>f", ("adf",)),
        ("a<script>b", ("a",)),
        ("a<!-- b", ("a",)),
        ('a<a href="b>c', ("a",)),
        ("a<a title=b>c'>d", ("ac'>d",)),
        ("a<custom-tag x=1>b</custom-tag><o:p></o:p>c", ("abc",)),
        ("&#99999999999999999999;<b>", ("\ufffd",)),
        ("&#x" + "f" * 5_000 + ";<b>", ("\ufffd",)),
    ],
)
def test_paragraphs_follow_from_the_blocks(html: str, paragraphs: tuple[str, ...]) -> None:
    assert prose(html).paragraphs == paragraphs


@pytest.mark.parametrize(
    ("html", "kept"),
    [
        ("<p>a</p>", "<p>a</p>"),
        ("<div class=x>a</div>b", "<p>a</p><p>b</p>"),
        ("<h1>a</h1><h2>b</h2><h6>c</h6>", "<h2>a</h2><h2>b</h2><h4>c</h4>"),
        ("<b>a</b><i>b</i><em>c</em>", "<p><b>a</b><i>b</i><em>c</em></p>"),
        ("<p><b>a<p>b</b>c", "<p><b>a</b></p><p><b>b</b>c</p>"),
        ("<b>a<i>b</b>c</i>d", "<p><b>a<i>b</i></b><i>c</i>d</p>"),
        ("H<sub>2</sub>O m<sup>2</sup>", "<p>H<sub>2</sub>O m<sup>2</sup></p>"),
        ("<pre>a\n  <code>b</code></pre>", "<pre>a\n  <code>b</code></pre>"),
        ("<pre>\n\r\n\r  a\n</pre>", "<pre>  a\n</pre>"),
        ("<ol><li>a<ul><li>b</ul></ol>", "<ol><li>a<ul><li>b</li></ul></li></ol>"),
        (
            "<table><tr><td colspan=2 bgcolor=red>a<td>b</table>",
            '<table><tbody><tr><td colspan="2">a</td><td>b</td></tr></tbody></table>',
        ),
        ("a &lt;script&gt; b<b></b>", "<p>a &lt;script&gt; b</p>"),
        ("<ul><li><img src=x></li></ul><p>a", "<p>a</p>"),
        ("<p>a<br>b", "<p>a<br>b</p>"),
        ("<img src=/a.jpg>", None),
    ],
)
def test_of_the_markup_a_few_elements_are_kept(html: str, kept: str | None) -> None:
    assert prose(html).html == kept


@pytest.mark.parametrize(
    ("html", "kept"),
    [
        ("<a href='https://o.example/?a=1&b=2'>x</a>", "https://o.example/?a=1&amp;b=2"),
        ("<a href=pass>x</a>", "https://courier.example/news/pass"),
        ("<a href='//o.example'>x</a>", "https://o.example"),
        ("<a href='mailto:a@o.example'>x</a>", "mailto:a@o.example"),
        ("<a HREF=' https://o.example/ ' onclick=x style=y>x</a>", "https://o.example/"),
    ],
)
def test_links_are_absolute_and_vouched_for_by_nobody(html: str, kept: str) -> None:
    assert prose(html).html == f'<p><a href="{kept}" rel="noopener nofollow">x</a></p>'


@pytest.mark.parametrize(
    "html",
    [
        "<a href='javascript:alert(1)'>x</a>",
        "<a href='java&#10;script:alert(1)'>x</a>",
        "<a href='&#106;avascript:alert(1)'>x</a>",
        "<a href='JaVaScRiPt&colon;alert(1)'>x</a>",
        "<a href='\x01javascript:alert(1)'>x</a>",
        "<a href='data:text/html;base64,PHNjcmlwdD4='>x</a>",
        "<a href='https://user@o.example/'>x</a>",
        "<a>x</a>",
        "<p onclick=alert(1) style='background:url(javascript:1)'>x</p>",
        "<img src=x onerror=alert(1)>x",
        "<svg/onload=alert(1)></svg>x",
        "<math><mtext><table><mglyph><style><img src onerror=alert(1)></style></math>x",
        "<iframe src=//o.example></iframe>x",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>x",
        "<form action=//o.example><input name=a>x</form>",
        "<template><script>alert(1)</script></template>x",
        "<base href=//o.example><link rel=stylesheet href=//o.example><meta http-equiv=refresh>x",
    ],
)
def test_nothing_active_is_left(html: str) -> None:
    found = prose(html)

    assert found.html == "<p>x</p>"
    assert "alert" not in "".join(found.paragraphs)


def test_what_is_left_of_a_tag_within_a_tag_is_text() -> None:
    assert prose("<scr<script>ipt>x").html == "<p>ipt&gt;x</p>"


# What a browser would read otherwise than a cleaner did: by tables, namespaces and raw text.
MUTATING = [
    "<math><mtext><table><style><!--</style><img title='--&gt;&lt;img src onerror=alert(1)&gt;'>",
    "<svg></p><style><a id='</style><img src=1 onerror=alert(1)>'></svg>",
    "<svg><title><p>x</p></title><style><img src=x onerror=alert(1)></style></svg>",
    "<noscript><p title='</noscript><script>alert(1)</script>'>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<table><td><a href='javascript:alert(1)'><table></a><svg onload=alert(1)>",
    "<p><table><p><script>alert(1)</script></table><img src=x onerror=alert(1)>",
    "<textarea></textarea><textarea><img src=x onerror=alert(1)></textarea>",
    "<title><a title='</title><img src=x onerror=alert(1)>'>",
    "<xmp><p title='</xmp><img src=x onerror=alert(1)>'>",
    "<select><style><img src=x onerror=alert(1)></style></select>",
    "<iframe srcdoc='<script>alert(1)</script>'><p>a</p></iframe>",
    "<template><p onclick=alert(1)>a</p></template>",
    "<!--><script>alert(1)</script>-->",
    "<!---><img src=x onerror=alert(1)>-->",
    "<!-- a --!><img src=x onerror=alert(1)>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<svg><![CDATA[<img src=x onerror=alert(1)>]]></svg>",
    "<? <img src=x onerror=alert(1)>",
    "</ <img src=x onerror=alert(1)>",
    "<img src=x:x onerror=alert(1)//",
    '<p ="><img src=x onerror=alert(1)>">',
    "<p title='<b>' onclick=alert(1)>a</p>",
    "<p title=\"a>b\" onclick='alert(1)'>a</p>",
    "<p><a href='https://o.example/' onclick=alert(1)>a</a></p>",
    "<p><img src=/a.jpg onerror=alert(1)>a</p>",
    "<p><b onclick=alert(1)>a</b></p>",
    "<P><EM STYLE='x:expression(alert(1))'>a</EM></P>",
    "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>",
    "<p>a &amp;lt;img src=x onerror=alert(1)&amp;gt;</p>",
    "<p><a href='java\tscript:alert(1)'>a</a> <a href='vbscript:alert(1)'>a</a></p>",
    "<p><a href='&#x6A&#x61&#x76&#x61&#x73&#x63&#x72&#x69&#x70&#x74:alert(1)'>a</a></p>",
    "<p><a href='&Tab;javascript:alert(1)'>a</a><a href=' JAVASCRIPT&#58;alert(1)'>a</a></p>",
    "<p><a href='feed:javascript:alert(1)'>a</a><a href='view-source:x'>a</a></p>",
    "<p><a href='https:javascript:alert(1)'>a</a><a href='//\\javascript:alert(1)'>a</a></p>",
]
_ALLOWED = re.compile(
    r"</?(?:b|blockquote|br|caption|code|em|h[234]|i|li|ol|p|pre|strong|sub|sup|table|tbody|td|th"
    r"|tr|ul)>|</a>|<t[dh](?: (?:col|row)span=\"[0-9]{1,2}\"){1,2}>"
    r"|<a href=\"(?:https?://|mailto:)[^\"<>\s]+\" rel=\"noopener nofollow\">"
)


@pytest.mark.parametrize("html", MUTATING)
@pytest.mark.parametrize("around", ["{}", "<p>x</p>{}<p>x</p>", "<table><tr><td>{}", "<div><p>{}"])
def test_of_what_mutates_in_a_browser_nothing_but_plain_tags_is_left(
    html: str, around: str
) -> None:
    kept = prose(around.format(html)).html or ""

    assert set(re.findall("[<>]", _ALLOWED.sub("", kept))) == set()
    assert "javascript:" not in "".join(re.findall('href="[^"]*"', kept)).lower()


def test_an_element_that_is_only_text_does_not_end_before_its_end_tag() -> None:
    found = prose("a<textarea><p>b</p></textarea>c<style></p>d</style>e<title><b>f</b></title>g")

    assert (found.paragraphs, found.html) == (("aceg",), "<p>aceg</p>")


PIECES = st.lists(
    st.sampled_from(
        ["a", " ", "\n ", "b c", " d ", "&amp;", "&nbsp;", "&mdash;e", "&#146;", "<br>", "<br/>",
         "<br />", "<b>f</b>", "<em> g</em>", "<em> </em>", "<i>", "</i>", "<a href='/h'>i</a>",
         "<a href='javascript:j'>k</a>", '<a title="l" href=m>n</a>', "<img src=/o.jpg alt='p'>",
         "<img src=q>", "<strong>r &lt; s</strong>", "<sub>2</sub>", "<span>t</span>", "<p>"]
    ), max_size=9,
).map("".join)  # fmt: skip


@given(inside=PIECES, before=st.sampled_from(["", "a", "<br>", "<b>", "<ul><li>", "<blockquote>"]))
def test_a_paragraph_in_one_piece_is_what_its_parts_would_make_of_it(
    inside: str, before: str
) -> None:
    whole, parts = Folding(BASE), Folding(BASE)
    for token in tokens_of(f"{before}<p class='x'>{inside}</p>y<p>z</p>"):
        for folding in (whole, parts):
            if isinstance(token, str):
                folding.text(token)
            elif isinstance(token, Paragraph):
                (Folding.paragraph if folding is whole else Folding.by_parts)(folding, token)
            elif isinstance(token, Start):
                folding.start(token)
            else:
                folding.end(token.name)
    for folding in (whole, parts):
        folding.finish()

    assert "".join(whole.out) == "".join(parts.out)
    assert (whole.paragraphs, whole.pictures) == (parts.paragraphs, parts.pictures)
    assert whole.characters == parts.characters


@given(st.text("<>/!-=&;'\" apbimgsrcxln", max_size=60))
def test_any_text_is_read_into_plain_tags(html: str) -> None:
    kept = prose(f"<b>x</b>{html}").html or ""

    assert set(re.findall("[<>]", _ALLOWED.sub("", kept))) == set()


@pytest.mark.parametrize(
    ("html", "pictures"),
    [
        (
            "<img src=/a.jpg alt=' The &amp; pass '>",
            (Picture("https://courier.example/a.jpg", "The & pass"),),
        ),
        ("<img src=/a.jpg><img src=/a.jpg>", (Picture("https://courier.example/a.jpg", ""),)),
        (
            "<img src='data:image/gif;base64,R0lGODlh' data-src=b.jpg>",
            (Picture("https://courier.example/news/b.jpg", ""),),
        ),
        ("<img src=/pixel.gif width=1 height=1>", ()),
        ("<img src='javascript:alert(1)'><img>", ()),
        (
            "<video src=/a.mp4></video><audio><source src=/b.ogg type=audio/ogg>no</audio>",
            (
                Picture("https://courier.example/a.mp4", ""),
                Picture("https://courier.example/b.ogg", "", "audio/ogg"),
            ),
        ),
        ("<script><img src=/a.jpg></script><svg><img src=/a.jpg></svg>", ()),
    ],
)
def test_pictures_are_taken_out_of_the_text(html: str, pictures: tuple[Picture, ...]) -> None:
    assert prose(html).pictures == pictures


def test_without_a_base_what_is_relative_leads_nowhere() -> None:
    found = prose_of("<a href=/a>x</a><img src=/a.jpg>", None, 1_000)

    assert (found.html, found.pictures) == ("<p>x</p>", ())


def test_a_text_with_more_tags_than_are_read_is_not_whole() -> None:
    assert prose_of("<b>x</b>" * 5, None, 10).is_whole
    assert not prose_of("<b>x</b>" * 6, None, 10).is_whole


def test_blocks_are_nested_no_deeper_than_a_text_needs() -> None:
    html = prose("<blockquote>" * 400 + "x").html

    assert html == "<blockquote>" * 12 + "<p>x</p>" + "</blockquote>" * 12


def test_addresses_in_a_text_are_relative_to_its_entry() -> None:
    entry = description("<a href=pass.html>The pass</a><img src=../a.jpg>")

    address = "https://courier.example/news/pass.html"
    assert entry.body_html == f'<p><a href="{address}" rel="noopener nofollow">The pass</a></p>'
    assert [one.url for one in entry.media] == ["https://courier.example/a.jpg"]
