"""How relations are drawn on the first page and named on a country's, on cases made by hand."""

from dataclasses import replace
from datetime import date

import pytest

from tracker.domain.movements import WindowMovement
from tracker.domain.scoring.bands import NEVER, Assessment, Likely
from tracker.domain.scoring.moments import Score
from tracker.pages import matrix, moved_pairs, relations, world_map
from tracker.pages.country_findings import Partner, headline
from tracker.pages.front_rows import FrontRows
from tracker.queries.scores.table import RankedPair

DAY = date(2022, 6, 1)
FRESH = Assessment("fresh", date(2020, 12, 31))


def a_score(value=2.5, low=-2.0, high=7.0, bands=("good", "normal"), assessed=FRESH):
    likely = Likely(bands, 0.8) if bands else None
    return Score(value, 2.0, low, high, likely=likely, assessed=assessed)


def a_move(value, low, high, fell=0.0):
    rose = 0.0 if fell else 0.99
    return WindowMovement(date(2022, 3, 30), DAY, value, low, high, fell, rose)


def a_row(pair="KAZ-RUS", *, score=None, movement=None, claims=3, last=date(2022, 5, 24)):
    return RankedPair(
        pair=pair,
        day=DAY,
        score=score or a_score(),
        words="good or normal (about 80 %)",
        claims=claims,
        roots=1,
        state_roots=0,
        last_claim_day=last,
        shift=None,
        change_7=None,
        change_30=None,
        change_365=None,
        place=pair,
        position=1,
        movement=movement,
        moved_known=True,
    )


WORSE, BETTER = a_move(-0.8, -1.2, -0.1, fell=0.98), a_move(0.6, 0.2, 1.0)
OPEN = a_move(-1.0, -1.4, 0.0, fell=0.79)


class TestTheFill:
    def test_is_that_of_the_more_probable_band(self):
        assert relations.fill(a_row()) == "band-4"
        assert relations.sign(a_row()) == "+"

    def test_of_a_level_that_nobody_assessed_is_unknown_unless_its_sign_is_sure(self):
        never = a_score(assessed=NEVER, bands=("normal", "discord"))
        war = a_score(-8, -9, -6, assessed=NEVER, bands=("confrontation", "tension"))

        assert relations.fill(a_row(score=never)) == "unknown"
        assert relations.sign(a_row(score=never)) == "?"
        assert relations.fill(a_row(score=war)) == "band-0"
        assert relations.sign(a_row(score=war)) == "−"

    @pytest.mark.parametrize(("value", "fill"), [(0.1, "up"), (-0.1, "down"), (0.04, "unknown")])
    def test_of_a_flow_is_that_of_its_sign_to_one_decimal(self, value, fill):
        assert relations.fill(a_row(score=Score(value))) == fill

    def test_of_a_flow_without_news_is_unknown(self):
        silent = Score(0.3, silent=date(2022, 1, 1))

        assert relations.fill(a_row(score=silent)) == "unknown"


class TestASureMovement:
    @pytest.mark.parametrize(
        ("moved", "sure"),
        [
            (WORSE, -0.8),
            (BETTER, 0.6),
            (a_move(-1.0, -1.4, 0.0, fell=0.8), -1.0),
            (OPEN, 0.0),
            (a_move(0.4, 0.3, 0.5), 0.0),
            (None, 0.0),
        ],
    )
    def test_is_half_a_point_or_more_in_four_of_five_worlds(self, moved, sure):
        assert relations.sure(moved) == sure

    def test_has_an_arrow(self):
        assert relations.arrow(a_row(movement=WORSE)) == "▼"
        assert relations.arrow(a_row(movement=BETTER)) == "▲"
        assert relations.arrow(a_row(movement=OPEN)) == ""


def grouped(*rows, wars=(), day=DAY, since=date(2021, 6, 1)):
    """The lists, with the recent movement equal to that of the whole record."""
    names = {row.pair: row.pair.lower() for row in rows}
    links = {row.pair: f"/{row.pair}/" for row in rows}
    front = FrontRows(
        country="",
        neighbours=[],
        busiest=[],
        among=[],
        listed=rows,
        wars=wars,
        since=since,
        lately={row.pair: row.movement for row in rows},
    )
    return moved_pairs.grouped(front, names, links, day=day, whole=True)


