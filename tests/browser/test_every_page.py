"""What holds of every public page: nothing cut off, nothing that axe finds, nothing from elsewhere,
and all of it there without scripts."""

from collections.abc import Callable, Iterator, Sequence

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import assert_quiet, listen, picture
from tests.kit.sites import Site

pytestmark = pytest.mark.browser

# Each with words that its main part must hold.
PAGES = {
    "overview": ("/", "Kazakhstan and Russia"),
    "pair": ("/pairs/KAZ-RUS/", "Kazakhstan and Russia: signals in both directions."),
    "pair-table": ("/pairs/KAZ-RUS/?show=table", "31 Mar 2022"),
    "pair-sources": ("/pairs/KAZ-RUS/?show=sources", "The China-Russia Report"),
    "pair-download": ("/pairs/KAZ-RUS/?show=download", "as known at position"),
    "pair-silent": ("/pairs/CHN-KAZ/", "No reported act between China and Kazakhstan yet."),
    "triad": ("/triads/CHN-KAZ-RUS/", "None is an act between the two"),
    "actor": ("/actors/KAZ/", "Recent claims"),
    "actor-movement": ("/actors/RUS/?show=movement", "How far each relation moved"),
    "compare": ("/compare/?pairs=KAZ-RUS,CHN-RUS", "Kazakhstan and Russia"),
    "timeline": ("/actors/RUS/timeline/", "What goes on"),
    "stories": ("/stories/", "The triangle of China, Russia and Kazakhstan"),
    "story": ("/stories/china-russia-kazakhstan/", "The silent side"),
    "organisation": ("ORGANISATION", "upon a state counts for its members on that day"),
    "search": ("/search/?q=kazakh%20russia", "Results for"),
    "search-nothing": ("/search/?q=Kazakstan", "Did you mean one of these?"),
    "shifts": ("/shifts/", "Recently entered, corrected or retracted"),
    "editions": ("/editions/", "Editions"),
    "method": ("/method/", "An example worked by hand"),
    "calibration": ("/method/calibration/", "with fewer, luck decides"),
    "status": ("/status/", "up to date"),
    "claim": ("CLAIM", "Who says so"),
    "document": ("DOCUMENT", "Claims taken from it"),
    "source": ("SOURCE", "Record of forecasts"),
    "what-would-change": ("/pairs/KAZ-RUS/what-would-change/", "The claims it hangs on"),
    "corrections": ("/corrections/", "Judged it confirmed."),
    "digests": ("/digest/", "March 2022"),
    "digest": ("/digest/2022-03/", "in March 2022"),
    "about": ("/about/", "How to complain"),
    "licence": ("/about/licence/", "Apache License 2.0"),
    "follow": ("/follow/", "In a feed reader"),
    "mail-sent": ("/follow/mail/sent/", "Check your mail"),
    "mail-problem": ("/follow/mail/confirm/none/", "This link is not valid"),
    "nowhere": ("/pairs/KAZ-XXX/", "Page not found"),
    "unclear": ("/pairs/KAZ-RUS/?day=soon", "is not a day (2022-05-24)"),
    "embed-pair": (
        "/embed/pairs/KAZ-RUS/",
        "Kazakhstan and Russia: signals in both directions.",
    ),
}
# A page of each template that a visitor meets first; the others are looked at by the long run.
EVERY_DAY = {
    *("overview", "pair", "pair-table", "pair-sources", "triad", "actor", "timeline", "compare"),
    *("story", "search", "shifts", "claim", "document", "digest", "follow", "unclear"),
}
# By a link on another page.
FOUND = {
    "CLAIM": ("/pairs/KAZ-RUS/", ".causes a"),
    "DOCUMENT": ("/pairs/KAZ-RUS/?show=sources", "main a[href^='/documents/']"),
    "ORGANISATION": ("/actors/KAZ/", "main a[href^='/organisations/']"),
    "SOURCE": ("DOCUMENT", "main a[href^='/sources/']"),
}
AXE = Axe().axe_script
RUN_AXE = """([options, selector]) => {
    axe.configure({ rules: [{ id: 'color-contrast', selector }] });
    return axe.run(options).then(found => found.violations.map(one =>
        [one.id, one.nodes.slice(0, 3).map(node => node.html.slice(0, 160))])) }"""
