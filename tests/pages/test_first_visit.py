"""What helps whoever knows nothing of the site: words for numbers, a way on from dead ends."""

import re
from html import unescape

import pytest

from tests.kit.texts import text_of, without_tags
from tracker import log
from tracker.domain.claims import Occurred
from tracker.domain.records import Party
from tracker.pages import record_pages
from tracker.pages.templatetags import wording
from tracker.wording import percent

pytestmark = pytest.mark.django_db
SPACE = "\N{NO-BREAK SPACE}"


class TestAPairThatNothingMoves:
    def test_has_what_is_on_record_of_both(self, client, desk, scored):
        parties = tuple(
            Party(actor=desk.countries[code], role=role)
            for code, role in (("CHN", "initiator"), ("KAZ", "recipient"))
        )
        desk.asserts(
            kind="assessment", code=None, summary="China watches Kazakhstan.", parties=parties
        )
        desk.asserts("RUS", "KAZ", summary="Russia closed a pipeline.")
        scored()

        said = text_of(client.get("/pairs/CHN-KAZ/"))

        assert "Related reports" in said
        assert "China watches Kazakhstan." in said
        assert "Russia closed a pipeline." not in said
        then = text_of(client.get("/pairs/CHN-KAZ/", {"as_of": log.head().position}))
        assert "Related reports" not in then
        assert "Related reports" not in text_of(client.get("/pairs/KAZ-RUS/"))


class TestAPictureThatEndsEarly:
    def test_says_what_became_of_the_score_since(self, client, desk, scored):
        desk.asserts("RUS", "KAZ", occurred=Occurred(edtf="2022-03-10"))
        scored()

        late = text_of(client.get("/pairs/KAZ-RUS/", {"day": "2024-05-01"}))
        early = text_of(client.get("/pairs/KAZ-RUS/", {"day": "2022-03-20"}))

        # Ninety days after the act.
        assert "The picture ends on 8 June 2022: nothing on file moves it after that day." in late
        assert "nothing on file moves it after" not in early


class TestAFlowThatFaded:
    def test_says_so_in_the_place_of_noughts_and_bars(self, client, desk, scored):
        """After 780 days of a half-life of 45 a claim of −8 gives less than a thousandth."""
        desk.asserts("RUS", "KAZ", occurred=Occurred(edtf="2022-03-10"))
        scored()

        late = client.get("/pairs/KAZ-RUS/", {"day": "2024-05-01", "lens": "tone"})
        early = client.get("/pairs/KAZ-RUS/", {"day": "2022-03-20", "lens": "tone"})

        assert "Too little is left of these claims on 1 May 2024 for a score." in text_of(late)
        assert "<rect" not in late.text.partition('class="causes"')[2]
        assert "What is left of each event in the score; together" in text_of(early)
        assert "<rect" in early.text.partition('class="causes"')[2]


class TestATriangle:
    def test_has_how_to_cite_it(self, client, desk, scored):
        desk.asserts("RUS", "KAZ")
        scored()

        said = unescape(client.get("/triads/CHN-KAZ-RUS/").text)

        assert "Entente, CHN, KAZ and RUS, Overall relationship, version 1, score of" in said
        assert f"position {log.head().position} of the record. http://testserver/triads/" in said


class TestACountry:
    def test_has_each_relation_in_words_on_its_mark(self, client, desk, scored):
        desk.asserts("RUS", "KAZ", code="plover-2.0/ASSAULT/heavy-weapons")
        scored()

        assert re.search(r"<title>RUS: \w+ or \w+ \(", client.get("/actors/KAZ/").text)


class TestTheCrumbs:
    def test_of_a_pair_have_its_countries_in_its_order(self, client, desk, scored):
        crumbs = client.get("/pairs/RUS-CHN/").text.partition('class="crumbs"')[2]

        assert crumbs.index("/actors/CHN/") < crumbs.index("/actors/RUS/")

    def test_of_a_claim_lead_to_the_pairs_that_it_moves(self, client, desk, scored):
        claim = desk.asserts("RUS", "KAZ").stream
        scored()

        crumbs = client.get(f"/claims/{claim}/").text.partition('class="crumbs"')[2]

        assert '<a href="/pairs/KAZ-RUS/">KAZ and RUS</a>' in crumbs.partition("</nav>")[0]


