"""The brief of a pair or a triangle: every number footnoted, in Markdown and in Word."""

import re
import zipfile
from datetime import date
from io import BytesIO

import docx
import pytest
from django.utils import timezone
from docx.oxml.ns import qn

from tests.kit.builders import AT, a_citation, a_document, a_source
from tests.kit.histories import undone
from tests.kit.seeded import put_seed_on_record
from tracker import log
from tracker.domain import events as e
from tracker.operations import claims, sources
from tracker.projections import impacts, scores
from tracker.queries import moment
from tracker.queries.scores import pairs
from tracker.wording import signed

pytestmark = pytest.mark.django_db
BRIEF = "/admin/desk/claim/brief/"
ID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
DAY = "2022-05-24"


@pytest.fixture(scope="class")
def article(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), undone():
        put_seed_on_record(AT)
        impacts.follow_all()
        scores.recompute_all(at=timezone.now())
        yield log.head().position


def china_russia():
    """The level of the two as a sentence has it."""
    series = pairs.series("CHN-RUS", direction="CHN-RUS", lens="standing", as_of=moment.now())
    return signed(series.score_on(date.fromisoformat(DAY)).value, 2)


def markdown(ann, **query):
    answer = ann.get(BRIEF, {"day": DAY, "form": "md", **query})
    assert answer["Content-Type"] == "text/markdown; charset=utf-8"
    return answer.content.decode()


class TestTheTriangle:
    @pytest.fixture
    def text(self, ann, article):
        return markdown(ann, countries="CHN-KAZ-RUS")

    def test_says_what_the_seeds_table_says(self, text):
        """CHN–KAZ nothing, and KAZ–RUS .9435 · ((−.4 − .36) · (1 − .18/9) + .18)."""
        assert f"China–Kazakhstan 0.00, China–Russia {china_russia()}, Kazakhstan" in text
        assert "Kazakhstan–Russia −0.53." in text
        assert "the triangle is as likely balanced as not, 50" in text
        assert "Nothing on record moves the relation of China–Kazakhstan" in text

    def test_has_footnotes_on_every_line_with_a_number(self, text):
        body = text.split("\n[^1]:")[0]
        lines = [line for line in body.splitlines() if re.search(r"\d", line)]

        assert len(lines) > 12
        for line in lines:
            assert re.search(r"\[\^\d+\]$", line), line

    def test_defines_every_footnote_once_and_uses_it(self, text):
        defined = re.findall(r"^\[\^(\d+)\]:", text, re.MULTILINE)
        used = set(re.findall(r"\[\^(\d+)\](?!:)", text))

        assert [int(one) for one in defined] == list(range(1, len(defined) + 1))
        assert used == set(defined)

    def test_leads_to_scores_with_their_position_to_claims_and_documents(self, text, article):
        notes = text.split("\n[^1]:")[1]

        site = "<http://testserver"
        at = f"lens=standing&day={DAY}&as_of={article}>"
        assert f"{site}/triads/CHN-KAZ-RUS/?{at}" in text
        assert f"{site}/pairs/KAZ-RUS/?{at}" in notes
        assert re.search(rf"{site}/claims/[0-9a-f-]{{36}}/\?as_of={article}>", notes)
        assert (
            "Joe Webster, “The China-Russia-Kazakhstan triangle”, The China-Russia Report" in notes
        )
        assert "citing Bloomberg" in notes

    def test_is_the_same_again_after_more_was_recorded(self, ann, text, article):
        sources.describe_source(a_source(name="New"), at=AT, by="x")
        impacts.follow_all()

        assert markdown(ann, countries="RUS-CHN-KAZ", as_of=str(article)) == text

    def test_opens_in_word_with_the_same_sentences_and_notes(self, ann, text):
        answer = ann.get(BRIEF, {"countries": "CHN-KAZ-RUS", "day": DAY, "form": "docx"})

        assert answer["Content-Type"].endswith("wordprocessingml.document")
        assert answer["Content-Disposition"].endswith('.docx"')
        said = [one.text for one in docx.Document(BytesIO(answer.content)).paragraphs]
        whole = "\n".join(said)
        for line in (
            f"China–Russia {china_russia()}",
            "Nearest to a change of sign is China–Kazakhstan",
            "as of position",
            "citing Bloomberg",
        ):
            assert line in whole
        assert not re.search(ID, whole)
        notes = said[said.index("Notes") + 1 :]
        assert len(notes) == len(re.findall(r"^\[\^\d+\]:", text, re.MULTILINE))
        assert notes[0].startswith("1. ")
        assert re.search(r"China–Kazakhstan, at [+−]?[.0-9]+\.1$", whole, re.MULTILINE)


