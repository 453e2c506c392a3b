"""The page of a pair: what it says, its order, and one figure for its movement in picture, list,
table and files."""

import csv
import io
import json
import re
from datetime import date
from decimal import Decimal
from html import unescape

import pytest
import time_machine

from tests.kit.builders import AT, BY, SANCTION, a_citation, a_document
from tests.kit.texts import text_of
from tracker import log
from tracker.domain import events as e
from tracker.domain.claims import Magnitude, Occurred
from tracker.domain.records import Source
from tracker.operations import claims, sources
from tracker.pages import pair_context
from tracker.queries import moment
from tracker.queries.evidence import what_if
from tracker.queries.scores import movements, pairs
from tracker.wording import signed

pytestmark = pytest.mark.django_db
PAGE = "/pairs/KAZ-RUS/"


@pytest.fixture
def _today():
    with time_machine.travel("2024-05-01T12:00:00Z", tick=False):
        yield


@pytest.fixture
def claim_id(desk, scored, _today):
    """Russia sanctions Kazakhstan on 11 May 2022; later China does something to Russia."""
    stream = desk.asserts(summary="Russia closed <b>a pipeline</b>.").stream
    desk.asserts("CHN", "RUS", summary="China built a bridge.")
    scored()
    return stream


@pytest.mark.usefixtures("_today")
class TestThePage:
    def test_says_where_the_pair_stands_and_what_that_rests_on(self, client, claim_id):
        """An act has a step of −.6, in the .65 of worlds in which it was: −.39."""
        said = text_of(client.get(PAGE))

        assert "KAZ and RUS" in said
        assert "KAZ and RUS: no change we can be sure of." in said
        moved = r"It moved by −0\.4 \w+ May 2022, 90 % interval −\d\.\d to \S+; it fell with about"
        assert re.search(moved, said)
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
        earlier = Occurred(edtf="2022-04-20")
        desk.asserts(summary="Russia closed a road.", code="plover-2.0/ACCUSE", occurred=earlier)
        scored()
        monkeypatch.setattr(pair_context, "MOST_CAUSES", 1)
        monkeypatch.setattr(pair_context, "MOST_MOVERS", 1)

        series = pairs.series("KAZ-RUS", direction="KAZ-RUS", lens="standing", as_of=moment.now())
        shown, left = series.scorer.contributions(what_if.pulls_of(series), date(2024, 5, 1)).parts

        said = text_of(client.get(PAGE))
        assert abs(shown.amount) > abs(left.amount)
        assert "a pipeline" in said
        assert "a road" not in said.partition("What was known when")[0]
        # By steps of the movement, in tenths that add up.
        [further] = re.findall(r"1 further claim: −(\S+)\.", said)
        assert -float(further) == pytest.approx(left.amount, abs=0.1)

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


DAY = {"day": "2022-06-01"}
ON = AT.date().replace(2022, 6, 1)


@pytest.fixture
def levels(desk, scored):
    """KAZ–RUS at +6 at the end of 2020; in May 2022 a state-owned agency reports, in words, that
    Russia sanctioned Kazakhstan. CHN–KAZ has the same act, and no level."""
    desk.assesses("6", "2.5")
    agency = sources.describe_source(
        Source(kind="agency", name="The Agency", ownership="state"), at=AT, by=BY
    ).stream
    report = sources.describe_document(
        a_document(agency, title="A wire", date="2022-05-24"), at=AT, by=BY
    ).stream
    quote = "Nothing <b>passes</b> any more."
    cited = (a_citation(report, quote=quote),)
    desk.asserts(
        code=SANCTION,
        summary="Russia closed a road.",
        occurred=Occurred(edtf="2022-05-11"),
        citations=cited,
    )
    desk.asserts("CHN", "KAZ", code=SANCTION, occurred=Occurred(edtf="2022-05-12"))
    scored()
    return desk


def moved_on_record(pair="KAZ-RUS"):
    series = pairs.series(pair, direction=pair, lens="standing", as_of=moment.now())
    return movements.of_series(series, ON)


def svgs(text):
    return re.findall(r'<div class="size-(\w+)".*?(<svg.*?</svg>)', text, re.DOTALL)


