"""The head of a pasted article, and web pages, as pasted or saved."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.tables import each
from tracker.domain.reading.article import Head, date_in_line, head, people_in
from tracker.domain.reading.text import TextTooLong, normalised
from tracker.domain.reading.web_page import MOST_HTML, is_html, page

BODY = "Mali closed its border with Niger. It opened it again."


def read(*lines: str) -> Head:
    text = normalised("\n\n".join([*lines, BODY]))
    found = head(text)
    assert text[found.body_start :] == BODY
    return found


class TestHead:
    @each(
        "lines",
        [
            ("24 May 2022", "The pipeline and the port", "Joe Webster"),
            ("By Joe Webster", "Published 24 May 2022", "The pipeline and the port"),
            ("The pipeline and the port", "Joe Webster | 24 May 2022 | 5 min read"),
            ("The pipeline and the port", "By Joe Webster, 24 May 2022"),
            ("The pipeline and the port", "By: Joe Webster", "Tuesday, 24 May 2022 at 10:30 GMT"),
            ("The pipeline and the port", "Author: Joe Webster", "2022-05-24T10:30:00Z", "Share"),
            ("The pipeline and the port", "Joe Webster", "24 May 2022", "Updated 25 May 2022"),
            ("The pipeline and the port", "Joe Webster", "24 May 2022", "Who pays, and who wins"),
        ],
    )
    def test_has_date_title_and_author_in_any_order(self, lines):
        found = read(*lines)

        assert found.title == "The pipeline and the port"
        assert found.authors == ("Joe Webster",)
        assert found.date == "2022-05-24"

    def test_has_nothing_that_is_not_written(self):
        assert read() == Head()
        assert head("") == Head()

    def test_has_a_title_that_asks(self):
        assert read("Why did Mali close its border?").title == "Why did Mali close its border?"

    def test_has_a_title_that_could_be_a_name(self):
        assert read("Putin Visits Beijing", "Joe Webster") == Head(
            title="Putin Visits Beijing", authors=("Joe Webster",), body_start=35
        )
        assert read("Putin Visits Beijing").title == "Putin Visits Beijing"

    def test_has_several_authors(self):
        assert read("A title", "By Jane Doe, Li Wei and Ana de la Cruz").authors == (
            *("Jane Doe", "Li Wei"),
            "Ana de la Cruz",
        )

    def test_has_the_publisher_where_it_is_named(self):
        assert read("Source: The Diplomat").publisher_hint == "The Diplomat"
        assert read("A pipeline | The Diplomat") == Head(
            title="A pipeline", publisher_hint="The Diplomat", body_start=27
        )
        assert read("A title", "By Jane Doe, Reuters").publisher_hint == "Reuters"

    def test_has_the_agency_of_the_dateline(self):
        text = "A title\n\nMOSCOW, May 11 (Reuters) - Mali left. Niger stayed."

        assert head(text).publisher_hint == "Reuters"

    def test_takes_no_edit_for_the_date(self):
        assert read("A title", "Last updated: 25 May 2022").date == ""

    def test_ends_with_the_second_line_that_is_no_name(self):
        text = normalised(f"A title\n\nA subtitle\n\nThe first heading\n\n{BODY}")

        assert text[head(text).body_start :].startswith("The first heading")

    def test_ends_where_a_sentence_begins(self):
        assert head("By the river they left. They came back.") == Head()
        assert head("By the river\n\nThey left. They came back.").title == "By the river"

    @given(st.text().map(normalised))
    def test_never_fails(self, text):
        found = head(text)

        assert 0 <= found.body_start <= len(text)
        assert not text[found.body_start : found.body_start + 1].isspace()


class TestDateInLine:
    @each(
        ("line", "edtf"),
        [
            ("24 May 2022", "2022-05-24"),
            ("Tue, 24 May 2022, 5 pm", ""),
            ("24.05.2022, 10:30", "2022-05-24"),
            ("Posted on May 24, 2022.", "2022-05-24"),
            ("May 2022", "2022-05"),
            ("2022", ""),
            ("May or June 2022", ""),
            ("05/06/2022", ""),
            ("unknown", ""),
            ("24 May 2022" + " " * 80, ""),
            ("", ""),
        ],
    )
    def test_is_a_day_or_a_month(self, line, edtf):
        assert date_in_line(line) == (False, edtf)

    def test_can_be_that_of_an_edit(self):
        assert date_in_line("Last modified: 24 May 2022") == (True, "2022-05-24")


class TestPeopleIn:
    @each(
        "text",
        [
            "Jane",
            "jane doe",
            "Jane 2",
            "The End",
            "One Two Three Four Five Six",
            "Jane Doe, Reuters",
        ],
    )
    def test_are_not_other_words(self, text):
        assert people_in(text) == ()

    def test_have_initials_hyphens_and_particles(self):
        assert people_in("J. D. Vance & Anne-Marie d’Arc") == ("J. D. Vance", "Anne-Marie d’Arc")


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
