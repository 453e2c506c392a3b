"""Lists made of ICEWS: date, subject, relation, object; the relation is CAMEO's label."""

from collections.abc import Iterator
from functools import cache
from typing import BinaryIO

from tracker.domain import codebooks
from tracker.domain.claims import Basis
from tracker.domain.codes import Code, nearest
from tracker.imports.formats import base, coded, icews_names
from tracker.imports.formats.base import BadCell, Format, Head, Named, Refused
from tracker.imports.formats.coded import CAMEO, Called, Deed, Ends, Row, Speaker, Story
from tracker.imports.formats.drafts import DraftClaim, NamedSource
from tracker.imports.formats.icews_names import Unheard

_COLUMNS = {"/code": "relation", "/occurred": "date"}
_ENDS = Ends("subject", "object")
_WANTED = ("date", "subject", "relation", "object")
_BASIS: Basis = "publication"
_PROJECT = NamedSource(name="ICEWS", kind="organisation")


def _knows(head: Head) -> bool:
    return set(_WANTED) <= head.names


def _read(stream: BinaryIO) -> Iterator[DraftClaim | Refused]:
    for row in base.read(stream, _WANTED, missing=("NA",)):
        if isinstance(row, Refused):
            yield row
            continue
        try:
            yield _draft(row)
        except BadCell as problem:
            yield problem.on(row.line)


def _draft(row: Named) -> DraftClaim:
    cells = row.cells
    day = coded.day(cells["date"])
    if not day:
        raise BadCell("date", cells["date"], "is no day, as 2018-08-29")
    act = _act(cells["relation"])
    whom = (_speaker("object", row),) if cells["object"] else ()
    deed = Deed(day=day, basis=_BASIS, act=act, who=(_speaker("subject", row),), whom=whom)
    told = " to ".join(filter(None, (cells["subject"], cells["object"])))
    said = Row(
        line=row.line,
        key=f"{day} {cells['subject']} {act.parts[0]} {cells['object']}"[:200].strip(),
        note=f"ICEWS: {told}",
        remarks=(),
        columns=_COLUMNS,
        cells={name: cells[name] for name in _WANTED},
    )
    title = f"ICEWS: events of {day}, from stories that the list does not name"
    story = Story(publisher=_PROJECT, document={"title": title, "date": day}, citation={})
    return coded.draft(said, deed, story, _ENDS)


def _speaker(column: str, row: Named) -> Speaker | Called:
    name = row.cells[column]
    if not name:
        raise BadCell(column, "", "is empty: an act needs somebody who acts")
    found = icews_names.told(name)
    if isinstance(found, Unheard):
        raise BadCell(column, name, str(found))
    return found


@cache
def _labels() -> dict[str, Code]:
    """CAMEO's codes by label. The label of a whole family is that of its first code too."""
    codes = codebooks.CODEBOOKS[CAMEO].codes.values()
    return {_plain(code.label): code for code in codes if len(code.parts[0]) > 2}


def _plain(label: str) -> str:
    """A label without what writers vary: capitals and hyphens."""
    return label.replace("-", " ").casefold()


def _act(label: str) -> Code:
    found = _labels().get(_plain(label))
    if found is None:
        near = nearest(_plain(label), _labels())
        raise BadCell("relation", label, f"is no label of CAMEO 1.1b3; {near}")
    return found


FORMAT = Format(
    name="icews-list",
    says="a list made of ICEWS: date, subject, relation, object",
    collection=coded.collection(
        "icews-list",
        "Events of ICEWS as a list without stories and publishers (CAMEO 1.1b3 by label)."
        " Nobody can be asked who reported an event: credibility 4.",
        credibility=4,
    ),
    knows=_knows,
    read=_read,
)