class TestTheChartAndTheTable:
    @pytest.fixture
    def answer(self, ann, article):
        return ann.get(BRIEF, {"countries": "KAZ-RUS", "day": DAY, "form": "docx"})

    @pytest.fixture
    def file(self, answer):
        return docx.Document(BytesIO(answer.content))

    def test_of_a_word_file_are_of_the_pair(self, file):
        [table] = file.tables
        head, *rows = [[cell.text for cell in row.cells] for row in table.rows]

        assert head == ["No.", "Claim", "Date", "Gives", "Reported by"]
        [shut_off] = [row for row in rows if row[1].startswith("Russia in effect sanctioned")]
        # −.9435 · .36 · (1 − .18/9)
        assert shut_off[2:] == ["one day in 21–31 March 2022", "−0.33", "The China-Russia Report"]

    def test_of_a_word_file_is_of_the_briefs_day_in_british_english(self, file):
        found = file.core_properties
        assert found.created.date() == found.modified.date() == date.fromisoformat(DAY)
        assert (found.comments, found.language) == ("", "en-GB")
        [language] = {one.get(qn("w:val")) for one in file.styles.element.iter(qn("w:lang"))}
        assert language == "en-GB"

    def test_of_a_word_file_have_a_description_and_links(self, answer, file):
        [shape] = file.inline_shapes
        assert shape._inline.docPr.get("descr").startswith("Kazakhstan–Russia, March 2022 to ")
        with zipfile.ZipFile(BytesIO(answer.content)) as package:
            media = [name for name in package.namelist() if name.startswith("word/media/")]
            picture = package.read(media[0])
            links = package.read("word/_rels/document.xml.rels").decode()
        assert picture.startswith(b"\x89PNG\r\n\x1a\n")
        assert re.search(rf'Target="http://testserver/claims/{ID}/\?as_of=\d+"', links)

    def test_are_on_the_page_too(self, ann, article):
        query = {"countries": "Russia, Kazakhstan", "day": "24 May 2022"}
        page = ann.get(BRIEF, query)

        assert '<th scope="col">Reported by</th>' in page.text
        assert f"countries=KAZ-RUS&amp;day={DAY}" in page.text
        [label] = re.findall(r'class="desk-chart" role="group" aria-label="([^"]*)"', page.text)
        assert label.startswith("Kazakhstan–Russia, March 2022 to ")
        # Drawn in the page, so that it has the colours of its theme.
        assert page.text.count('class="plot"') == 1

    def test_have_the_same_days_up_to_that_of_the_brief(self, ann, article):
        """The first of the three, the triangle itself, has no chart, and China–Kazakhstan nothing
        to show."""
        page = ann.get(BRIEF, {"countries": "CHN-KAZ-RUS", "day": "2024-05-24"})

        drawn = [one.chart for one in page.context["sections"] if one.chart]
        days = [[row["day"] for row in one.spec["data"]["values"]] for one in drawn]
        assert len(days) == 2
        assert days[0][0] == days[1][0]
        assert {own[-1] for own in days} == {"2024-05-24"}
        [span] = {re.search(r", (\w+ \d+ to \w+ \d+): ", one.says)[1] for one in drawn}
        assert span.endswith(" to May 2024")
        assert all("value" in {layer["name"] for layer in one.spec["layer"]} for one in drawn)

    def test_are_missing_before_the_first_claim(self, ann, article):
        query = {"countries": "KAZ-RUS", "day": "2001-01-01"}

        assert "desk-chart" not in ann.get(BRIEF, query).text