def names_of(listed):
    return [pair.name for pair in listed.pairs]


class TestTheLists:
    def test_part_what_surely_moved_from_what_did_not(self):
        found = grouped(
            a_row("A-B", movement=WORSE),
            a_row("A-C", movement=BETTER),
            a_row("A-D", movement=OPEN),
            a_row("A-E", movement=WORSE, last=date(2021, 6, 1)),
            a_row("A-F", claims=0, last=None),
        )

        assert names_of(found.worse) == ["a-b"]
        assert names_of(found.better) == ["a-c"]
        assert names_of(found.unclear) == ["a-d"]
        assert names_of(found.quiet) == ["a-e"]

    def test_name_the_largest_size_times_certainty_first_and_wars_apart(self):
        """.9 · .96 = .864 comes before .89 · .97 = .8633."""
        found = grouped(
            a_row("A-B", movement=a_move(-0.89, -1, -0.6, fell=0.97)),
            a_row("A-C", movement=a_move(-0.9, -1.5, -0.1, fell=0.96)),
            a_row("A-D", movement=OPEN),
            wars=["A-D"],
        )

        assert names_of(found.wars) == ["a-d"]
        assert names_of(found.worse) == ["a-c", "a-b"]
        assert names_of(found.unclear) == []
        assert found.wars.pairs[0].reach == ""
        assert found.worse.pairs[0].reach == "−1.5 to −0.1"

    def test_have_a_war_that_surely_moved_in_both_places(self):
        found = grouped(
            a_row("A-B", movement=WORSE),
            a_row("A-C", movement=BETTER),
            a_row("A-D", movement=WORSE, last=date(2021, 6, 1)),
            wars=["A-B", "A-C", "A-D"],
        )

        assert names_of(found.wars) == ["a-b", "a-d", "a-c"]
        assert names_of(found.worse) == ["a-b"]
        assert names_of(found.better) == ["a-c"]
        assert names_of(found.quiet) == []

    def test_say_when_nothing_is_new_after_90_days(self):
        """From 24 May to 22 August 2022 are 90 days."""
        on_time, late = (
            replace(
                grouped(a_row("A-B", movement=WORSE), day=date(2022, 8, one)).worse.pairs[0],
                reported=date(2022, 5, 24),
            )
            for one in (21, 22)
        )

        assert not on_time.stale
        assert late.stale

    def test_name_six_and_count_the_others(self):
        found = grouped(*(a_row(f"A-{n}", movement=WORSE) for n in "BCDEFGHI"))

        assert len(found.worse.pairs) == 6
        assert found.worse.others == 2


class TestTheMatrix:
    def test_has_directions_above_and_evidence_below_its_diagonal(self):
        rows = [a_row("CHN-RUS", movement=WORSE, claims=8), a_row("CHN-KAZ", claims=0, last=None)]
        codes = ["CHN", "KAZ", "RUS"]
        titles = {row.pair: row.pair for row in rows}

        drawn = matrix.draw(codes, rows, {code: code for code in codes}, titles, titles)

        assert [[_shown(cell) for cell in row.cells] for row in drawn] == [
            ["own", "", "+▼"],
            ["", "own", ""],
            ["8", "", "own"],
        ]
        assert (
            drawn[0]
            .cells[2]
            .title.startswith("CHN-RUS: good or normal (about 80\N{NO-BREAK SPACE}%); moved −0.8")
        )


def _shown(cell):
    if cell.own:
        return "own"
    return f"{cell.sign}{cell.arrow}" or (str(cell.claims) if cell.claims else "")


