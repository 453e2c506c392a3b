"""What would change a finding, from a whole record: links between claims, grades, withheld ones."""

from datetime import date

import pytest

from tests.kit.accusations import a_firm, blames
from tests.kit.background_work import work_off
from tests.kit.builders import AT, BY, a_citation, a_desk, rate
from tests.kit.levels import share
from tests.kit.pulls import still_parameters
from tracker.domain.claims import Occurred
from tracker.domain.disclosure import Reader
from tracker.operations import links
from tracker.queries import moment
from tracker.queries.evidence import what_would_change
from tracker.queries.evidence.what_would_change import NoLevel
from tracker.queries.scores import pairs

pytestmark = pytest.mark.django_db

DAY = date(2022, 6, 1)
SANCTION, VISIT = "plover-2.0/SANCTION", "plover-2.0/CONSULT/visit"


@pytest.fixture
def desk(db):
    """A level that starts at 0, and that nothing moves but acts."""
    return a_desk(level=still_parameters())


def read(reader=Reader.PUBLIC, lens="standing"):
    work_off()
    series = pairs.series("KAZ-RUS", direction="KAZ-RUS", lens=lens, as_of=moment.now())
    return what_would_change.of_series(series, DAY, since=None, reader=reader)


def claims_of(found, question):
    return next((set(one.claims) for one in found.search.found if one.question == question), None)


class TestTheClaims:
    def test_include_both_of_two_that_are_the_same(self, desk):
        """If only one is left out, the other replaces it and nothing changes."""
        one = desk.asserts(code=SANCTION).stream
        same = desk.asserts(code=SANCTION).stream
        links.link("same_as", one, same, at=AT, by=BY)
        desk.asserts("KAZ", "RUS", code=VISIT, occurred=Occurred(edtf="2022-05-01"))

        assert claims_of(read(), "direction") is None

    def test_never_include_a_withheld_one_for_the_public(self, desk):
        """The result would reveal its pair."""
        firm = a_firm(desk)
        blaming = blames(desk, firm)

        public, own = read(), read(Reader.DESK)

        assert blaming not in {claim for one in public.search.found for claim in one.claims}
        assert (public.search.claims, own.search.claims) == (0, 1)


class TestTheGrade:
    def test_is_that_of_the_source_that_matters_most(self, desk):
        """A public act is true with prior odds of 9. Graded C, .65, odds of 1.857 · 9 = 16.71 are a
        p of .9435; graded B, .85, 5.667 · 9 = 51 are over the cap of .97; graded D, .4,
        .667 · 9 = 6 are .8571. Its step is −.6."""
        desk.asserts(code=SANCTION)

        found = read()

        assert found.grade.source == desk.source
        assert (found.grade.name, found.grade.grade) == ("The Gazette", "C")
        assert found.values.movement == pytest.approx(-0.6 * share(0.9435))
        assert found.grade.higher.grade == "B"
        assert found.grade.higher.values.movement == pytest.approx(-0.6 * share(0.97))
        assert found.grade.lower.grade == "D"
        assert found.grade.lower.values.movement == pytest.approx(-0.6 * share(0.8571))

    def test_is_the_one_that_changes_more_of_two(self, desk):
        """Of three claims of another source and one of the desk's, at the same grade."""
        other = desk.hears(name="The Echo", grade="C")
        desk.asserts(code=SANCTION)
        for day in ("2022-02-01", "2022-03-11", "2022-04-21"):
            cited = (a_citation(other),)
            desk.asserts(code=SANCTION, citations=cited, occurred=Occurred(edtf=day))

        assert read().grade.name == "The Echo"

    def test_of_a_source_of_a_withheld_claim_that_says_the_same_is_not_tried(self, desk):
        rate(desk.source, "D", since=date(2021, 1, 1))
        wire = a_citation(desk.hears(name="A Wire", grade="D"))
        public = desk.asserts(code=SANCTION).stream
        withheld = blames(desk, a_firm(desk), citations=(wire,))
        links.link("same_as", public, withheld, at=AT, by=BY)

        # The editors see that both sources matter.
        assert read(Reader.DESK).grade
        assert read().grade is None

    def test_of_a_source_without_one_is_not_tried(self):
        desk = a_desk(grade=None)
        desk.asserts(code=SANCTION)

        assert read().grade is None

    def test_has_nothing_better_than_the_best(self, desk):
        rate(desk.source, "A", since=date(2021, 1, 1))
        desk.asserts(code=SANCTION)

        found = read()

        assert found.grade is None or found.grade.higher is None


class TestTheActs:
    def test_are_counted_from_an_assessed_level(self, desk):
        """A level of 2.9 is just below 3, where good begins, so that one visit is enough. Of
        sanctions, one a month and each with p .97 and of its own root, the first takes .97(.6 +
        2.9/15) = .77, the next .72, .67, .63 and .59: after four it is +.1, after five −.5."""
        desk.assesses("2.9", "0.1")

        by_code = {one.code: one for one in read().acts}

        assert by_code[VISIT][1:] == (1, "good")
        assert by_code[SANCTION][1:] == (5, "discord")

    def test_are_missing_for_a_level_that_nobody_assessed(self, desk):
        desk.asserts(code=SANCTION)

        assert read().acts == []


class TestTheLens:
    def test_has_to_measure_a_level(self, desk):
        desk.asserts(code=SANCTION)

        with pytest.raises(NoLevel):
            read(lens="tone")


class TestThePage:
    PATH = "/pairs/KAZ-RUS/what-would-change/"

    def test_says_it_in_sentences(self, client, desk):
        """The movements are those of the test of grades above: −.57, −.51 and −.58."""
        desk.asserts(code=SANCTION, summary="Russia closed a pipeline.")
        work_off()

        page = " ".join(client.get(self.PATH, {"day": "2022-06-01"}).text.split())

        assert "Without one claim no movement would be left." in page
        assert ">Russia closed a pipeline.</a>" in page
        assert "The Gazette</a> is graded C" in page
        assert "If The Gazette were graded D, the movement would be −0.5, not −0.6." in page
        assert "If The Gazette were graded B, it would stay at −0.6." in page

    def test_refuses_a_lens_without_levels_in_words(self, client, desk):
        desk.asserts(code=SANCTION)
        work_off()

        answer = client.get(self.PATH, {"lens": "tone"})

        assert answer.status_code == 400
        assert "Choose the lens of the overall relationship" in answer.text

    def test_is_linked_from_the_pair(self, client, desk):
        desk.asserts(code=SANCTION)
        work_off()

        assert f'href="{self.PATH}"' in client.get("/pairs/KAZ-RUS/").text
        day = "day=2022-06-01"
        assert f'href="{self.PATH}?{day}"' in client.get(f"/pairs/KAZ-RUS/?{day}").text
