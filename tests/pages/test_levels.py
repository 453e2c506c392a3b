"""What pages say of a level: where the pair is, which way it moved, why it starts there, what no
report tells any more, and how far it depends on settings of the model."""

import re
from datetime import date
from html import unescape

import pytest

from tests.kit.builders import AT
from tests.kit.texts import text_of
from tests.kit.wars import WAR
from tracker.domain.claims import Occurred
from tracker.domain.disclosure import Reader
from tracker.operations import editions
from tracker.projections import shifts
from tracker.queries import moment
from tracker.queries.evidence import what_if
from tracker.queries.scores import movements, pair_changes, pairs
from tracker.wording import about, signed

pytestmark = pytest.mark.django_db

PAGE = "/pairs/KAZ-RUS/"
DAY = {"day": "2022-06-01"}


def headline_of(answer):
    return unescape(re.search(r'class="headline">(.*?)<', answer.text)[1])


@pytest.fixture
def levels(desk, scored):
    """KAZ–RUS at +6 at the end of 2020, with an act of conflict in 2022; CHN–RUS has a level and
    no act, CHN–KAZ an act and no level."""
    desk.assesses("6", "2.5")
    desk.assesses("-6", "2", pair="CHN-RUS")
    desk.asserts(code="plover-2.0/SANCTION/discontinue", occurred=Occurred(edtf="2022-05-11"))
    desk.asserts("CHN", "KAZ", occurred=Occurred(edtf="2022-05-12"))
    scored()
    return desk


def in_percent(chance):
    """As `text_of` has it."""
    return about(chance).replace("\N{NO-BREAK SPACE}", " ")


def a_series(lens="standing"):
    return pairs.series("KAZ-RUS", direction="KAZ-RUS", lens=lens, as_of=moment.now())


class TestThePageOfAPair:
    def test_says_where_it_is_and_then_which_way_it_moved(self, client, levels):
        series = a_series()
        score = series.score_on(date(2022, 6, 1))
        pulls = what_if.pulls_of(series)
        moved = series.scorer.movement(pulls, date(2022, 4, 30), date(2022, 5, 31))

        answer = client.get(PAGE, DAY)

        assert headline_of(answer) == "RUS sanctioned KAZ in May 2022, the Gazette reports."
        assert ("As of 1 June 2022. The newest report is of 24 May 2022.") in text_of(answer)
        assert (
            f"{' or '.join(score.likely.bands).capitalize()}, {in_percent(score.likely.chance)};"
            f" level {signed(score.value)}, {signed(score.low)} to {signed(score.high)}."
        ) in text_of(answer)
        assert (
            f"It moved by {signed(moved.value)} in May 2022, 90 % interval {signed(moved.low)} to"
            f" {signed(moved.high)}; it fell with {in_percent(moved.fell)} probability."
        ) in text_of(answer)

    def test_says_why_it_starts_there_and_what_that_still_adds(self, client, levels):
        said = text_of(client.get(PAGE, DAY))

        part = said.partition("What is known of the level")[2].partition("What was known")[0]
        assert "level assessed at +6.0 ± 2.5 by The Gazette, as of 31 December 2020: +" in part
        assert "/documents/" in client.get(PAGE, DAY).text
        assert "How the level adds up" in part

    def test_shows_the_state_of_a_day_before_everything(self, client, levels):
        answer = client.get(PAGE, {"day": "2017-01-01"})

        said = text_of(answer)
        assert headline_of(answer) == "Nothing is on file about KAZ and RUS up to 1 January 2017."
        assert (
            "Up to 1 January 2017 nothing on record moves this score; the first that does is of"
            " December 2020."
        ) in said
        assert "Why it is 0.0 on 1 January 2017 No claim moves this score." in said
        for later in (
            "Nobody has assessed",
            "What is known of the level",
            'class="causes"',
            "<figure",
        ):
            assert later not in answer.text, later

    def test_takes_the_window_that_the_reader_chooses(self, client, levels):
        answer = client.get(PAGE, {**DAY, "since": "2022-05-08"})

        assert re.search(r"It moved by \S+ since 8 May 2022, 90 % interval", text_of(answer))
        assert 'name="since" value="2022-05-08"' in answer.text
        assert "lens=tone&amp;day=2022-06-01&amp;since=2022-05-08" in answer.text


