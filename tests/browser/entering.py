"""Enters the article's claims through the desk, by keyboard."""

from collections.abc import Mapping
from typing import Any

from playwright.sync_api import Page

from tests.browser.typist import Typist
from tracker.domain.datewords import describe

type Row = Mapping[str, Any]

# What people type for a date, where it is not EDTF.
TYPED = {
    "[2022-03-21..2022-03-31]": "late March 2022",
    "2022-05-11": "11 May 2022",
    "2022-05-12": "12 May 2022",
    "2022-02-24": "24 February 2022",
    "2022-03": "March 2022",
}
PLOVER = "plover-2.0/"
LIKELIHOOD = "not judged by the source"
STRENGTH = "not qualified: full"
RARE = "Denials, conditions, contexts, amounts, forecasts, tags and note"


def enter(typist: Typist, row: Row) -> None:
    """Type one claim, from the summary on, and go on to the next."""
    typist.arrive("Summary")
    typist.write("Summary", row["summary"])
    typist.choose("Kind", row["kind"])
    typist.write("Code", row.get("code", "").removeprefix(PLOVER))
    _parties(typist, row["parties"])
    _date(typist, row.get("occurred"))
    _citation(typist, row["citations"][0])
    _sureness(typist, row)
    _rare(typist, row)
    typist.press("Control+Enter")
    typist.sees(f"Recorded: {row['summary']}")


def _parties(typist: Typist, parties: list[Row]) -> None:
    boxes = typist.page.get_by_label("Who", exact=True).count()
    for number, party in enumerate(parties):
        if number >= boxes:
            typist.to("One more party")
            typist.press("Enter")
            typist.arrive("Who")
        typist.write("Who", party["actor"])
        typist.choose("Role", party["role"])
    for _ in range(boxes - len(parties)):
        typist.write("Who", "")


def _date(typist: Typist, occurred: Row | None) -> None:
    edtf = occurred["edtf"] if occurred else ""
    typist.write("When", TYPED.get(edtf, edtf) or "unknown")
    typist.sees(describe(edtf) if edtf else "the date is unknown")
    if occurred:
        typist.write("Date in the source's words", occurred.get("phrase", ""))
        typist.choose("The date is", occurred["basis"])


def _citation(typist: Typist, cited: Row) -> None:
    typist.write("Document", cited["document"])
    typist.write("Chain", "\n".join(cited["chain"]))
    typist.write("Quote", cited.get("quote", ""))
    typist.choose("Interest", cited["interest"])
    if cited.get("language") or cited.get("note"):
        typist.open("Stance, translation, language, place and note")
        typist.write("Language", cited.get("language", ""))
        typist.write("Note on the citation", cited.get("note", ""))


def _sureness(typist: Typist, row: Row) -> None:
    typist.write("Hedge, in the source's word", row.get("hedge", ""))
    if row.get("likelihood"):
        # The hedge has chosen it already.
        typist.page.wait_for_timeout(400)
        typist.choose("Likelihood", row["likelihood"])
    if strength := row.get("strength"):
        typist.choose("Strength", strength["grade"])
        typist.write("Why this strength", strength["reason"])


def _rare(typist: Typist, row: Row) -> None:
    if not any(row.get(name) for name in ("contexts", "magnitude", "note", "condition")):
        return
    typist.open(RARE)
    if row.get("condition"):
        typist.choose("Modality", row["modality"])
        typist.write("On condition that", row["condition"])
    elif row["modality"] != "actual":
        typist.choose("Modality", row["modality"])
    typist.tick(*row.get("contexts", ()))
    if magnitude := row.get("magnitude"):
        typist.write("Amount", magnitude["value"])
        typist.write("Unit", magnitude["unit"])
        typist.tick(*["It is a change"] * magnitude["change"])
        typist.write("Against the period", magnitude["baseline"])
    if row.get("note"):
        typist.write("Note", row["note"])


def add(page: Page, noun: str, **fields: str) -> None:
    """Put a record on file by its form; fields by their labels."""
    page.goto(f"/admin/desk/{noun}/add/")
    for label, value in fields.items():
        field = page.get_by_label(label.replace("_", " "), exact=True)
        if field.evaluate("one => one.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    page.get_by_role("button", name="Put on record").click()
    page.get_by_text("is on record.").wait_for()
