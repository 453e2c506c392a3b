"""The frame of every page of the desk: its landmarks, its place in the menu, and the keyboard."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_desk_pages import NARROW, PLACES, WIDE, complaints, every_place, show
from tests.browser.test_every_page import theme
from tests.browser.test_reading import bring
from tests.kit.desk_login import be_logged_in, log_in
from tests.kit.sites import ADMINISTRATOR, Site

pytestmark = [pytest.mark.browser, pytest.mark.long]
# Pages that are in no part of the menu.
UNMARKED = {"/admin/desk/", "/admin/password_change/", "/admin/second-factor/"}
FRAME = """() => ({
    mains: document.querySelectorAll('main').length,
    headings: [...document.querySelectorAll('h1')].filter(it => it.checkVisibility()).length,
    marked: document.querySelectorAll('#nav-sidebar [aria-current]').length === 1,
    back: document.querySelector('.desk-crumbs a')?.pathname === '/admin/' })"""
# What a keyboard must reach: what takes the focus, and what looks as if it could be pressed.
CONTROLS = """(start) => {
    // In pictures, links have the href of another namespace.
    const takes = `a[*|href], button, input, select, textarea, summary,
        [tabindex]:not([tabindex='-1'])`;
    // The sentences of an article: the arrow keys go from one to the next.
    const byArrows = '[data-sentence]';
    const seen = (it) => it.checkVisibility({ opacityProperty: true, visibilityProperty: true });
    const free = (it) => !it.disabled && it.tabIndex >= 0 && seen(it);
    const radios = new Set();
    const first = (it) => it.type !== 'radio' || (!radios.has(it.name) && radios.add(it.name));
    const follows = (it) => it === start
        || start.compareDocumentPosition(it) & Node.DOCUMENT_POSITION_FOLLOWING;
    window.controls = [...document.querySelectorAll(takes)].filter(
        (it) => follows(it) && free(it) && first(it));
    window.walked = [];
    window.left = false;
    const look = () => { window.left ||= document.activeElement.matches('body, .desk-skip'); };
    document.addEventListener('keyup', look, true);
    document.addEventListener('keydown', () => {
        const on = document.activeElement, style = getComputedStyle(on);
        const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
        const same = (it) => it === on || (it.type === 'radio' && it.name && it.name === on.name);
        if (!left && on !== document.body) window.walked.push([controls.findIndex(same), outlined]);
    }, true);
    const idle = (it) => getComputedStyle(it).cursor === 'pointer' && seen(it)
        && !it.closest(`${takes}, label, ${byArrows}`) && !it.querySelector(takes);
    return [controls.length, [...document.querySelectorAll('body *')].filter(idle)
        .map((it) => it.outerHTML.slice(0, 120))]; }"""
WALKED = """() => [
    controls.filter((_, at) => !walked.some(([met]) => met === at)),
    walked.filter(([_, outlined]) => !outlined).map(([at]) => controls[at])]
    .map((some) => some.map((it) => it?.outerHTML.slice(0, 120)))"""
LAST_OF_MENU = "#nav-sidebar a:visible"
# The page is asked once in so many strokes whether the focus has left it.
STRIDE = 10
# By the formula of WCAG 2.2, over the backgrounds of all elements around it.
CONTRAST = """(selector) => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 1, height: 1 });
    const brush = canvas.getContext('2d', { willReadFrequently: true });
    const linear = (it) => it <= .04045 ? it / 12.92 : ((it + .055) / 1.055) ** 2.4;
    const paint = (colour) => {
        brush.fillStyle = colour;
        brush.fillRect(0, 0, 1, 1);
        const [red, green, blue] = [...brush.getImageData(0, 0, 1, 1).data].map((it) => it / 255);
        return .2126 * linear(red) + .7152 * linear(green) + .0722 * linear(blue); };
    const it = document.querySelector(selector), around = [];
    for (let on = it; on; on = on.parentElement) around.unshift(getComputedStyle(on));
    const under = around.map((style) => paint(style.backgroundColor)).at(-1);
    const over = paint(getComputedStyle(it).color);
    return (Math.max(under, over) + .05) / (Math.min(under, over) + .05); }"""


@pytest.fixture(scope="module")
def site(fed: Site) -> Site:
    """With rows of a feed."""
    return fed


def walk(page: Page, *, after_menu: bool = False) -> dict[str, object]:
    """Press Tab until the focus has left the page; from the first control on, or from the last of
    the menu. Return what is wrong: controls that are missed, controls without a visible focus, what
    only a pointer can press, and a walk without end."""
    start = page.locator(LAST_OF_MENU).last if after_menu else page.locator(".desk-skip")
    number, idle = start.evaluate(CONTROLS)
    start.focus()
    left = False
    # Parts that scroll are stops too. After the last stop the browser's own controls have the
    # focus, or it begins again.
    for _ in range(0, number + 30, STRIDE):
        for _ in range(STRIDE):
            page.keyboard.press("Tab")
        if left := page.evaluate("left"):
            break
    missed, unseen = page.evaluate(WALKED)
    wrong = {"missed": missed, "unseen": unseen, "idle": idle, "trapped": not left}
    return {name: places for name, places in wrong.items() if places}


class TestEveryPageOfTheDesk:
    def test_has_its_place_and_is_walked_by_keyboard(self, open_page):
        """One main part, one first heading, one entry of the menu, and a way back to the start. Tab
        reaches every control, shows where it is, and comes to an end. The menu, which is the same
        on all pages, is walked on the first one."""
        page = open_page(viewport={"width": WIDE, "height": 900})
        be_logged_in(page)

        found = {}
        for path in every_place(page):
            show(page, path, WIDE)
            seen = page.evaluate(FRAME)
            wanted = {"mains": 1, "headings": 1, "marked": path not in UNMARKED, "back": True}
            if path == "/admin/":
                wanted["back"] = False
            wrong = walk(page, after_menu=path != PLACES[0])
            if wrong or seen != wanted:
                found[path] = seen, wrong

        assert found == {}

    @pytest.mark.parametrize("width", [WIDE, NARROW])
    def test_with_an_article_that_is_read_is_no_exception(self, open_page, width):
        page = open_page(viewport={"width": width, "height": 900})
        be_logged_in(page)
        bring(page)

        assert [*complaints(page), *complaints(page, "dark")] == []
        assert walk(page) == {}
        assert page.evaluate(FRAME) == {"mains": 1, "headings": 1, "marked": True, "back": True}


class TestTheMenu:
    def test_opens_and_closes_by_keyboard_in_a_narrow_window(self, open_page):
        """At 1024 it is over the page: it takes the focus, and gives it back."""
        page = open_page(viewport={"width": NARROW, "height": 900})
        be_logged_in(page)
        page.goto("/admin/desk/claim/inbox/")
        menu, toggle = page.locator("#nav-sidebar"), page.get_by_role("button", name="Menu")
        expect(menu).to_be_hidden()
        expect(toggle).to_have_attribute("aria-expanded", "false")
        toggle.focus()

        page.keyboard.press("Enter")
        expect(menu).to_be_visible()
        expect(toggle).to_have_attribute("aria-expanded", "true")
        assert page.evaluate("document.activeElement.closest('#nav-sidebar') !== null")
        expect(menu.locator("[aria-current=page]")).to_contain_text("Inbox")
        assert complaints(page) == []
        assert complaints(page, "dark") == []
        menu.get_by_role("button", name="close").focus()
        page.keyboard.press("Enter")

        expect(menu).to_be_hidden()
        expect(toggle).to_be_focused()

    def test_of_the_account_opens_by_keyboard(self, open_page):
        page = open_page(viewport={"width": WIDE, "height": 900})
        log_in(page)
        account = page.get_by_role("button", name=f"Account: {ADMINISTRATOR}")
        account.focus()

        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name="Log out")).to_be_visible()
        assert complaints(page) == []
        assert complaints(page, "dark") == []
        for _ in range(3):
            page.keyboard.press("Tab")
        page.keyboard.press("Shift+Tab")
        page.keyboard.press(" ")
        expect(page.locator("html")).to_have_class("dark")
        page.keyboard.press("Escape")

        expect(page.get_by_role("button", name="Log out")).to_be_hidden()
        expect(account).to_be_focused()

    def test_is_skipped(self, open_page):
        page = open_page(viewport={"width": WIDE, "height": 900})
        be_logged_in(page)
        page.goto("/admin/desk/claim/inbox/")
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Skip to content")).to_be_focused()

        page.keyboard.press("Enter")
        page.keyboard.press("Tab")

        assert page.evaluate("document.activeElement.closest('main') !== null")

    def test_marks_the_current_page_in_a_colour_that_can_be_read(self, open_page):
        """axe takes no colour whose background it cannot work out; this one is worked out here."""
        page = open_page(viewport={"width": WIDE, "height": 900})
        log_in(page)
        for scheme in ("light", "dark"):
            theme(page, scheme)
            assert page.evaluate(CONTRAST, "#nav-sidebar [aria-current]") >= 4.5