class TestTheFirstPage:
    def test_puts_pairs_with_news_before_those_with_a_level_alone(self, client, levels):
        said = text_of(client.get("/"))
        table = said.partition("Latest")[2]

        assert table.index("CHN and KAZ") < table.index("KAZ and RUS") < table.index("CHN and RUS")
        assert "no act on record" in table.partition("CHN and RUS")[2]

    @pytest.mark.parametrize("searched", [False, True])
    def test_says_where_each_is_and_which_way_it_moved(self, client, levels, searched):
        if searched:
            shifts.find(today=AT.date())
        said = text_of(client.get("/"))

        rows = movements.with_movements(a_series().lens, pairs.table(lens="standing"))
        [row] = [row for row in rows if row.pair == "KAZ-RUS"]
        moved = row.movement
        assert "KAZ and RUS: moved" not in said
        assert (
            f"({signed(moved.low)} to {signed(moved.high)}) since May 2022; fell with"
            f" {in_percent(moved.fell)} probability"
        ) in said
        assert f"{' or '.join(row.score.likely.bands)} (" in said
        assert "level never assessed" in said

    def test_takes_the_window_that_the_reader_chooses(self, client, levels):
        said = text_of(client.get("/", {"since": "2022-05-11"}))

        assert "The movement is how far it moved since 11 May 2022." in said

    def test_says_that_a_movement_of_very_many_claims_is_not_worked_out_yet(
        self, client, levels, monkeypatch
    ):
        """The pairs have six impacts: an act is one, a level two. Of any order one does not fit."""
        monkeypatch.setattr(movements, "MOST_FOLDED", 5)

        assert text_of(client.get("/")).count("not worked out yet") == 1
        refused = client.get("/", {"since": "2022-05-11"})
        assert refused.status_code == 400
        assert "More than 5 impacts are on record of these pairs" in refused.text

    def test_of_a_day_has_pairs_whose_level_was_assessed_by_then(self, client, levels):
        said = text_of(client.get("/", {"day": "2021-06-01"}))

        assert "KAZ and RUS" in said
        assert "CHN and KAZ" not in said


class TestATone:
    @pytest.mark.parametrize(
        ("path", "show"),
        [(PAGE, {}), (PAGE, {"show": "table"}), ("/", {}), ("/actors/KAZ/", {})],
    )
    def test_has_no_interval_on_any_page(self, client, levels, path, show):
        answer = client.get(path, {"lens": "tone", "day": "2022-06-01"} | show)

        day = date(2022, 5, 31) if show else date(2022, 6, 1)
        value = a_series("tone").score_on(day).value
        assert signed(value, 2 if show else 1) in text_of(answer)
        for part in ("90 % interval {", "shaded", ">Low<", ">High<", "reach", "band_", "limits_"):
            assert part not in answer.text

    def test_that_is_silent_has_no_number(self, client, levels):
        later = {"day": "2023-06-01", "lens": "tone"}
        page = text_of(client.get(PAGE, later))

        assert headline_of(client.get(PAGE, later)) == "No news about KAZ and RUS since May 2022."
        assert "The last news" in page
        assert "Together" not in page.partition("The last news")[2]
        [row] = re.findall(
            r"<tr>(?:(?!</tr>).)*KAZ and RUS</a></th>.*?</tr>", client.get("/", later).text
        )
        assert "no news since May 2022" in row
        assert not re.search(r"[−+]\d", row.partition("polyline")[0])
        assert "no news since May 2022" in text_of(client.get("/actors/KAZ/", {"lens": "tone"}))

    def test_is_written_in_the_table_in_the_months_without_news(self, client, levels, scored):
        """B is .65 · 2^(−d/45) after an act, and too little under 1/9, from day 115 on."""
        levels.asserts(occurred=Occurred(edtf="2023-05-11"))
        scored()

        said = text_of(client.get(PAGE, {"lens": "tone", "show": "table", "day": "2023-06-01"}))

        table = said.partition("Independent sources")[2]
        silent = re.findall(r"\d+ (\w+ \d+) no news since May 2022", table)
        assert silent == [
            *("Sep 2022", "Oct 2022", "Nov 2022", "Dec 2022"),
            *("Jan 2023", "Feb 2023", "Mar 2023", "Apr 2023"),
        ]