FRESH = "data-fresh-look"
# Elements of one look on one page: a few, since axe cannot measure one that something covers.
MOST_ALIKE = 20
# All that contrast depends on: the letters, whether the control is in use, and what is painted at
# the element and around it. Of elements with a text of their own.
MARK_FRESH = """([mark, known, most]) => {
    const met = new Set(known), fresh = new Map(), around = new Map();
    const painted = (it) => {
        if (!it) return '';
        if (!around.has(it)) {
            const on = getComputedStyle(it);
            const own = [on.backgroundColor, on.backgroundImage, on.opacity, on.position, on.zIndex,
                on.filter, on.mixBlendMode, on.clipPath].join(' ');
            around.set(it, `${painted(it.parentElement)}|${own}`); }
        return around.get(it); };
    const look = (it) => {
        const on = getComputedStyle(it);
        return [on.color, on.fontSize, on.fontWeight, on.fontFamily, on.textShadow, it.disabled,
            on.webkitTextFillColor, it.closest('[aria-disabled=true]') !== null, it.tagName,
            painted(it)].join(' '); };
    const text = (it) => it.matches('input, select, textarea') || [...it.childNodes].some(
        (one) => one.nodeType === Node.TEXT_NODE && one.textContent.trim());
    for (const it of document.querySelectorAll('body, body *')) {
        const own = it.checkVisibility() && text(it) && look(it);
        const times = fresh.get(own) ?? 0, taken = own && !met.has(own) && times < most;
        it.toggleAttribute(mark, taken);
        if (taken) fresh.set(own, times + 1); }
    return [...fresh.keys()]; }"""
SET_THEME = """scheme => {
    document.documentElement.classList.toggle('dark', scheme === 'dark')
    document.getAnimations().forEach(one => one.playState === 'running' && one.cancel()) }"""
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# With those of axe itself about landmarks, regions and headings, which the desk keeps.
EVERY_RULE = [*WCAG, "best-practice"]
# The texts of two cells of one row that lie on each other.
OVERLAPS = """() => [...document.querySelectorAll('tr')].flatMap(row => {
    const cells = [...row.cells].filter(one => one.checkVisibility() && one.textContent.trim());
    const boxes = cells.map(one => {
        const text = document.createRange();
        text.selectNodeContents(one);
        return text.getBoundingClientRect(); });
    return boxes.flatMap((a, i) => boxes.slice(i + 1).flatMap((b, j) =>
        a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1
        ? [[cells[i].textContent.trim(), cells[i + 1 + j].textContent.trim()]] : [])); })"""
# What answers that are no page write into the console.
REFUSED = {"mail-problem", "nowhere", "unclear"}


def address(page: Page, path: str) -> str:
    if path not in FOUND:
        return path
    start, link = FOUND[path]
    page.goto(address(page, start))
    return page.locator(link).first.get_attribute("href") or ""


@pytest.fixture(scope="module")
def tabs(browser: Browser, site: Site) -> Iterator[dict[bool, Page]]:
    """One with scripts and one without. Pages are opened in them one after another: a new tab takes
    longer than most pages."""
    contexts = {
        scripts: browser.new_context(base_url=site.url, java_script_enabled=scripts)
        for scripts in (True, False)
    }
    yield {scripts: context.new_page() for scripts, context in contexts.items()}
    for context in contexts.values():
        context.close()