class TestTheMap:
    def test_fills_the_countries_that_have_a_relation_and_links_them(self):
        rows = [a_row("KAZ-RUS", movement=WORSE), a_row("KAZ-TUV")]
        names = {"RUS": "Russia", "TUV": "Tuvalu", "KAZ": "Kazakhstan"}
        links = {row.pair: f"/{row.pair}/" for row in rows}

        drawn = world_map.draw("KAZ", rows, names, links, levels=True)

        [russia] = drawn.countries
        assert (russia.fill, russia.arrow, russia.link) == ("band-4", "▼", "/KAZ-RUS/")
        assert russia.title.startswith(
            "Russia: good or normal (about 80\N{NO-BREAK SPACE}%); moved −0.8 since March 2022"
        )
        assert drawn.missing == ["Tuvalu"]
        assert drawn.middle == world_map.shapes()["KAZ"]
        assert russia.shape.path not in drawn.land
        assert world_map.shapes()["CHN"].path in drawn.land

    def test_lets_the_tab_key_stop_at_twenty(self):
        codes = [code for code in world_map.shapes() if code != "AAA"][:30]
        rows = [a_row(f"AAA-{code}") for code in codes]
        links = {row.pair: "/" for row in rows}

        drawn = world_map.draw("AAA", rows, {code: code for code in codes}, links, levels=True)

        assert [one.stops for one in drawn.countries] == [True] * 20 + [False] * 10

    def test_explains_its_fills(self):
        flow = a_row(score=Score(0.3))

        never = a_row(score=a_score(assessed=NEVER))

        levels, partly, nothing, flows = (
            [one.fill for one in relations.legend(rows, levels=kind)]
            for rows, kind in (
                ([a_row()], True),
                ([a_row(), never], True),
                ([never], True),
                ([flow], False),
            )
        )

        assert levels == [f"band-{n}" for n in range(6)]
        assert partly == [*levels, "unknown"]
        assert nothing == ["unknown"]
        assert flows == ["down", "up"]


def a_partner(name="Russia", **row):
    return Partner(code=name[:3].upper(), name=name, row=a_row(**row))


def said(*partners, name="Kazakhstan", wars=(), levels=True, count=None, then=None):
    count = len(partners) if count is None else count
    return headline(name, partners, wars=wars, count=count, levels=levels, then=then)


class TestTheSentenceOfACountry:
    def test_says_that_there_is_nothing(self):
        assert said(name="United States") == (
            "Nothing on record moves a relation of the United States."
        )

    def test_names_war_first_and_whether_that_is_still_reported(self):
        ukraine, china = a_partner("Ukraine", movement=WORSE), a_partner("China", movement=BETTER)
        old = replace(ukraine, reported=date(2022, 2, 24))

        assert said(ukraine, china, name="Russia", wars={"UKR"}) == (
            "Russia is at war with Ukraine. Over the whole record Russia drew closer to China."
        )
        assert said(old, name="Russia", wars={"UKR"}) == (
            "Russia was at war with Ukraine when last reported."
        )
        assert said(ukraine, name="Russia", wars={"UKR"}, then=date(2022, 6, 1)) == (
            "Russia was at war with Ukraine on 1 June 2022."
        )

    def test_names_in_one_sentence_whom_it_left_and_whom_it_came_closer_to(self):
        china, ukraine = a_partner("China", movement=BETTER), a_partner("Ukraine", movement=WORSE)

        assert said(china, ukraine) == (
            "Over the whole record Kazakhstan drew apart from Ukraine, and closer to China."
        )

    def test_names_three_countries_and_counts_the_others(self):
        names = ("Russia", "China", "United States", "Japan", "Iran")
        moves = [a_move(-9 + n, -9, -1, fell=0.99) for n in range(5)]
        partners = [a_partner(name, movement=m) for name, m in zip(names, moves, strict=True)]

        assert said(*partners) == (
            "Over the whole record Kazakhstan drew apart from Russia, China, the United States and"
            " 2 other countries."
        )

    def test_says_that_no_change_is_sure(self):
        assert said(a_partner(movement=OPEN)) == (
            "No change we can be sure of in the relation of Kazakhstan with one country."
        )
        assert said(a_partner(movement=OPEN), count=7) == (
            "No change we can be sure of in the relations of Kazakhstan with 7 countries."
        )

    def test_says_of_a_flow_which_signs_are_known(self):
        good, bad, open_ = map(Score, (0.3, -0.3, 0.0))
        china, iran = a_partner("China", score=good), a_partner("Iran", score=bad)

        assert said(china, iran, levels=False) == (
            "Kazakhstan: more conflict than cooperation with Iran."
            " Kazakhstan: more cooperation than conflict with China."
        )
        assert said(a_partner(score=open_), levels=False) == (
            "Kazakhstan has a score with one country, without a clear sign."
        )
