"""CAMEO, edition 1.1b3, with Goldstein's values. Numbers differ between editions: 163 is sanctions
here.
"""

from tracker.domain.codes import Code, Codebook, read_form
from tracker.domain.facts import rows
from tracker.domain.likeness import suggestion

SCHEME = "cameo-1.1b3"

# The mapping has RETREAT/ceasefire for 0871; but to declare a ceasefire is a concession.
_DECLARED = {"0871": ("CONCEDE", "")}

_NEEDS_RECIPIENT = {
    row["event"] for row in rows("plover_events") if row["requires_recipient"] == "yes"
}
_CONTEXTS = {row["context"] for row in rows("plover_contexts")}
_KINDS = {row["code"]: row for row in rows("cameo_kinds")}


def _code(row: dict[str, str]) -> Code:
    mapped = row["plover_event"], row["plover_mode"] if row["plover_mode_in_v2"] == "yes" else ""
    kind = _KINDS[row["code"]]
    event, mode = _DECLARED.get(row["code"], mapped)
    return Code(
        scheme=SCHEME,
        parts=(row["code"],),
        label=row["name"],
        value=float(row["goldstein"]),
        event=event,
        mode=mode,
        quad=row["quad_class_gdelt"].partition("-")[2],
        requires_recipient=event in _NEEDS_RECIPIENT,
        form=read_form(kind),
        checkable=kind["checkable"] == "yes",
        sideline=kind["sideline"] == "yes",
        contexts=tuple(name for name in row["plover_context"].split("; ") if name in _CONTEXTS),
    )


_CODES = {row["code"]: _code(row) for row in rows("cameo_goldstein")}


def _why_not(rest: str) -> str:
    if f"0{rest}" in _CODES:
        return f"CAMEO 1.1b3 has no code {rest!r}: codes keep their leading zero, write 0{rest}"
    family = [code for code in _CODES if code[:2] == rest[:2]]
    roots = [code for code in _CODES if len(code) == 2]
    return f"CAMEO 1.1b3 has no code {rest!r}; {suggestion(rest, family or roots)}"


BOOK = Codebook(scheme=SCHEME, codes=_CODES, why_not=_why_not)