@pytest.fixture
def war(desk, scored):
    """A situation since February, last reported by the desk's document of 24 May 2022."""
    desk.asserts(
        kind="situation",
        summary="Russia is at war.",
        code="plover-2.0/ASSAULT",
        occurred=Occurred(edtf="2022-02-24/.."),
    )
    scored()
    return desk


class TestTheNewestReport:
    def test_is_named_and_nothing_is_said_of_the_end_of_the_model(self, client, war):
        """24 May 2022 and 180 days are 20 November."""
        said = text_of(client.get(PAGE, {"day": "2024-05-01"}))

        assert "were at war in the last report up to that day, of 24 May 2022." in said
        assert "last reported 24 May 2022; no later source on file" in said
        assert "20 Nov" not in said
        assert "November 2022" not in said
        assert "goes on" not in said

    def test_ends_the_solid_line(self, client, war):
        text = client.get(PAGE, {"day": "2024-05-01"}).text

        assert "line_unreported" in text
        assert "Dashed after the last source, dated 24 May 2022." in unescape(text)

    def test_leaves_the_line_solid_up_to_a_picture_that_ends_before_it(self, client, desk, scored):
        desk.asserts(occurred=Occurred(edtf="2022-01-10"))
        scored()

        text = client.get(PAGE, {"day": "2022-03-01"}).text

        assert "line_unreported" not in text
        assert "Dashed after" not in text
        assert "Last reported" not in text


class TestOneFigureForOneThing:
    def test_is_written_to_a_tenth_in_sentences_and_headings(self, client, war):
        text = client.get(PAGE, {"day": "2024-05-01"}).text
        sentences = re.findall(r"<(p|h1|h2|figcaption)\b[^>]*>(.*?)</\1>", text, re.DOTALL)
        said = [re.sub(r"<strong.*?</strong>", "", one) for _, one in sentences]

        assert not [one for one in said if re.search(r"[−+]\d\.\d\d", one)]

    def test_is_written_on_the_line_only_where_it_ends_on_the_day_of_the_page(
        self, client, desk, scored
    ):
        """A tone of March 2022 fades; a picture that ends before its day has another value."""
        desk.asserts(occurred=Occurred(edtf="2022-03-10"))
        scored()

        late, early = (
            client.get(PAGE, {"day": day, "lens": "tone"}).text
            for day in ("2024-05-01", "2022-06-08")
        )
        assert "value_marks" not in late
        assert "value_marks" in early


class TestAClaimDatedByMonth:
    def test_shows_its_month_and_no_day(self, client, desk, scored):
        desk.asserts(occurred=Occurred(edtf="2022-03"))
        scored()

        said = text_of(client.get(PAGE, {"day": "2024-05-01"}))

        assert "in March 2022 · 65 % sure" in said
        assert "31 Mar 2022" not in said


LINK = "How much depends on the settings?"


@pytest.fixture
def lens(desk, scored) -> str:
    desk.asserts()
    name = desk.measures_still_levels()
    scored()
    return name


