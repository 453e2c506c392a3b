"""The claim form opens what a kind needs and folds the rest; a panel's round; what a party says."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import picture
from tests.browser.test_every_page import complaints, overhang
from tests.kit.builders import a_source
from tests.kit.desk_login import be_logged_in
from tests.kit.sites import ADMINISTRATOR, Site
from tracker import log
from tracker.operations import sources

pytestmark = [pytest.mark.browser, pytest.mark.long]


def opened(page: Page) -> set[str]:
    titles = page.locator(".desk-main details[open] > summary:visible").all_inner_texts()
    return {title.strip() for title in titles}


def line_of(box: Locator) -> float:
    """How far down the page a box begins."""
    place = box.bounding_box()
    assert place is not None
    return place["y"]


class TestTheParts:
    def test_open_for_the_kinds_that_need_them_and_close_again(self, form):
        assert opened(form) == {"Said by a party"}
        kind = form.get_by_label("Kind", exact=True)

        kind.select_option("forecast")
        expect(form.get_by_label("Forecast: resolves by")).to_be_visible()
        assert opened(form) == {"Said by a party", "How sure, how strong", "Forecast"}
        kind.select_option("measure")
        assert opened(form) == {"Said by a party", "Amounts"}
        kind.select_option("assessment")
        assert opened(form) == set()

    def test_stay_open_where_something_was_typed(self, form):
        form.get_by_label("Kind", exact=True).select_option("measure")
        form.get_by_label("Amount", exact=True).fill("3")
        form.get_by_label("Kind", exact=True).select_option("act")

        assert opened(form) == {"Said by a party", "Amounts"}

    def test_fold_for_a_code_of_speech(self, form):
        form.get_by_label("Code").fill("plover-2.0/ACCUSE/allege")
        form.get_by_label("Code").press("Tab")

        expect(form.get_by_label("Said by (a party)")).to_be_hidden()

    def test_open_for_the_keyboard(self, form):
        for _ in range(4):
            form.keyboard.press("Control+ArrowDown")

        expect(form.get_by_label("Contexts")).to_be_focused()


class TestAStatement:
    def test_takes_three_lines(self, form):
        form.set_viewport_size({"width": 1440, "height": 900})
        form.get_by_label("Kind", exact=True).select_option("assessment")
        box = form.get_by_label
        lines = [
            [box("Summary"), box("Kind", exact=True), box("Code")],
            [box("Who", exact=True).first, box("Role", exact=True).first, box("When", exact=True)],
            [box("Document"), box("Chain"), box("Quote")],
        ]

        for line in lines:
            tops = [line_of(one) for one in line]
            assert max(tops) - min(tops) < 8
        visible = form.locator(".desk-main :is(input, select, textarea):visible").count()
        assert visible == sum(map(len, lines))
        # All of it is seen at once, above the buttons.
        assert line_of(box("Document")) < line_of(form.get_by_role("button", name="Save claim"))
        assert complaints(form) == []


class TestAnAct:
    def test_has_two_parties_and_a_third_once_they_are_named(self, form):
        who = form.get_by_label("Who", exact=True)
        expect(who.nth(1)).to_be_visible()
        expect(who.nth(2)).to_be_hidden()

        who.nth(0).fill("Moscow")
        who.nth(1).fill("KZ")

        expect(who.nth(2)).to_be_visible()
        who.nth(1).focus()
        for name in ("parties-1-role", None, "more_parties"):
            form.keyboard.press("Tab")
            if name:
                expect(form.locator(":focus")).to_have_attribute("name", name)
        form.keyboard.press("Enter")
        expect(who.nth(2)).to_be_focused()
        form.keyboard.type("Beijing")
        form.keyboard.press("Tab")
        expect(form.locator(":focus")).to_have_attribute("name", "parties-2-role")
        form.get_by_role("button", name="One more party").click()
        expect(who.nth(3)).to_be_focused()


class TestThePreview:
    def test_stays_beside_the_form(self, form):
        for width in (1440, 1280, 1024):
            assert overhang(form, width) == 0
            effect = form.get_by_role("region", name="Effect").bounding_box()
            summary = form.get_by_label("Summary").bounding_box()
            assert effect["x"] > summary["x"] + summary["width"]
            assert effect["y"] < 300


ARTICLE = "The China-Russia-Kazakhstan triangle"


@pytest.fixture(scope="module")
def members(site):
    """Two members of a panel are on record."""
    with site.open():
        for name in ("Ann Lee", "Bo Berg"):
            member = a_source(kind="person", name=name)
            sources.describe_source(member, at=timezone.now(), by=ADMINISTRATOR)


def focused(page: Page) -> str:
    return page.evaluate("document.activeElement.getAttribute('aria-label')")


@pytest.mark.parametrize("width", [1280, 380])
def test_the_grid_works_by_keyboard_and_fits(open_page, members, width):
    page = open_page(viewport={"width": width, "height": 900})
    be_logged_in(page)
    page.goto("/admin/desk/claim/panel/")
    page.get_by_label("Document", exact=True).fill(ARTICLE)
    page.get_by_label("As of").fill(f"{width % 28 + 1} January 2022")
    page.get_by_label("Members").fill("Ann Lee\nBo Berg")
    page.get_by_label("Pairs").fill("KAZ-RUS\nCHN-KAZ")
    page.get_by_role("button", name="Show the grid").last.click()

    first = page.get_by_label("Kazakhstan–Russia, Ann Lee: level")
    expect(first).to_be_focused()
    page.keyboard.type("4")
    page.keyboard.press("Tab")
    assert focused(page) == "Kazakhstan–Russia, Ann Lee: ±"
    page.keyboard.press("Enter")
    assert focused(page) == "China–Kazakhstan, Ann Lee: ±"
    page.keyboard.press("ArrowDown")
    assert focused(page) == "China–Kazakhstan, Ann Lee: ±"
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert")).to_contain_text("Kazakhstan–Russia, Ann Lee, ±")
    expect(page.get_by_label("Kazakhstan–Russia, Ann Lee: ±")).to_be_focused()
    assert overhang(page, width) == 0
    assert complaints(page) == []
    page.keyboard.type("1.5")
    page.keyboard.press("Control+Enter")

    expect(page.get_by_text("1 level recorded.")).to_be_visible()


def test_a_level_shows_its_own_fields_and_hides_those_of_acts(form):
    level, code = form.get_by_label("Level", exact=True), form.get_by_label("Code", exact=True)
    expect(code).to_be_visible()
    expect(level).to_be_hidden()

    form.get_by_label("Kind", exact=True).select_option("level")

    expect(level).to_be_visible()
    expect(code).to_be_hidden()
    expect(form.get_by_label("Role", exact=True).first).to_have_value("about")
    form.get_by_label("Level", exact=True).fill("12")
    form.get_by_label("Kind", exact=True).select_option("act")
    expect(level).to_be_hidden()
    form.get_by_role("button", name="Save claim").click()
    expect(level).to_be_visible()
    assert complaints(form) == []


SUMMARY = "Russia shut a third pipeline to Kazakh oil."
STATEMENT = f"Kazakhstan said: {SUMMARY}"
QUOTE = "The third pipeline was shut, Kazakhstan said."


def type_what_was_said(page: Page) -> None:
    page.get_by_label("Summary").fill(SUMMARY)
    page.get_by_label("Code").fill("plover-2.0/SANCTION/discontinue")
    page.get_by_label("Who", exact=True).nth(0).fill("Moscow")
    page.get_by_label("Who", exact=True).nth(1).fill("KZ")
    page.get_by_label("When", exact=True).fill("2022-05-03")
    page.get_by_label("Document").fill("The China-Russia-Kazakhstan triangle")
    page.get_by_label("Quote", exact=True).fill(QUOTE)
    page.keyboard.press("Tab")


def test_a_speaker_is_proposed_taken_with_alt_and_s_looked_at_and_recorded(
    form: Page, site: Site
) -> None:
    type_what_was_said(form)
    expect(form.get_by_role("button", name="Said by Kazakhstan")).to_be_visible()

    form.keyboard.press("Alt+s")

    box = form.get_by_label("Said by (a party)")
    expect(box).to_have_value("Kazakhstan")
    expect(box).to_be_focused()
    expect(form.get_by_role("button", name="Said by Kazakhstan")).to_have_count(0)
    expect(form.locator("#effect")).to_contain_text(STATEMENT)

    form.get_by_role("button", name="Preview the effect").click()

    expect(form.locator("#effect")).to_contain_text(STATEMENT)
    expect(box).to_have_value("Kazakhstan")
    picture(form, "desk-said-by")

    form.get_by_role("button", name="Save claim").click()

    expect(form.get_by_role("heading", name=SUMMARY)).to_be_visible()
    with site.open():
        head = log.head().position
        said, statement, link = [log.at(head - n).decoded() for n in (2, 1, 0)]
        ends = [log.at(head - n).stream for n in (1, 2)]
    assert said.claim.summary == SUMMARY
    assert said.claim.citations[-1].chain
    assert statement.claim.summary == STATEMENT
    assert statement.claim.code == "plover-2.0/ACCUSE/allege"
    assert (link.type, [link.from_, link.to]) == ("says", ends)
    links = form.locator("section", has=form.get_by_role("heading", name="Links"))
    links.get_by_role("link").click()
    expect(form.get_by_role("heading", name=STATEMENT)).to_be_visible()


@pytest.mark.parametrize("what", ["speaker", "foresee"])
def test_a_change_while_an_answer_is_on_its_way_breaks_nothing_off(form: Page, what: str) -> None:
    """A request that is broken off is an error in the console, and the server works on anyway."""
    asked: list[Route] = []

    def hold_the_first(route: Route) -> None:
        asked.append(route)
        if len(asked) > 1:
            route.continue_()

    address = re.compile(rf"/admin/desk/claim/{what}/")
    form.route(address, hold_the_first)
    with form.expect_request(address):
        form.get_by_label("Summary").fill("Something else was shut.")
        form.keyboard.press("Tab")
    type_what_was_said(form)
    form.wait_for_timeout(1_000)
    assert len(asked) == 1

    asked[0].continue_()

    expect(form.get_by_role("button", name="Said by Kazakhstan")).to_be_visible()
    expect(form.locator("#effect")).to_contain_text("RUS>KAZ")
