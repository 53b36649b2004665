"""How much of a document is read, and the reason for each number."""

from __future__ import annotations

from datetime import date
from typing import Final

DOCUMENT_BYTES_MAX: Final = 5_000_000
"""A front page is about 20 kB; two hundred of them in one file is a dump, not a page."""

CONTROL_BYTES_SHARE_MAX: Final = 0.02
"""Stray control bytes come singly, from bad copying; above 2 % the file is no text at all."""

BAD_LINES_FEW: Final = 3
"""So many bad lines are damage on a page of any length, if each has few bad bytes."""

BAD_BYTES_FEW: Final = 6
"""In one line: two encoded surrogates. A word in another encoding has more."""

BAD_LINES_SHARE_MAX: Final = 0.05
"""A damaged UTF-8 page has a few bad lines; above 5 % it was written in another encoding."""

LINE_CHARACTERS_MAX: Final = 100_000
"""A long paragraph is 2,000 characters; fifty of them in one line is not prose."""

HEADLINE_CHARACTERS_MAX: Final = 160
"""The longest agency headline slugs are near 120; the first sentence of a story passes 160."""

HEADLINE_WORDS_MAX: Final = 24
"""160 characters at the six or seven that an English word and its space take."""

DATELINE_CHARACTERS_MAX: Final = 60
"""Two towns, a country, a day and an agency fit; a dash further on belongs to the sentence."""

ARTICLES_MAX: Final = 500
"""A day of a large agency; a front page has six to sixty."""

BLOCKS_MAX: Final = 100_000
"""Two hundred paragraphs for each article; more are empty talk that would cost seconds."""

ARTICLE_CHARACTERS_MAX: Final = 200_000
"""About 40,000 words, a book; the store keeps the text of an article in one event."""

ARTICLE_PARAGRAPHS_MAX: Final = 10_000
"""What an article of the log may have (shared.news); at three lines each a thousand pages."""

MARKUP_TAGS_MAX: Final = 150_000
"""Of one feed, in all its texts; a tag for each 33 bytes of the largest document."""

MARKUP_CHARACTERS_MAX: Final = 500_000
"""What the log keeps of an article's markup (shared.news)."""

ARTICLE_BYTES_MAX: Final = 700_000
"""Of a text with its markup, in UTF-8; with the rest it must fit into one event of the log."""

ENTRY_LINE_CHARACTERS_MAX: Final = 2_000
"""A title, a name, a category: what the log keeps of a line (shared.news)."""

ADDRESS_CHARACTERS_MAX: Final = 4_000
"""What the log keeps of an address (shared.news), as long as browsers and servers take them."""

SUMMARY_CHARACTERS_MAX: Final = 20_000
"""What the log keeps of a summary or a licence (shared.news)."""

ENTRY_PARTS_MAX: Final = 500
"""Elements of one name in an entry; a story has ten categories and five authors."""

AUTHORS_MAX: Final = 200
"""What the log keeps of an article (shared.news)."""

CATEGORIES_MAX: Final = 500
"""Likewise."""

MEDIA_MAX: Final = 200
"""Likewise."""

DECLARED_TAGS_MAX: Final = 500
"""Likewise."""

ASSOCIATIONS_MAX: Final = 200
"""Likewise."""

HEADLINE_OF_TEXT_CHARACTERS_MAX: Final = 120
"""What heads an entry without a title: a line and a half of its text."""

RATE_DIGITS_MAX: Final = 20
"""On each side of the point; the dearest and the cheapest currency lie within nine."""

RATES_MAX: Final = 20_000
"""Of one document; a year of all currencies of one bank has about 16,500."""

NOMINAL_MAX: Final = 1_000_000
"""For so many units a rate may be: what the log keeps (shared.news), and Russia's rial needs."""

RATE_DAYS_AHEAD_MAX: Final = 7
"""A bank sets its rate for the next working day, which holidays put off; further on is a slip."""

RATE_DAY_EARLIEST: Final = date(1990, 1, 1)
"""None of the banks that are read had an official rate before; an earlier year is a slip."""

XML_ELEMENTS_MAX: Final = 200_000
"""Of a bank's document: RATES_MAX rates of eight elements each, and some."""

XML_DEPTH_MAX: Final = 20
"""Rates lie four deep."""

DATE_AHEAD_DAYS_MAX: Final = 1
"""It is already tomorrow in Almaty when it is still today in UTC."""

DATE_CHARACTERS_MAX: Final = 100
"""“Thu Nov 12 2020 17:00:00 GMT+0000 (Coordinated Universal Time)” has 62."""

PROBLEMS_MAX: Final = 200
"""What a person reads through; the last one counts the rest."""

CAME_CHARACTERS_MAX: Final = 120
"""Enough of a line to find it again in the document."""

QUOTATION_LOOKAHEAD_BLOCKS: Final = 6
"""A quotation that is not opened anew in each paragraph is closed within a few, or never."""

ENTITIES_MAX: Final = 500
"""Names of characters that a document type declares; HTML 4 has 252."""

ENTITY_CHARACTERS_MAX: Final = 200
"""Of what a name stands for: a licence, a phrase."""

ENTITIES_ADD_CHARACTERS_MAX: Final = 1_000_000
"""What all names in a document add to it when they are read: a fifth of the largest."""

ELEMENTS_DEPTH_MAX: Final = 200
"""Elements in elements; XHTML of a text is twenty deep, and libxml2 ends at 256."""

FEED_HEAD_CHARACTERS_MAX: Final = 4_096
"""In which a feed must begin: warnings of a server may stand before it."""

REFRESH_SECONDS_MAX: Final = 30 * 86_400
"""For longer than a month no feed is left unread, whatever it asks for."""

HUBS_MAX: Final = 10
"""Of one feed; nobody names more than three."""

BAD_CHARACTERS_SHARE_MAX: Final = 0.02
"""Of a feed in a declared encoding; above 2 % it was written in another one."""

CPU_S_MAX: Final = 5
"""Of one document; the largest feed takes two. Counted in whole seconds, so up to one more."""

WALL_S_MAX: Final = 10.0
"""Of one document; on a busy machine a process gets half a processor."""

MEMORY_BYTES_MAX: Final = 256_000_000
"""Beside what the process had before the document: fifty times the largest one."""

GROWTH_BYTES_MAX: Final = 64_000_000
"""What stays of documents that are done with; a process that grew so far was used last."""

PARSER_DOCUMENTS_MAX: Final = 500
"""Of one process: what it knows of documents, and whoever has taken it over, does not stay."""

PAGE_BYTES_MAX: Final = 2_097_152
"""Of an HTML page, 2 MiB; the median page of a paper is 200 kB, with all its scripts."""

PAGE_ELEMENTS_MAX: Final = 30_000
"""A long page has five thousand; above it finding the text among them takes seconds."""

PAGE_NESTING_MAX: Final = 750_000
"""Of a page: for each element, those around it and itself. A long page has 100,000; the links of
each element are looked at anew in every one around it, which is four seconds for 2,000,000."""

PAGE_ATTRIBUTES_MAX: Final = 64
"""Of one element; more are there to cost time, which grows with their square."""

STRUCTURED_CHARACTERS_MAX: Final = 500_000
"""Of one block of JSON-LD: an article with its text is 50,000."""

STRUCTURED_BLOCKS_MAX: Final = 50
"""Blocks of JSON-LD in a page; papers have one to five."""

STRUCTURED_NODES_MAX: Final = 5_000
"""Objects that are looked at for the article among them."""

PAGE_FEEDS_MAX: Final = 50
"""Feeds that a page may name; papers name one to ten, one for each section."""
