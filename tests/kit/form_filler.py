"""Fills the forms of the desk in with a mouse at hand: a claim, and what is done to one."""

from collections.abc import Mapping
from functools import partial
from types import MappingProxyType
from typing import Any

from playwright.sync_api import Page, expect

from tracker.domain.dates.description import describe

type Row = Mapping[str, Any]

# So much of a claim's sentence finds it.
WORDS = 40
FULL = "not qualified: full"
MORE = "Interest, credibility, stance, language, place, translation and note"
DATE_WORDS = "Its words, and how it is known"
NOTED, SURE, AMOUNT = "Contexts, note and tags", "How sure, how strong", "Amounts"
LIKELY = "not judged by the source"
RARE = "Denial, announcement, condition and collection"
NOTHING: Mapping[str, Any] = MappingProxyType({})


def fill_in(page: Page, row: Row) -> None:
    """Fill in one claim, whatever is in the form."""
    _box(page, "Summary", row["summary"])
    _list(page, "Kind", row["kind"])
    _box(page, "Code", row.get("code", ""))
    _who(page, row["parties"])
    _when(page, row.get("occurred", {}))
    _says(page, row["citations"][0])
    _noted(page, row)
    _sure(page, row)
    _rare(page, row)


def _noted(page: Page, row: Row) -> None:
    boxes = {"Contexts": ", ".join(row.get("contexts", ())), "Note": row.get("note", "")}
    _part(page, NOTED, boxes=boxes)


def _who(page: Page, parties: list[Row]) -> None:
    who = page.get_by_label("Who", exact=True)
    roles = page.get_by_label("Role", exact=True)
    for place, party in enumerate(parties):
        if place == who.count():
            page.get_by_role("button", name="One more party").click()
            expect(who).to_have_count(place + 1)
        who.nth(place).fill(party["actor"])
        roles.nth(place).select_option(party["role"])
    for place in range(len(parties), who.count()):
        # A row that is not needed may be hidden once the one before it is empty.
        if who.nth(place).is_visible():
            roles.nth(place).select_option("")
            who.nth(place).fill("")


def _when(page: Page, occurred: Row) -> None:
    edtf = occurred.get("edtf", "")
    typed = edtf or "unknown"
    if page.get_by_label("When", exact=True).input_value() != typed:
        _box(page, "When", typed)
        reading = page.get_by_text(describe(edtf) if edtf else "the date is unknown", exact=True)
        expect(reading.locator("visible=true").first).to_be_visible()
    _part(
        page,
        DATE_WORDS,
        boxes={"Date in the source's words": occurred.get("phrase", "")},
        lists={"The date is": occurred.get("basis", "stated")},
    )


def _says(page: Page, cited: Row) -> None:
    _box(page, "Document", cited["document"])
    _box(page, "Chain", "\n".join(cited.get("chain", ())))
    _box(page, "Quote", cited.get("quote", ""))
    _part(
        page,
        MORE,
        boxes={
            "Language": cited.get("language", ""),
            "Note on the citation": cited.get("note", ""),
        },
        lists={"Interest": cited["interest"]},
    )


def _sure(page: Page, row: Row) -> None:
    strength = row.get("strength", {})
    _part(
        page,
        SURE,
        boxes={
            "Hedge, in the source's word": row.get("hedge", ""),
            "Why this strength": strength.get("reason", ""),
        },
        lists={
            "Likelihood": row.get("likelihood", LIKELY),
            "Strength": strength.get("grade", FULL),
        },
    )


def _rare(page: Page, row: Row) -> None:
    _part(
        page,
        RARE,
        boxes={"On condition that": row.get("condition", "")},
        lists={"Modality": row["modality"]},
    )
    magnitude = row.get("magnitude", {})
    _part(
        page,
        AMOUNT,
        boxes={
            "Amount": magnitude.get("value", ""),
            "Unit": magnitude.get("unit", ""),
            "Against the period": magnitude.get("baseline", ""),
        },
        ticks={"It is a change": magnitude.get("change", False)},
    )


def _part(
    page: Page,
    title: str,
    *,
    boxes: Mapping[str, str],
    lists: Mapping[str, str] = NOTHING,
    ticks: Mapping[str, bool] = NOTHING,
) -> None:
    """See to it that the fields of a folded part hold some values; open it where one differs."""
    field = partial(page.get_by_label, exact=True)
    differ = [label for label, text in boxes.items() if field(label).input_value() != text]
    differ += [label for label, option in lists.items() if _chosen(page, label) != option]
    differ += [label for label, on in ticks.items() if field(label).is_checked() != on]
    if not differ:
        return
    _open(page, title)
    for label, text in boxes.items():
        _box(page, label, text)
    for label, option in lists.items():
        _list(page, label, option)
    for label, on in ticks.items():
        field(label).set_checked(on)


def _chosen(page: Page, label: str) -> str:
    field = page.get_by_label(label, exact=True)
    option: str = field.evaluate("one => one.selectedOptions[0].textContent")
    return option


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
    if _chosen(page, label) != option:
        page.get_by_label(label, exact=True).select_option(label=option)


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
