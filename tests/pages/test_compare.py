"""The page that compares movements: of pairs, of lenses, and of moments."""

import re
from html import unescape

import pytest

from tests.kit.background_work import work_off
from tests.kit.builders import AT, BY, SANCTION, a_citation, a_desk
from tests.kit.pulls import still_parameters
from tracker import log
from tracker.domain.claims import Occurred
from tracker.operations import claims

pytestmark = pytest.mark.django_db
DAY = "2022-06-01"


@pytest.fixture
def desk(db):
    """A record on which nothing happens unreported: see `still_parameters`."""
    return a_desk(level=still_parameters())


def text_of(answer, status=200):
    assert answer.status_code == status, answer.text
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", answer.text)))


@pytest.fixture
def record(desk, scored):
    """Russia sanctions Kazakhstan and then China, and China agrees with Kazakhstan."""
    desk.asserts("RUS", "KAZ", code=SANCTION, occurred=Occurred(edtf="2022-05-11"))
    desk.asserts("RUS", "CHN", code=SANCTION, occurred=Occurred(edtf="2022-05-12"))
    desk.asserts("CHN", "KAZ", code="plover-2.0/AGREE", occurred=Occurred(edtf="2022-05-13"))
    scored()
    return desk


def compared(client, **parameters):
    return client.get("/compare/", {"day": DAY, **parameters})


class TestPairs:
    def test_have_a_line_each_with_its_interval(self, client, record):
        """A sanction moves a level by −.6, and is true in 242 of 256 worlds, p .9435: −.5672, and 0
        in the others, which the interval of 90 % holds."""
        text = text_of(compared(client, pairs="KAZ-RUS,CHN-RUS"))

        line = (
            "KAZ and RUS: ▼ worse, one source reports: −0.6 since May 2022"
            " (90 % interval −0.6 to 0.0)"
        )
        assert line in text
        assert "CHN and RUS: ▼ worse, one source reports" in text
        assert "−0.57 (−0.60 to 0.00)" in text
        assert "The largest change, one source reports: KAZ and RUS, for the worse" in text

    def test_say_which_one_surely_changed(self, client, record):
        """Two more roots leave .0565³ of the worlds without any sanction."""
        for number in (1, 2):
            heard = a_citation(record.hears(name=f"Paper {number}"))
            day = Occurred(edtf=f"2022-05-2{number}")
            record.asserts("RUS", "KAZ", code=SANCTION, occurred=day, citations=(heard,))
        work_off()

        text = text_of(compared(client, pairs="KAZ-RUS,CHN-KAZ"))

        assert (
            "The largest clear change: KAZ and RUS, for the worse since 10 May 2022. No large"
            " change: CHN and KAZ."
        ) in text

    def test_say_of_a_sure_change_that_is_small_that_it_is_not_large(self, client, record):
        """Talks move a level by .3, which is less than half a point."""
        record.asserts("CHN", "RUS", code="plover-2.0/CONSULT", occurred=Occurred(edtf="2022-06"))
        record.asserts("CHN", "KAZ", code="plover-2.0/CONSULT", occurred=Occurred(edtf="2022-05"))
        work_off()

        text = text_of(compared(client, pairs="KAZ-RUS,CHN-KAZ"))

        assert "CHN and KAZ: ? probably better, about 95 %, +0.3 since" in text
        assert "No large change: CHN and KAZ." in text
        assert "No clear change" not in text

    def test_can_be_added_and_taken_away(self, client, record):
        answer = compared(client, pairs="KAZ-RUS,CHN-RUS", add="CHN-KAZ")

        assert answer.text.count('class="dash') == 3
        assert 'href="/compare/?day=2022-06-01&amp;pairs=CHN-RUS%2CCHN-KAZ"' in answer.text

    def test_are_those_with_most_claims_by_default(self, client, record):
        text = text_of(client.get("/compare/"))

        assert "Compared: KAZ–RUS, CHN–RUS and CHN–KAZ" in text

    def test_are_missing_before_any_score(self, client, desk):
        assert "No pair of countries has a score yet." in text_of(client.get("/compare/"))


class TestLenses:
    def test_of_one_pair_are_lines_by_the_names_of_readers(self, client, record):
        name = record.measures_levels()
        work_off()

        text = text_of(compared(client, pairs="KAZ-RUS", lenses=f"standing,{name}"))

        assert "KAZ and RUS, by different sources and measures" in text
        assert "Overall relationship: ▼ worse, one source reports" in text
        assert "standing" not in re.sub(r"http\S+", "", text)


class TestMoments:
    def test_show_what_was_known_then(self, client, record):
        before = log.head().position
        claim = record.asserts(
            "RUS", "KAZ", code=SANCTION, occurred=Occurred(edtf="2022-04-20")
        ).stream
        work_off()
        after = log.head().position
        claims.retract_claim(claim, reason="no", at=AT, by=BY)
        work_off()

        answer = compared(client, pairs="KAZ-RUS", moments=f"{before},{after}")

        text = text_of(answer)
        assert text.count("As known on") >= 2
        assert "−0.57" in text
        # Both have one root, so that they are true together, in 242 of 256 worlds: then the second
        # leaves 1 − .6/9 of −.6, and adds −.6, which is −1.16.
        assert "−1.10" in text


class TestTheFrozenAddress:
    def test_stays_as_it_is(self, client, record):
        answer = compared(client, pairs="KAZ-RUS,CHN-RUS")
        frozen = unescape(re.search(r'class="cite"><a href="(.*?)"', answer.text)[1])
        record.asserts("RUS", "KAZ", code=SANCTION, occurred=Occurred(edtf="2022-04-20"))
        work_off()

        text = text_of(client.get(frozen))

        assert "−0.57 (−0.60 to 0.00)" in text
        assert "−1.10" not in text


class TestBadInput:
    @pytest.mark.parametrize(
        ("parameters", "says"),
        [
            ({"pairs": "KAZ"}, "The pair 'KAZ' in pairs cannot be read."),
            ({"pairs": "KAZ-XXX"}, "No country on record has the code XXX."),
            ({"pairs": "KAZ-KAZ"}, "A pair must be two different countries"),
            ({"pairs": "KAZ-RUS,CHN-RUS", "lenses": "standing,tone"}, "With lenses name one pair"),
            ({"pairs": "KAZ-RUS", "lenses": "standing"}, "lenses has 1 entries"),
            ({"pairs": "KAZ-RUS", "lenses": "standing,nope"}, "no lens"),
            ({"pairs": "KAZ-RUS", "moments": "1,soon"}, "neither a position of the log"),
            ({"pairs": "KAZ-RUS", "moments": "1,999999"}, "is not on record"),
            ({"pairs": "KAZ-RUS", "moments": "1,2", "lenses": "a,b"}, "not both"),
            ({"pairs": "KAZ-RUS,CHN-RUS", "lens": "tone"}, "measures no level"),
            ({"pairs": "x" * 300}, "longer than 200 characters"),
            ({"order": "name"}, "This page has no parameter order."),
        ],
    )
    def test_is_answered_in_words(self, client, record, parameters, says):
        assert says.lower() in text_of(compared(client, **parameters), status=400).lower()
