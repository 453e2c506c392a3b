"""The head of a pasted article."""

from hypothesis import given
from hypothesis import strategies as st

from tests.kit.tables import each
from tracker.domain.reading.article import Head, date_in_line, head, people_in
from tracker.domain.reading.text import normalised

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