class TestWhatCannotBeShown:
    def test_leads_to_the_same_without_each_thing_that_was_asked(self, client, desk, scored):
        answer = client.get("/pairs/KAZ-RUS/", {"lens": "rosy", "day": "2022-05-24"})

        assert "There is no lens 'rosy'" in unescape(answer.text)
        assert '<a href="/pairs/KAZ-RUS/?day=2022-05-24">lens</a>' in answer.text
        assert '<a href="/pairs/KAZ-RUS/?lens=rosy">day</a>' in answer.text
        assert "The same page without: lens , day" in text_of(answer, status=400)

    @pytest.mark.parametrize(
        "path", ["/", "/pairs/KAZ-RUS/", "/triads/CHN-KAZ-RUS/", "/actors/KAZ/"]
    )
    def test_is_not_what_was_before_the_lens(self, client, desk, scored, path):
        """There the first version looks: no reader is sent away for the age of a lens."""
        desk.asserts("RUS", "KAZ")
        scored()

        answer = client.get(path, {"as_of": 1})

        assert answer.status_code == 200
        assert "Overall relationship, version 1" in answer.text

    @pytest.mark.parametrize(
        ("path", "status", "says"),
        [
            ("/pairs/KAZ-XXX/", 404, "No country on record has the code XXX."),
            ("/pairs/KAZ-KAZ/", 404, "A pair must be two different countries; both are KAZ."),
            ("/pairs/KAZ/", 404, "There is no page at this address."),
            ("/actors/QQQ/", 404, "No country on record has the code QQQ."),
            ("/editions/standing@1/2022-02-30/", 404, "There is no day 2022-02-30."),
            ("/pairs/CHN-KAZ/chart.svg", 404, "Nothing is recorded about this pair."),
            ("/pairs/KAZ-RUS/?day=soon", 400, "In day, 'soon' is not a day (2022-05-24)."),
        ],
    )
    def test_is_a_sentence_with_a_way_on(self, client, desk, scored, path, status, says):
        scored()

        answer = client.get(path)

        assert answer.status_code == status
        assert says in without_tags(answer.text)
        assert re.search(r'<p><a href="/">All pairs of countries</a></p>', answer.text)

    def test_is_a_page_of_ours_where_the_address_itself_is_wrong(self, client, desk):
        answer = client.get("/", headers={"host": "not_ours!"})

        assert answer.status_code == 400
        assert "This address cannot be read" in answer.text
        assert '<a href="/">All pairs of countries</a>' in answer.text


class TestAYearWithoutShifts:
    def test_is_followed_by_the_last_before(self, client, shift):
        shift()

        late = text_of(client.get("/shifts/", {"day": "2024-05-01"}))
        then = text_of(client.get("/shifts/", {"day": "2022-06-01"}))

        assert "No major change in the year to 1 May 2024." in late
        assert "KAZ and RUS" in late.partition("Earlier shifts")[2]
        assert "Act 0." in late.partition("Earlier shifts")[2]
        assert "1 major change in the year to 1 June 2022." in then
        assert "KAZ and RUS" in then
        assert "Earlier shifts" not in then


class TestAYearWithManyShifts:
    def test_lists_the_latest_and_counts_all(self, client, shift, monkeypatch):
        monkeypatch.setattr(record_pages, "MOST_SHIFTS", 1)
        shift(("RUS", "KAZ"), ("CHN", "RUS"))

        text = text_of(client.get("/shifts/", {"day": "2022-06-01"}))

        assert "2 major changes in the year to 1 June 2022; the latest 1 are listed." in text


class TestTheStatus:
    def test_says_when_the_last_event_was_recorded(self, client, desk):
        recorded = log.head().recorded_at

        said = text_of(client.get("/status/"))

        assert f"the last on {recorded.day} {recorded:%B %Y, %H:%M} UTC" in said


class TestWords:
    @pytest.mark.parametrize(
        ("p", "said"),
        [
            (0.65, "65"),
            (0.994, "99"),
            (0.996, "over 99"),
            (1.0, "100"),
            (0.006, "1"),
            (0.004, "under 1"),
            (0.0, "0"),
        ],
    )
    def test_of_a_probability_are_in_hundredths(self, p, said):
        assert percent(p) == f"{said}{SPACE}%"

    @pytest.mark.parametrize(
        ("grade", "said"),
        [
            ("C", "C, fairly reliable"),
            ("F", "F, cannot be judged"),
            (None, "ungraded"),
            ("", "ungraded"),
        ],
    )
    def test_of_a_grade_say_what_it_means(self, grade, said):
        assert wording.graded(grade) == said

    @pytest.mark.parametrize(
        ("value", "places", "sway"),
        [(-0.26, 2, "worse"), (0.12, 2, "better"), (-0.004, 2, ""), (0.04, 1, ""), (0, 1, "")],
    )
    def test_have_a_colour_only_where_they_are_something(self, value, places, sway):
        assert wording.sway(value, places) == sway