class TestTheSpreadOfAPair:
    def test_leads_to_the_spread_beside_the_interval(self, client, lens):
        page = client.get("/pairs/KAZ-RUS/", {"lens": lens, "day": "2022-06-01"})

        assert LINK in text_of(page)
        assert "?lens=levels&amp;day=2022-06-01&amp;show=robustness" in page.text

    def test_says_how_far_level_and_movement_depend_on_settings(self, client, lens):
        """A step of −.6 with p .65: −1.2 in 193 of 256 worlds (p .7538) is −.90, and −.3 in 136
        (p .5297) is −.16."""
        said = text_of(
            client.get("/pairs/KAZ-RUS/", {"lens": lens, "day": "2022-06-01", "show": "robustness"})
        )

        assert (
            "Under 27 settings that can all be defended the level is −0.90 to −0.16; the sign is"
            " the same in 100 % of them." in said
        )
        assert "Its movement since" in said
        assert "steps of cooperation × 2, as they are, × 1/2" in said
        assert LINK not in said

    def test_says_that_nought_has_no_sign(self, client, lens):
        said = text_of(
            client.get("/pairs/CHN-KAZ/", {"lens": lens, "day": "2022-06-01", "show": "robustness"})
        )

        assert "0.00 to 0.00; under the lens's own it is 0 and has no sign." in said
        assert "Its movement" not in said

    def test_has_no_link_for_other_models_and_without_claims(self, client, lens):
        assert LINK not in text_of(client.get("/pairs/KAZ-RUS/", {"lens": "tone"}))
        assert LINK not in text_of(client.get("/pairs/CHN-KAZ/", {"lens": lens}))

    def test_says_why_it_is_not_worked_out(self, client, lens):
        page = client.get("/pairs/KAZ-RUS/", {"lens": "tone", "show": "robustness"})

        assert "choose a lens of the overall relationship" in text_of(page)

    def test_refuses_what_is_too_much_work_with_the_way_out(self, client, desk, lens, scored):
        """A war of 25 years."""
        desk.asserts(**WAR, occurred=Occurred(edtf="2000-01-01/2024-12-31"))
        scored()

        page = client.get(
            "/pairs/KAZ-RUS/", {"lens": lens, "day": "2025-01-01", "show": "robustness"}
        )

        assert page.status_code == 400
        assert "Choose an earlier day, or a lens that counts fewer claims." in page.text
        assert 'class="headline"' not in page.text


class TestTheSpreadOfAnEdition:
    def test_leads_to_its_spreads(self, client, lens):
        for name in (lens, "tone"):
            editions.publish(name, date(2022, 5, 24), at=AT, as_of=moment.now())

        with_spreads = client.get(f"/editions/{lens}@1/2022-05-24/").text
        without = client.get("/editions/tone@1/2022-05-24/").text

        assert f"/api/v1/editions/{lens}@1/2022-05-24/spreads/" in with_spreads
        assert "spreads/" not in without
        assert (">High</th>" in with_spreads, ">High</th>" in without) == (True, False)


class TestATimeWithoutAnAct:
    """What nobody reported moves a level in each world, so that its movement is never 0."""

    SINCE = {"since": "2022-05-11"}

    def test_has_no_movement_in_the_table(self, client, levels):
        said = text_of(client.get("/", self.SINCE))

        assert said.count("no act since 11 May 2022") == 2  # and of CHN–RUS

    def test_is_no_dot_in_the_picture_of_a_country(self, client, levels):
        said = text_of(client.get("/actors/KAZ/", {**self.SINCE, "show": "movement"}))

        assert "nothing is known of it there: RUS." in said

    def test_has_no_movement_on_the_page_of_the_pair(self, client, levels):
        said = text_of(client.get(PAGE, self.SINCE))

        assert "No act is on record since 11 May 2022." in said
        assert "It moved by" not in said

    def test_is_no_change_for_mail_and_digests(self, levels):
        since = {"KAZ-RUS": date(2022, 5, 11), "CHN-KAZ": date(2022, 5, 11)}
        found = pair_changes.of_pairs([*since], since, AT.date(), reader=Reader.PUBLIC)

        assert found["KAZ-RUS"].movement is None
        assert found["CHN-KAZ"].movement is not None
