"""The lists of events of a pair's page: their amounts add up, and an event has one number."""

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.builders import AT, BY, a_citation, a_desk, rate
from tests.kit.pulls import still_parameters
from tests.kit.texts import text_of
from tracker.domain import events as e
from tracker.domain.claims import Occurred, Strength
from tracker.operations import claims
from tracker.pages.pair_reasons import adding_up
from tracker.wording import signed

PAGE, DAY = "/pairs/KAZ-RUS/", {"day": "2022-06-01"}
TITLES = ("Attack", "Skirmish", "Treaty")
AMOUNT = re.compile(r'<span class="amount number[^"]*">\s*([−+]?\d\.\d+)')


@pytest.fixture
def desk(db):
    """A record on which nothing happens unreported: see `still_parameters`."""
    return a_desk(level=still_parameters())


class TestAmountsThatAddUp:
    def test_give_the_rest_to_the_largest_remainders(self):
        """−.63, −.34 and −.10 are −1.07, which is −1.1: the second is furthest below −.3."""
        assert adding_up([-0.63, -0.34, -0.10], 1) == [-0.6, -0.4, -0.1]

    @given(st.lists(st.floats(-9, 9), max_size=30), st.sampled_from([1, 2]))
    def test_are_off_by_less_than_one_unit(self, amounts, places):
        found = adding_up(amounts, places)

        unit = 10**-places
        assert round(sum(found), places) == pytest.approx(round(sum(amounts), places))
        assert all(
            abs(one - other) < unit + 1e-9 for one, other in zip(found, amounts, strict=True)
        )


@pytest.fixture
def levels(desk, scored):
    """An attack, a skirmish and a treaty in March, each by its own source, and cooperation in 2021.
    The skirmish is weak violence, and counts where the attack is not true."""
    weak = Strength(grade="weak", reason="Nobody was hurt.")
    for day, title, code, strength in (
        ("2021-02-10", "Help", "COOPERATE", None),
        ("2022-03-10", "Attack", "ASSAULT", None),
        ("2022-03-11", "Skirmish", "ASSAULT", weak),
        ("2022-03-12", "Treaty", "AGREE", None),
    ):
        desk.asserts(
            summary=f"{title} on {day}.",
            code=f"plover-2.0/{code}",
            strength=strength,
            occurred=Occurred(edtf=day),
            citations=(a_citation(desk.hears(name=title, grade="A")),),
        )
    scored()
    return desk


@pytest.mark.django_db
class TestThePage:
    def test_has_a_list_that_sums_to_the_figure_of_the_finding(self, client, levels):
        answer = client.get(PAGE, DAY)
        listed = answer.text.partition("What moved it in March 2022")[2].partition("</section>")[0]
        amounts = [float(one.replace("−", "-")) for one in AMOUNT.findall(listed)]

        [moved] = re.findall(r"It moved by (\S+) in March 2022", text_of(answer))
        assert len(amounts) == 3
        # The skirmish has a few hundredths, so that all of the list have two decimals.
        assert f"{sum(amounts):.1f}".replace("-", "−") == moved
        assert f"Together {signed(sum(amounts), 2)} , or {moved} to one decimal" in text_of(answer)
        pull = f"Reported events pull it by {signed(sum(amounts), 2)}; each of them by:"
        assert pull in text_of(answer)

    def test_parts_what_reports_did_from_what_nobody_reported_and_from_assessments(
        self, client, db, scored
    ):
        desk = a_desk()
        desk.assesses("4", "1", "2020-12-31")
        desk.asserts(code="plover-2.0/SANCTION", occurred=Occurred(edtf="2021-03-10"))
        desk.assesses("-4", "1", "2021-06-30")
        scored()

        answer = client.get(PAGE, {"day": "2022-06-01", "since": "2021-01-31"})
        whole = answer.text.partition('id="moved"')[2].partition("</section>")[0]
        said = " ".join(re.sub("<[^>]*>", " ", whole).split())
        numbers = r"pull it by (\S+); each.*?(?: What nobody reported: (\S+)\.)? Together (\S+)"
        pull, unreported, total = (
            float((one or "0").replace("−", "-")) for one in re.search(numbers, said).groups()
        )
        assessed, act = (float(one.replace("−", "-")) for one in AMOUNT.findall(whole))

        # A step of −.6 at 4, with p .9435: −.6 · (1 + 4/9) · .9435.
        assert pull == act == pytest.approx(-0.8, abs=0.15)
        assert assessed < -3
        assert total == pytest.approx(pull + assessed + unreported, abs=0.001)

    def test_says_what_an_act_that_confirms_would_have_moved_alone(self, client, levels):
        """The skirmish, .3 of a blow of 2, at p .97: −.6 · 248/256, and a ninth of that for each
        point of the level before, which is .58."""
        listed = client.get(PAGE, DAY).text.partition("What moved it in March 2022")[2]
        events = listed.partition("</section>")[0].split("<li>")[1:]
        said = {title: one for one in events for title in TITLES if f"{title} on" in one}

        says = "confirms another report of its month; alone it would have moved the level by −0.6"
        assert says in said["Skirmish"]
        assert not any("confirms" in said[title] for title in ("Attack", "Treaty"))

    def test_says_how_much_of_the_picture_the_finding_is_about(self, client, levels):
        said = text_of(client.get(PAGE, DAY))

        [moved] = re.findall(r"It moved by (\S+) in March 2022", said)
        part = f"The finding above is about a part of it: {moved} in March 2022."
        assert part in said.partition("Where it stands")[0]

    def test_numbers_an_event_once_and_only_those_of_the_open_list(self, client, levels):
        """The act of 2021 is in the picture and in the folded list, without a number."""
        text = unescape(client.get(PAGE, DAY).text)
        shown = re.findall(
            r'<span class="quiet number">(\d*)</span>.*?<a [^>]*>(.*?)</a>', text, re.S
        )
        numbers = {title: {one for one, other in shown if other == title} for _, title in shown}

        assert numbers["Attack on 2022-03-10."] == {"1"}
        assert numbers["Skirmish on 2022-03-11."] | numbers["Treaty on 2022-03-12."] == {"2", "3"}
        assert numbers["Help on 2021-02-10."] == {""}
        wide = text.partition("<figure")[2].partition("</figure>")[0]
        marked = dict(re.findall(r">(?:(\d)  )?([A-Z][a-z]+ on \d{4}-\d\d-\d\d)<", wide))
        assert marked[""] == "Help on 2021-02-10"
        assert marked["1"] == "Attack on 2022-03-10"

    def test_folds_what_the_model_guesses_of_a_level_that_nobody_assessed(self, client, levels):
        text = client.get(PAGE, DAY).text

        stands = text.partition("Where it stands")[2].partition("</section>")[0]
        assert "so where it stands is not known" in stands
        assert "What the model would guess" in stands.partition('class="strip"')[0]
        assert stands.index("<details>") < stands.index('class="strip"')

    def test_takes_a_dispute_from_the_verdict_and_not_from_a_title(self, client, desk, scored):
        """Brackets in the words of a claim are no verdict."""
        rate(desk.source, "A")
        quoted = desk.asserts(summary="A map [judged disputed by its owner] was cut.")
        scored()
        assert "disputed." not in text_of(client.get(PAGE, DAY)).partition("As of")[0]

        verdict = e.VerdictGiven(verdict="disputed", reason="They deny it.")
        claims.give_verdict(quoted.stream, verdict, at=AT, by=BY)
        scored()
        found = text_of(client.get(PAGE, DAY)).partition("As of")[0]
        assert "disputed" in found or "if the reports are right" in found