class TestTheOrder:
    def test_is_finding_picture_level_causes_sources_and_then_other_views(self, client, levels):
        text = client.get(PAGE, DAY).text.partition("<main")[2]
        parts = (
            'class="headline"',
            "<figure",
            "Where it stands",
            "What moved it",
            "Who said so",
            "What is known of the level",
            "What would change this",
            "Look at it another way",
            'aria-label="Direction"',
            "Download",
            "Cite this page",
        )

        places = [text.index(part) for part in parts]

        assert places == sorted(places)

    def test_has_the_picture_in_three_sizes_of_which_each_is_whole(self, client, levels):
        found = svgs(client.get(PAGE, DAY).text)[:3]

        assert [size for size, _ in found] == ["wide", "middle", "narrow"]
        for _, svg in found:
            assert "line_marks" in svg
            assert "worse_marks" in svg
            assert 'xlink:href="/claims/' in svg

    def test_shows_the_words_of_the_source_and_leads_to_the_document(self, client, levels):
        part = client.get(PAGE, DAY).text.partition("What moved it")[2].partition("Who said")[0]

        assert "Nothing &lt;b&gt;passes&lt;/b&gt; any more." in part
        assert re.search(r'<a href="/documents/[^"]+">A wire</a>', part)

    def test_says_who_reported_it_and_whose_they_are(self, client, levels):
        said = text_of(client.get(PAGE, DAY)).partition("Who said so")[2]

        assert "1 source, which is state-owned." in said
        assert "The Agency state-owned" in said
        assert "1 event of the list" in said

    def test_shows_where_the_level_is_among_the_bands(self, client, levels):
        """The mean is 9 + m of 18 from the left."""
        text = client.get(PAGE, DAY).text
        series = pairs.series("KAZ-RUS", direction="KAZ-RUS", lens="standing", as_of=moment.now())
        mean = series.score_on(ON).value

        assert f'<circle class="mean" cx="{(9 + mean) / 18:.2%}"' in text
        assert "Where the level may be" in text

    def test_draws_the_level_of_a_pair_that_no_act_moved(self, client, desk, levels, scored):
        desk.assesses("-6", "2", pair="CHN-RUS")
        scored()

        text = client.get("/pairs/CHN-RUS/", DAY).text

        assert text.count("Where the level may be") == 1
        assert "tint_0_marks" in text
        assert "Level −6.0 ± 2.0" in unescape(text)


class TestOneFigure:
    def test_of_a_movement_stands_in_picture_list_and_table(self, client, levels):
        moved = moved_on_record("CHN-KAZ")
        page = client.get("/pairs/CHN-KAZ/", DAY)
        said = text_of(page)

        value, low, high = (signed(one) for one in (moved.value, moved.low, moved.high))
        reading = f"moved {value} since 11 May 2022, 90 % interval {low} to {high}"
        assert f"In all: {reading}" in said
        assert f"Together {value}" in said.partition("What moved it")[2]
        table = text_of(client.get("/pairs/CHN-KAZ/", {**DAY, "show": "table"}))
        shown = " ".join(signed(one, 2) for one in (moved.value, moved.low, moved.high))
        assert f"1 Jun 2022 {shown}" in table

    def test_of_a_level_that_was_known_has_what_the_act_took_from_it(self, client, levels):
        """The act is the only one, so that its step is the whole movement: −.54, as it is true with
        p .9, and what that takes of the level before."""
        moved = moved_on_record()
        part = text_of(client.get(PAGE, DAY)).partition("What moved it")[2]
        part = part.partition("Who said so")[0]

        assert moved.value < -0.54 - 0.2
        assert f"1 {signed(moved.value)} Russia closed a road." in part
        assert f"Together {signed(moved.value)}" in part
        assert "weighs less" not in part

    def test_stands_in_the_files(self, client, levels):
        moved = moved_on_record()
        *_, last = csv.DictReader(io.StringIO(client.get(f"{PAGE}scores.csv", DAY).text))
        body = json.loads(client.get(f"{PAGE}scores.json", DAY).text)

        assert float(last["moved"]) == moved.value
        assert (last["moved_since"], float(last["moved_high"])) == ("2022-05-10", moved.high)
        assert body["scores"][-1]["movement"]["low"] == moved.low
        assert body["scores"][0]["movement"] is None

    def test_stands_in_a_file_of_the_picture_with_its_sources_and_its_day(self, client, levels):
        said = unescape(re.sub(r"<[^>]+>", " ", client.get(f"{PAGE}chart.svg", DAY).text))

        assert "How far the relation moved since 10 May 2022" in said
        assert "Sources: The Agency." in said
        assert signed(moved_on_record().value) in said

    def test_ends_with_the_day_of_the_page(self, client, levels):
        """Later acts are not in the picture of an earlier day."""
        levels.asserts(code=SANCTION, occurred=Occurred(edtf="2022-07-11"))
        text = client.get(PAGE, DAY).text

        assert 'data-to="2022-06-01"' in text
        assert "In all: moved" in text


class TestTheCourseOfALevel:
    def test_begins_with_its_first_assessment(self, client, levels, scored):
        """Of a pair with acts before it: nobody knew the level then."""
        levels.asserts("CHN", "RUS", code=SANCTION, occurred=Occurred(edtf="2019-05-12"))
        levels.assesses("2", "2", "2021-06-30", pair="CHN-RUS")
        scored()

        text = client.get("/pairs/CHN-RUS/", DAY).text

        part = text.partition("What is known of the level")[2]
        assert 'data-from="2021-06-30"' in part
        assert 'data-from="2021-06-30"' not in text.partition("What is known")[0]