@pytest.fixture
def page_of(
    tabs: dict[bool, Page], expected_errors: list[str], said: list[str], site: Site
) -> Iterator[Callable[..., Page]]:
    """Open a page; at the end nothing may have been blocked or broken in it."""
    ends = [listen(page, said) for page in tabs.values()]

    def show(name: str, *, width: int = 1440, scripts: bool = True) -> Page:
        if name in REFUSED:
            expected_errors.append("responded with a status of 40")
        page = tabs[scripts]
        page.set_viewport_size({"width": width, "height": 900})
        left: list[str] = []
        note = lambda one: left.append(one.url)  # noqa: E731
        page.on("request", note)
        page.goto(address(page, PAGES[name][0]))
        page.remove_listener("request", note)
        assert left
        assert [one for one in left if not one.startswith(site.url)] == []
        return page

    yield show
    for end in ends:
        end()
    assert_quiet(said, expected_errors)


def complaints(
    page: Page,
    scheme: str = "light",
    *,
    rules: Sequence[str] = WCAG,
    known: set[str] | None = None,
) -> list[tuple[str, list[str]]]:
    """What axe has against a page, by rule, with the first places. Only contrast depends on the
    scheme: in the dark nothing else is looked at again. The page is in the light afterwards.

    To measure contrast takes longer than all else. If `known` is given, elements are left out that
    look as some did when it was measured before, and beyond the first few of one look; the looks of
    the others are added to it."""
    light = {"type": "tag", "values": list(rules)}
    dark = {"type": "rule", "values": ["color-contrast"]}
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    theme(page, scheme)
    fresh = known is None or _mark_fresh(page, known)
    found = []
    if scheme == "light" or fresh:
        options = {
            "runOnly": light if scheme == "light" else dark,
            "resultTypes": ["violations"],
            "preload": {"assets": ["media"]},
        }
        selector = "*" if known is None else f"[{FRESH}]"
        found = page.evaluate(RUN_AXE, [options, selector])
    theme(page, "light")
    return [(rule, places) for rule, places in found]


def _mark_fresh(page: Page, known: set[str]) -> bool:
    """Mark the elements whose look is not known, and add it; say whether there is any."""
    looks = page.evaluate(MARK_FRESH, [FRESH, sorted(known), MOST_ALIKE])
    known.update(looks)
    return bool(looks)


def theme(page: Page, scheme: str) -> None:
    """Change what the reader's system prefers. The desk looks at that only when it is loaded, and
    then sets a class."""
    page.emulate_media(color_scheme=scheme)
    if page.evaluate("'Alpine' in window"):
        page.evaluate(SET_THEME, scheme)


def overhang(page: Page, width: int) -> int:
    """By how many points a page is wider than a window of some width."""
    page.set_viewport_size({"width": width, "height": 900})
    return max(0, page.evaluate("document.documentElement.scrollWidth") - width)


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=() if name in EVERY_DAY else (pytest.mark.long,)) for name in PAGES],
)
class TestEveryPage:
    def test_fits_and_has_nothing_that_axe_finds(self, page_of, name):
        """A window of 1280 that is zoomed to 400 % is one of 320."""
        page = page_of(name)
        known: set[str] = set()

        assert complaints(page, known=known) == []
        for width in (1440, 768, 360, 320):
            assert overhang(page, width) == 0
            assert page.evaluate(OVERLAPS) == []
            expect(page.locator("h1")).to_have_count(1)
            expect(page.locator("main")).to_contain_text(PAGES[name][1], use_inner_text=True)
            if width > 320:
                picture(page, f"{name}-{width}-light")
        # Narrow, and then dark: only contrast depends on the theme, and not on the width.
        assert complaints(page, known=known) == []
        assert complaints(page, "dark", known=known) == []
        picture(page, f"{name}-320-dark")

    @pytest.mark.long
    def test_has_all_of_it_without_scripts(self, page_of, name):
        page = page_of(name, scripts=False)

        expect(page.locator("main")).to_contain_text(PAGES[name][1], use_inner_text=True)
