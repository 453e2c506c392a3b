"""Claims to enter on the reading page, from the seed or from a list that somebody made, and the
text in which they are."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from tests.kit.article import PLACES
from tests.kit.processes import CHECKOUT
from tests.kit.reading_screen import Wanted

type Row = Mapping[str, Any]

SEED = CHECKOUT / "fixtures" / "seed"
PLOVER = "plover-2.0/"


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
    their codes; a speaker that is none is a source. Measures are left out: the list has no
    amounts."""
    rows = yaml.safe_load(path.read_text("utf-8"))
    return [_of_entry(row, names) for row in rows if row["kind"] != "measure"]


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
