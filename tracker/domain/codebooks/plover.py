"""PLOVER, draft 2.0: events, and modes of events, with its own scores (ACCUSE is −3)."""

from tracker.domain.codes import PLOVER, Code, Codebook, read_form
from tracker.domain.facts import rows
from tracker.domain.likeness import suggestion

EVENTS = {row["event"]: row for row in rows("plover_events")}
MODES = {
    event: {row["mode"]: row["score"] for row in rows("plover_modes") if row["event"] == event}
    for event in EVENTS
}
_KINDS = {(row["event"], row["mode"]): row for row in rows("plover_kinds")}


def _code(event: str, mode: str = "") -> Code:
    row, kind = EVENTS[event], _KINDS[event, mode]
    name = event.capitalize()
    return Code(
        scheme=PLOVER,
        parts=(event, mode) if mode else (event,),
        label=f"{name}: {mode.replace('-', ' ')}" if mode else name,
        # a mode without a score, PROTEST/vandalize, has that of its event
        value=float((mode and MODES[event][mode]) or row["score"]),
        event=event,
        mode=mode,
        quad=row["quad_category"],
        requires_recipient=row["requires_recipient"] == "yes",
        form=read_form(kind),
        checkable=kind["checkable"] == "yes",
        sideline=kind["sideline"] == "yes",
    )


def _why_not(rest: str) -> str:
    event, _, mode = rest.partition("/")
    if event not in EVENTS:
        return f"PLOVER 2.0 has no event {event!r}; {suggestion(event.upper(), EVENTS)}"
    if not MODES[event]:
        return f"PLOVER's {event} has no modes, so not {mode!r}: write {PLOVER}/{event}"
    return f"PLOVER's {event} has no mode {mode!r}; {suggestion(mode.lower(), MODES[event])}"


_CODES = [
    code
    for event in EVENTS
    for code in (_code(event), *(_code(event, mode) for mode in MODES[event]))
]

BOOK = Codebook(
    scheme=PLOVER, codes={"/".join(code.parts): code for code in _CODES}, why_not=_why_not
)
