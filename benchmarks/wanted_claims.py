"""Claims to enter on the reading page, from the seed or from a list that somebody made, and the
text in which they are."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from benchmarks.reading_screen import Wanted
from tests.kit.processes import CHECKOUT

type Row = Mapping[str, Any]

SEED = CHECKOUT / "fixtures" / "seed"
PLOVER = "plover-2.0/"
# Words by which the sentence of a claim is found in the article.
PLACES = {
    1: "Bilateral ties",
    2: "irredentist invasion",
    3: "in late March",
    4: "in late March",
    5: "in late March",
    6: "primarily designed",
    7: "the CPC shutoff",
    8: "the CPC shutoff",
    9: "further alarmed",
    10: "further alarmed",
    11: "Qasym-Zhomart",
    12: "Qasym-Zhomart",
    13: "While in Turkey",
    14: "Since ANKA",
    15: "On May 12",
    16: "repeatedly expressed",
    17: "op-ed",
    18: "power atrophying",
    19: "will watch",
    20: "quietly considering",
    21: "lapping up",
    22: "weeks or even months",
    23: "The sale would",
    24: "will trouble",
    25: "As Reid",
    26: "Citing cybersecurity",
    27: "are suspected",
    28: "In 2020",
    29: "In 2020",
    30: "Chinese-language",
    31: "Chinese-language",
    32: "Chinese-language",
    33: "As is often",
    34: "general compliance",
    35: "general compliance",
    36: "plummeted",
    37: "plummeted",
    38: "wolf warrior",
    39: "very friendly",
    40: "new factors",
    41: "last week’s",
    42: "are blocking",
    43: "are blocking",
    44: "Chinese-language",
    45: "lapping up",
    46: "The sale would",
    47: "power atrophying",
    48: "tertiary theater",
    49: "further alarmed",
    50: "are blocking",
    51: "irredentist invasion",
    52: "are blocking",
}


def seed_rows() -> dict[int, Row]:
    """The rows of the seed's claims by number."""
    rows: dict[int, Row] = yaml.safe_load((SEED / "claims.yaml").read_text("utf-8"))["claims"]
    return rows


def final_summary(row: Row) -> str:
    """The summary of a row after its correction."""
    words: str = {**row, **row.get("correction", {})}["summary"].strip()
    return words


def made_article(document: Row, rows: Iterable[Row]) -> str:
    """A text in place of the article: its head, and the summaries, one sentence each."""
    head = [str(document["date"]), document["title"], *document["authors"]]
    return "\n\n".join([*head, *(row["summary"].strip() for row in rows)]) + "\n"


def place(number: int, row: Row, *, is_made: bool) -> str:
    """Words of the sentence of a row, in the article or in the text in its place."""
    return row["summary"].strip() if is_made else PLACES[number]


def of_seed(claim: Row, *, place: str) -> Wanted:
    """A claim on record by names (`record_names`)."""
    [cited] = claim["citations"]
    return Wanted(
        place=place,
        kind=claim["kind"],
        code=claim.get("code", "").removeprefix(PLOVER),
        parties=frozenset((party["actor"], party["role"]) for party in claim["parties"]),
        edtf=claim.get("occurred", {}).get("edtf", ""),
        chain=tuple(cited.get("chain", ())),
        strength=claim.get("strength", {}).get("grade", ""),
        summary=claim["summary"],
    )


def of_list(path: Path, names: Mapping[str, str]) -> list[Wanted]:
    """The claims of a list: objects with `sentence` (its first words), `kind`, `event`, `mode`,
    `initiators`, `recipients`, `about`, `occurred` and `said_by`. `names` are those of countries by
    their codes; a speaker that is none is a source. Measures are left out, since the list has no
    amounts, and denials of what is not in the list."""
    rows = yaml.safe_load(path.read_text("utf-8"))
    found = [_of_entry(row, names) for row in rows if row["kind"] != "measure"]
    listed = {(one.code, one.parties) for one in found if not one.is_denial}
    return [one for one in found if not one.is_denial or (one.code, one.parties) in listed]


def _of_entry(row: Row, names: Mapping[str, str]) -> Wanted:
    speaker = row["said_by"]
    roles = {"initiators": "initiator", "recipients": "recipient", "about": "about"}
    return Wanted(
        place=row["sentence"],
        kind=row["kind"],
        code="/".join(filter(None, (row["event"], row["mode"]))),
        parties=frozenset(
            (names.get(name, name), role) for field, role in roles.items() for name in row[field]
        ),
        edtf=row["occurred"],
        said_by=names.get(speaker, ""),
        chain=(speaker,) if speaker and speaker not in names else (),
        summary=row["note"] or row["sentence"],
    )
