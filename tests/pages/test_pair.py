"""The page of a pair: its picture, its sentence, its table and why."""

import re
from datetime import date
from decimal import Decimal
from html import unescape

import pytest
import time_machine

from tests.kit.builders import AT
from tests.kit.texts import text_of
from tracker import log
from tracker.domain import events as e
from tracker.domain.claims import Magnitude
from tracker.operations import claims
from tracker.pages import pair_context
from tracker.queries import moment
from tracker.queries.evidence import what_if
from tracker.queries.scores import pairs
from tracker.wording import signed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_today")]
PAGE = "/pairs/KAZ-RUS/"


@pytest.fixture
def _today():
    with time_machine.travel("2024-05-01T12:00:00Z", tick=False):
        yield


@pytest.fixture
def claim_id(desk, scored):
    """Russia sanctions Kazakhstan on 11 May 2022; later China does something to Russia."""
    stream = desk.asserts(summary="Russia closed <b>a pipeline</b>.").stream
    desk.asserts("CHN", "RUS", summary="China built a bridge.")
    scored()
    return stream


class TestThePage:
    def test_says_where_the_pair_stands_and_what_that_rests_on(self, client, claim_id):
        """An act moves a level of 0 by −.6 in the .65 of worlds in which it was."""
        said = text_of(client.get(PAGE))

        assert "KAZ and RUS" in said
        assert "KAZ and RUS: no change we can be sure of." in said
        assert (
            "Reported acts moved it by −0.4 in May 2022, 90 % interval −0.6 to 0.0; it fell with"
            " 65 % probability."
        ) in said
        assert "1 claim from 1 independent source" in said
        assert "the latest counts from 11 May 2022." in said
        assert "As of 1 May 2024. The newest report is of" in said

    def test_names_each_cause_with_its_amount_and_escapes_it(self, client, claim_id):
        answer = client.get(PAGE)

        series = pairs.series("KAZ-RUS", direction="KAZ-RUS", lens="standing", as_of=moment.now())
        part = series.scorer.contributions(what_if.pulls_of(series), date(2024, 5, 1)).parts[0]
        assert f'href="/claims/{claim_id}/"' in answer.text
        assert "Russia closed &lt;b&gt;a pipeline&lt;/b&gt;." in answer.text
        assert "<b>a pipeline</b>" not in answer.text
        assert signed(part.amount) in text_of(answer)
        assert "China built a bridge." not in answer.text

    def test_sums_up_the_causes_that_are_too_many_to_show(
        self, client, desk, claim_id, scored, monkeypatch
    ):
        desk.asserts(summary="Russia closed a road.", code="plover-2.0/ACCUSE/disapprove")
        scored()
        monkeypatch.setattr(pair_context, "MOST_CAUSES", 1)
        monkeypatch.setattr(pair_context, "MOST_MOVERS", 1)

        series = pairs.series("KAZ-RUS", direction="KAZ-RUS", lens="standing", as_of=moment.now())
        shown, left = series.scorer.contributions(what_if.pulls_of(series), date(2024, 5, 1)).parts

        said = text_of(client.get(PAGE))
        assert abs(shown.amount) > abs(left.amount)
        assert "a pipeline" in said
        assert "a road" not in said.partition("What was known when")[0]
        # By steps of the movement and by parts of the score, in tenths that add up.
        assert said.count(f"1 further claim: {signed(left.amount)}.") == 2

    def test_has_nothing_that_its_policy_forbids(self, client, claim_id):
        text = client.get(PAGE).text

        assert not re.search(
            r"<script(?! src=\"/static/| type=\"application/ld\+json\")|<style|\sstyle=|\son\w+="
            r"|javascript:|https?://(?!www.w3|testserver|schema.org\")",
            text,
        )

    def test_shows_what_was_measured_beside_it(self, client, desk, claim_id):
        desk.asserts(
            kind="measure",
            code=None,
            summary="Trade fell by 40 %.",
            magnitude=Magnitude(value=Decimal(-40), unit="% of trade", change=True),
        )

        said = text_of(client.get(PAGE))

        assert ("Trade fell by 40 %. on 11 May 2022 · change of −40 % of trade · 65 % sure") in said

    def test_carries_the_verdict_wherever_it_prints_the_claim(self, client, claim_id, scored):
        verdict = e.VerdictGiven(verdict="disputed", reason="no")
        claims.give_verdict(claim_id, verdict, at=AT, by="ann")
        scored()

        text = client.get(PAGE).text

        printed = text.count("a pipeline")
        assert printed >= 2
        assert text.count("[judged disputed by the desk]") == printed

    def test_shows_one_direction_and_another_lens(self, client, claim_id):
        other = client.get(PAGE, {"direction": "KAZ>RUS", "lens": "tone"})

        assert "KAZ towards RUS" in text_of(other)
        assert "Nothing recorded moves this score up to 1 May 2024." in text_of(other)
        assert "No claim moves this score." in text_of(other)

    def test_links_to_the_other_ways_to_look_and_keeps_the_rest(self, client, claim_id):
        text = unescape(client.get(PAGE, {"lens": "tone", "day": "2022-06-01"}).text)

        assert f'href="{PAGE}?lens=tone&direction=RUS%3EKAZ&day=2022-06-01"' in text
        assert f'href="{PAGE}?day=2022-06-01"' in text
        there = client.get(PAGE, {"lens": "tone", "show": "download"}).text
        assert "/api/v1/pairs/KAZ-RUS/explanation/?lens=tone" in unescape(there)

    def test_shows_what_was_known_at_a_position(self, client, claim_id, scored):
        before = log.head().position
        claims.retract_claim(claim_id, reason="no", at=AT, by="ann")
        scored()

        now = text_of(client.get(PAGE))
        then = client.get(PAGE, {"as_of": str(before)})

        assert "No claim moves this score." in now
        assert "Russia closed <b>a pipeline</b>." in text_of(then)
        assert "[retracted]" not in then.text
        assert "As known on 1 May 2024, not as known now." in text_of(then)
        assert f'<a href="{PAGE}">What is known now</a>' in then.text
        assert f"/claims/{claim_id}/?as_of={before}" in then.text

    @pytest.mark.parametrize(
        ("query", "says"),
        [
            ({"as_of": "9999"}, "The log ends at position"),
            ({"as_of": "tomorrow"}, "is neither a position of the log"),
            ({"as_of": "2022-05-24T12:00:00"}, "nor a time with UTC offset"),
            ({"day": "31 May"}, "is not a day (2022-05-24)"),
            ({"day": "0001-01-01"}, "is not between"),
            ({"day": "2022-02-30"}, "is not a day (2022-05-24)"),
            ({"lens": "<b>"}, "There is no lens"),
            ({"direction": "RUS>CHN"}, "KAZ-RUS has the directions"),
            ({"day": "2022-06-01", "since": "2022-06-02"}, "is after 2022-06-01"),
            ({"since": "soon"}, "In since, 'soon'"),
        ],
    )
    def test_says_in_words_what_it_cannot_show(self, client, claim_id, query, says):
        answer = client.get(PAGE, query)

        assert answer.status_code == 400
        assert says in unescape(answer.text)
        assert "<b>" not in answer.text

    def test_answers_only_readers(self, client, claim_id):
        assert client.post(PAGE).status_code == 405
