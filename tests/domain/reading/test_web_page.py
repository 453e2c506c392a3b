"""Web pages, as pasted or saved."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.reading.article import Head
from tracker.domain.reading.text import TextTooLong
from tracker.domain.reading.web_page import MOST_HTML, is_html, page

PAGE = """<!DOCTYPE html><html><head><title>A pipeline | The Diplomat</title>
<meta property="og:title" content="A  pipeline">
<meta property="og:site_name" content="The Diplomat">
<meta name="author" content="Jane Doe and Li Wei"><meta name="empty"><meta name="author">
<meta property="article:published_time" content="2022-05-24T10:00:00+02:00">
<style>p {color: red}</style></head>
<body><nav><p>Menu</p></nav><header><p>Top</p></header>
<article><h1>A pipeline</h1><time datetime="2020-01-01">old</time>
<p>Russia <a href="x">shut</a> it.<br>Then Mali<b>an</b> men
came.<p>It opened &amp; closed.<script>if (a < b) alert("x")</script></p>
<h2>What next</h2><ul><li>Mali leaves</li></ul>
<p><a href="y">Read more of this</a></p><p> </p></article>
<p>Cookies</p></body></html>"""


class TestPage:
    def test_has_the_paragraphs_of_the_article(self):
        assert page(PAGE).text == (
            "Russia shut it.\n\nIt opened & closed.\n\nWhat next\n\nMali leaves"
        )

    def test_has_what_the_page_says_of_itself(self):
        assert page(PAGE).head == Head(
            title="A pipeline",
            authors=("Jane Doe", "Li Wei"),
            date="2022-05-24",
            publisher_hint="The Diplomat",
        )

    def test_has_the_headline_where_there_is_no_title_for_others(self):
        assert page("<title>T</title><h1>A pipeline</h1><p>It is shut.</p>").head.title == (
            "A pipeline"
        )
        assert page("<title>T</title><p>It is shut.</p>").head.title == "T"

    def test_has_the_time_where_there_is_no_date(self):
        assert page("<time datetime='24 May 2022'>x</time>").head.date == "2022-05-24"
        assert page("<time>24 May 2022</time>").head.date == ""

    def test_is_the_whole_page_if_no_part_is_marked(self):
        assert page("<div>a</div><p>It is shut.</p></nav></a><p>It is open.").text == (
            "It is shut.\n\nIt is open."
        )

    def test_refuses_a_page_that_is_too_long(self):
        with pytest.raises(TextTooLong, match="2000001 characters of HTML; at most 2000000"):
            page("a" * (MOST_HTML + 1))

    @pytest.mark.long
    def test_of_four_times_the_length_takes_about_four_times_as_long(self):
        # The parser hands it over by characters. A copy of the text for each would make it 16.
        def seconds(count):
            begun = process_time()
            with pytest.raises(TextTooLong):
                page("<p>" + "<" * count)
            return process_time() - begun

        assert seconds(960_000) < 10 * seconds(240_000)

    @given(st.text(alphabet="<>/!-ap =\"'&;"))
    def test_never_fails(self, text):
        page(text)


class TestIsHtml:
    def test_begins_with_a_tag(self):
        assert is_html(PAGE)
        assert is_html("\n <p>Text")
        assert not is_html("a < b")
        assert not is_html("<pipeline>")
