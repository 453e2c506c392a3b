"""What holds of every page of the desk: it fits, and axe finds nothing, light and dark."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import test_every_page
from tests.browser.conftest import picture
from tests.browser.test_every_page import EVERY_RULE, overhang
from tests.kit.desk_login import be_logged_in, log_in
from tests.kit.sites import Site

pytestmark = [pytest.mark.browser, pytest.mark.long]
WIDE, NARROW = 1440, 1024
NOUNS = ("claim", "document", "source", "actor", "collection", "lens")
DAILY = (
    "overnight",
    "inbox",
    "approve",
    "codes",
    "codes/words",
    "panel",
    "drawn",
    "reconfirm",
    "second-coding",
    "coverage",
    "operate",
    "tokens",
    "views",
)
DEEDS = ("correct", "cite", "deny", "judge", "retract", "link", "review", "withhold")
PLACES = (
    "/admin/",
    "/admin/desk/read/",
    *(f"/admin/desk/{noun}/" for noun in NOUNS),
    *(f"/admin/desk/{noun}/add/" for noun in NOUNS),
    *(f"/admin/desk/claim/{name}/" for name in DAILY),
    "/admin/desk/claim/brief/?countries=CHN-KAZ-RUS&day=2022-05-24",
    "/admin/desk/job/",
    "/admin/desk/job/add/",
    "/admin/desk/job/imports/",
    "/admin/desk/",
    "/admin/auth/user/",
    "/admin/auth/user/add/",
    "/admin/auth/group/",
    "/admin/auth/group/add/",
    "/admin/auth/user/1/change/",
    "/admin/password_change/",
    "/admin/second-factor/",
)


@pytest.fixture(scope="module")
def site(fed: Site) -> Site:
    """With rows of a feed."""
    return fed


def complaints(
    page: Page, scheme: str = "light", known: set[str] | None = None
) -> list[tuple[str, list[str]]]:
    return test_every_page.complaints(page, scheme, rules=EVERY_RULE, known=known)


def rows_of(page: Page) -> dict[str, str]:
    """The page of one row of each noun."""
    found = {}
    for noun in NOUNS:
        page.goto(f"/admin/desk/{noun}/")
        link = page.locator(f"a[href*='/desk/{noun}/'][href*='/change/']").first
        found[noun] = (link.get_attribute("href") or "").split("?")[0]
    return found


def every_place(page: Page) -> list[str]:
    """The addresses of all pages: those that are fixed, rows, and what may be done to a row."""
    rows = rows_of(page)
    deeds = [rows["claim"].replace("/change/", f"/{deed}/") for deed in DEEDS]
    entry = f"/admin/desk/claim/add/?document={rows['document'].split('/')[-3]}"
    version = rows["lens"].replace("/change/", "/version/")
    read = rows["document"].replace("/change/", "/read/")
    return [*PLACES, *rows.values(), *deeds, entry, version, read]


def show(page: Page, path: str, width: int) -> None:
    """Open a page in a window of some width, and wait until its script has run."""
    page.set_viewport_size({"width": width, "height": 900})
    answer = page.goto(path)
    assert answer is not None
    assert answer.status == 200, path
    page.wait_for_function("!document.documentElement.hasAttribute('x-cloak')")


def named(path: str) -> str:
    """What the picture of a page is called."""
    plain = re.sub(r"[0-9a-f-]{36}|[?].*", "", path)
    return "desk" + re.sub(r"\W+", "-", plain.removeprefix("/admin")).rstrip("-")


class TestEveryPageOfTheDesk:
    @pytest.mark.parametrize("width", [WIDE, NARROW])
    def test_fits_and_has_nothing_that_axe_finds(self, open_page, width):
        """The menu is beside the page at 1440, and hidden at 1024. Each look of a text is measured
        on the first page that has it."""
        known: set[str] = set()
        page = open_page(viewport={"width": width, "height": 900})
        page.goto("/admin/login/")
        assert complaints(page, known=known) == []
        assert complaints(page, "dark", known=known) == []
        log_in(page)

        widths = {WIDE, NARROW, 360}
        found = {}
        for path in every_place(page):
            show(page, path, width)
            wrong = [*complaints(page, known=known), *complaints(page, "dark", known=known)]
            too_wide = [one for one in (*(widths - {width}), width) if overhang(page, one)]
            if wrong or too_wide:
                found[path] = wrong, too_wide
            picture(page, f"{named(path)}-{width}")

        assert found == {}


class TestTheKeyboard:
    def test_picks_from_what_is_offered(self, form):
        code = form.get_by_label("Code")
        code.focus()

        form.keyboard.type("sanc disc")
        option = form.get_by_role("option", name="plover-2.0/SANCTION/discontinue")
        expect(option).to_have_attribute("aria-selected", "true")
        expect(option).to_contain_text("−6 · Sanction: discontinue")
        assert complaints(form) == []
        form.keyboard.press("Enter")
        expect(code).to_have_value("plover-2.0/SANCTION/discontinue")
        expect(form.get_by_text("−6 · Sanction: discontinue").last).to_be_visible()

        who = form.get_by_label("Who", exact=True).first
        who.focus()
        form.keyboard.type("mosc")
        expect(form.get_by_role("option", name="Russia").first).to_be_visible()
        form.keyboard.press("Escape")
        expect(form.get_by_role("listbox", name="Suggestions")).to_have_count(0)
        expect(who).to_have_value("mosc")

    def test_goes_from_part_to_part_and_takes_an_earlier_date(self, open_page):
        page = open_page(viewport={"width": 1280, "height": 900})
        be_logged_in(page)
        page.goto("/admin/desk/document/?q=triangle")
        page.get_by_role("link", name="The China-Russia-Kazakhstan triangle").click()
        page.get_by_role("link", name="Enter a claim from it").click()
        expect(page.get_by_label("Summary")).to_be_focused()
        for label in ("Who", "When"):
            page.keyboard.press("Control+ArrowDown")
            expect(page.get_by_label(label, exact=True).first).to_be_focused()

        page.keyboard.press("ArrowDown")
        # The last rows of the article: Hungary's blocking, then the war.
        offered = page.get_by_role("listbox", name="Suggestions").get_by_role("option")
        expect(offered.nth(0)).to_contain_text("since May 2022, no end reported · publication")
        expect(offered.nth(1)).to_contain_text("since 24 February 2022, no end reported · inferred")
        assert complaints(page) == []
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Tab")

        expect(page.get_by_label("When", exact=True)).to_have_value("2022-02-24/..")
        expect(page.locator("#reading")).to_contain_text("since 24 February 2022, no end reported")
        expect(page.get_by_label("The date is")).to_have_value("inferred")
        for label in ("Document", "Contexts", "Hedge, in the source's word"):
            page.keyboard.press("Control+ArrowDown")
            expect(page.get_by_label(label, exact=True)).to_be_focused()
        page.keyboard.press("Control+ArrowUp")
        expect(page.get_by_label("Contexts")).to_be_focused()

    def test_speaks_about_whom_it_judges(self, form):
        roles = form.get_by_label("Role", exact=True)
        for place, name in enumerate(("Moscow", "KZ")):
            form.get_by_label("Who", exact=True).nth(place).fill(name)
        roles.nth(2).select_option("recipient")

        form.get_by_label("Kind", exact=True).select_option("assessment")
        said = [one.input_value() for one in roles.all()]
        form.get_by_label("Kind", exact=True).select_option("act")

        assert said == ["about", "about", "recipient"]
        assert [one.input_value() for one in roles.all()] == ["initiator", "recipient", "recipient"]

    def test_applies_what_a_hedge_means(self, form):

        form.get_by_text("How sure, how strong").click()
        form.get_by_label("Hedge, in the source's word").fill("apparently")
        form.keyboard.press("Tab")
        expect(form.get_by_label("Likelihood")).to_have_value("likely")

        form.get_by_label("Hedge, in the source's word").fill("may")
        form.keyboard.press("Tab")
        expect(form.get_by_label("Kind", exact=True)).to_have_value("assessment")