class TestAPair:
    @pytest.fixture
    def told(self, ann, desk):
        impacts.follow_all()
        return lambda **query: markdown(ann, countries="KAZ-RUS", **query)

    def test_tells_how_a_claim_was_judged_wherever_it_stands(self, told, desk):
        claim = desk.asserts(summary="Russia <b>closed</b> a *pipeline*.").stream
        claims.give_verdict(
            claim, e.VerdictGiven(verdict="disputed", reason="no proof"), at=AT, by="x"
        )
        impacts.follow_all()

        text = told()

        assert r"Russia \<b\>closed\</b\> a \*pipeline\*. \[judged disputed by the desk\]" in text

    def test_names_every_document_and_who_denies(self, told, desk):
        other = a_document(desk.source, title="Another", url="https://ex.org/b")
        made = sources.describe_document(other, at=AT, by="x").stream
        claim = desk.asserts().stream
        claims.cite(claim, a_citation(made, stance="denies", locator="p. 2"), at=AT, by="x")
        impacts.follow_all()

        assert "“Another”, The Gazette, 24 May 2022, p. 2 (denies it), <https://ex.org/b>" in told()

    def test_rests_on_a_level_and_no_acts_where_there_are_none(self, told, desk):
        desk.sees_levels()
        desk.assesses("2", "1")
        impacts.follow_all()

        assert "It rests on 1 assessed level and no acts." in told()

    def test_marks_a_level_of_an_earlier_day_as_such(self, ann, desk):
        """The picture begins a month before the first act, and the level is older."""
        desk.sees_levels()
        desk.assesses("2", "1", "2018-12-31")
        desk.asserts()
        impacts.follow_all()

        page = ann.get(BRIEF, {"countries": "KAZ-RUS", "day": DAY})

        [drawn] = [one.chart for one in page.context["sections"] if one.chart]
        [levels] = [layer for layer in drawn.spec["layer"] if layer["name"] == "levels"]
        assert levels["data"]["values"][0]["text"] == "← Level +2.0 ± 1.0, 31 December 2018"

    def test_marks_a_level_after_an_earlier_one_that_gives_more(self, ann, desk):
        desk.sees_levels()
        desk.assesses("8", "0.2", "2018-12-31")
        desk.assesses("1", "3", "2022-05-20")
        desk.asserts()
        impacts.follow_all()

        page = ann.get(BRIEF, {"countries": "KAZ-RUS", "day": DAY})

        [section] = [one for one in page.context["sections"] if one.chart]
        assert next(claim.pull.value for claim, *_ in section.claims) == 8
        [levels] = [layer for layer in section.chart.spec["layer"] if layer["name"] == "levels"]
        assert [row["text"][:10] for row in levels["data"]["values"]] == [
            "Level +1.0",
            "← Level +8",
        ]

    def test_of_which_nothing_is_known_says_so(self, told):
        assert "Nothing on record moves the relation of KAZ–RUS" in told()


class TestWhatCannotBeWritten:
    @pytest.mark.parametrize(
        ("query", "says"),
        [
            ({"countries": "KAZ"}, "two or three countries"),
            ({"countries": "KAZ-XXX"}, "no country on record has the code XXX"),
            ({"countries": "KAZ-RUS", "day": "24 May"}, "is not a date: which year?"),
            ({"countries": "KAZ-RUS", "day": "May 2022"}, "write one day"),
            ({"countries": "KAZ, Nobody at all"}, "no actor on record is called"),
            ({"countries": "KAZ-RUS", "as_of": "soon"}, "write the number of a log entry"),
            ({"countries": "KAZ-RUS", "as_of": "999999"}, "the log ends at position"),
        ],
    )
    def test_is_said(self, ann, desk, query, says):
        impacts.follow_all()
        page = ann.get(BRIEF, query)

        assert page.status_code == 200
        assert says in page.text
