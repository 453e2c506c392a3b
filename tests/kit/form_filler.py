"""Fills the forms of the desk in with a mouse at hand: a claim, and what is done to one."""

from collections.abc import Mapping
from typing import Any

from playwright.sync_api import Page, expect

from tests.kit.article_entry import DATE_WORDS, FULL, MORE
from tracker.domain.dates.description import describe

type Row = Mapping[str, Any]

# So much of a claim's sentence finds it.
WORDS = 40
NOTED, SURE, AMOUNT = "Contexts, note and tags", "How sure, how strong", "Amounts"
RARE = "Denial, announcement, condition and collection"


def fill(page: Page, row: Row) -> None:
    """Fill in one claim and save it; the form for the next one follows."""
    _what(page, row)
    _who(page, row["parties"])
    _when(page, row.get("occurred", {}))
    _says(page, row["citations"][0])
    _noted(page, row)
    _sure(page, row)
    _rare(page, row)
    recorded = page.get_by_text(f"Recorded: {row['summary']}")
    again = page.get_by_text("If yours is a different claim, save again.")
    page.get_by_role("button", name="Save and add another").click()
    expect(recorded.or_(again)).to_be_visible()
    if again.is_visible():
        page.get_by_role("button", name="Save and add another").click()
        expect(recorded).to_be_visible()


def _what(page: Page, row: Row) -> None:
    _box(page, "Summary", row["summary"])
    _list(page, "Kind", row["kind"])
    _box(page, "Code", row.get("code", ""))


def _noted(page: Page, row: Row) -> None:
    if row.get("contexts") or row.get("note"):
        _open(page, NOTED)
        _box(page, "Contexts", ", ".join(row.get("contexts", ())))
        _box(page, "Note", row.get("note", ""))


def _who(page: Page, parties: list[Row]) -> None:
    who = page.get_by_label("Who", exact=True)
    while who.count() < len(parties):
        before = who.count()
        page.get_by_role("button", name="One more party").click()
        expect(who).to_have_count(before + 1)
    roles = page.get_by_label("Role", exact=True)
    for place, party in enumerate(parties):
        who.nth(place).fill(party["actor"])
        roles.nth(place).select_option(party["role"])
    for place in range(len(parties), who.count()):
        # A row that is not needed may be hidden once the one before it is empty.
        if who.nth(place).is_visible():
            roles.nth(place).select_option("")
            who.nth(place).fill("")


def _when(page: Page, occurred: Row) -> None:
    edtf = occurred.get("edtf", "")
    _box(page, "When", edtf or "unknown")
    reading = page.get_by_text(describe(edtf) if edtf else "the date is unknown", exact=True)
    expect(reading.locator("visible=true").first).to_be_visible()
    if occurred.get("phrase") or occurred.get("basis", "stated") != "stated":
        _open(page, DATE_WORDS)
        _box(page, "Date in the source's words", occurred.get("phrase", ""))
        _list(page, "The date is", occurred.get("basis", "stated"))


def _says(page: Page, cited: Row) -> None:
    _box(page, "Document", cited["document"])
    _box(page, "Chain", "\n".join(cited.get("chain", ())))
    _box(page, "Quote", cited.get("quote", ""))
    if cited["interest"] != "none" or cited.get("language") or cited.get("note"):
        _open(page, MORE)
        _list(page, "Interest", cited["interest"])
        _box(page, "Language", cited.get("language", ""))
        _box(page, "Note on the citation", cited.get("note", ""))


def _sure(page: Page, row: Row) -> None:
    if not any(row.get(name) for name in ("hedge", "likelihood", "strength")):
        return
    _open(page, SURE)
    _box(page, "Hedge, in the source's word", row.get("hedge", ""))
    if row.get("likelihood"):
        _list(page, "Likelihood", row["likelihood"])
    strength = row.get("strength", {})
    _list(page, "Strength", strength.get("grade", FULL))
    _box(page, "Why this strength", strength.get("reason", ""))


def _rare(page: Page, row: Row) -> None:
    if row["modality"] != "actual":
        _open(page, RARE)
        _list(page, "Modality", row["modality"])
        _box(page, "On condition that", row.get("condition", ""))
    if magnitude := row.get("magnitude"):
        _open(page, AMOUNT)
        _box(page, "Amount", magnitude["value"])
        _box(page, "Unit", magnitude["unit"])
        page.get_by_label("It is a change").set_checked(magnitude.get("change", False))
        _box(page, "Against the period", magnitude.get("baseline", ""))


def _open(page: Page, title: str) -> None:
    """Open a folded part, unless it is."""
    summary = page.get_by_text(title, exact=True)
    if not summary.evaluate("one => one.parentElement.open"):
        summary.click()


def _box(page: Page, label: str, text: str) -> None:
    field = page.get_by_label(label, exact=True)
    if text or field.input_value():
        field.fill(text)


def _list(page: Page, label: str, option: str) -> None:
    field = page.get_by_label(label, exact=True)
    if field.evaluate("one => one.selectedOptions[0].textContent") != option:
        field.select_option(label=option)


def correct(page: Page, claim: str, *, reason: str, **texts: str) -> None:
    """Correct a claim on its page: other texts in the boxes of these labels, and why."""
    page.goto(claim)
    page.get_by_role("link", name="Correct").click()
    for label, text in texts.items():
        page.get_by_label(label, exact=True).fill(text)
    page.get_by_label("Reason").fill(reason)
    page.get_by_role("button", name="Save correction").click()
    page.get_by_text("The correction is recorded.").wait_for()


def judge(page: Page, claim: str, verdict: Row) -> None:
    """Give a verdict on a claim's page."""
    page.goto(claim)
    page.get_by_role("link", name="Give verdict").click()
    _list(page, "Verdict", verdict["verdict"])
    _box(page, "Why", verdict["reason"])
    _box(page, "Judged by", verdict.get("source", ""))
    _box(page, "As written in", verdict.get("document", ""))
    page.get_by_role("button", name="Give verdict").click()
    page.get_by_text("The verdict is recorded.").wait_for()


def link(page: Page, claim: str, *, how: str, other: str, why: str) -> None:
    """Link a claim to another one, which is picked by its words."""
    page.goto(claim)
    page.get_by_role("link", name="Link", exact=True).click()
    page.get_by_label("How they are related").select_option(label=how)
    page.get_by_label("The other claim").fill(other[:WORDS])
    page.get_by_role("option", name=other[:WORDS]).click()
    page.get_by_label("Why").fill(why)
    page.get_by_role("button", name="Link").click()
    page.get_by_text("The link is recorded.").wait_for()
