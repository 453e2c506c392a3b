"""A brief as Markdown, with footnotes as most programs read them: [^1]."""

import re
from collections.abc import Mapping

from tracker.queries.evidence.briefs import Brief, Note, Sentence


def markdown(brief: Brief, *, site: str) -> str:
    """Write a brief; `site` is the address that this site's own paths are under."""
    numbers = brief.numbers()
    lines = [f"# {escaped(brief.title)}", ""]
    for section in brief.sections:
        lines += [f"## {escaped(section.title)}", ""]
        lines += [" ".join(_said(one, numbers) for one in section.opening), ""]
        if section.items:
            lines += [*(f"- {_said(one, numbers)}" for one in section.items), ""]
    foot = (
        f"[^{number}]: {escaped(note.text)}{_address(note, site.rstrip('/'))}"
        for note, number in numbers.items()
    )
    return "\n".join([*lines, *foot, ""])


def _said(sentence: Sentence, numbers: Mapping[Note, int]) -> str:
    marks = "".join(f"[^{numbers[one]}]" for one in sentence.notes)
    return f"{escaped(sentence.text)}{marks}"


def _address(note: Note, site: str) -> str:
    """Where a note leads, set off from its text; empty where it leads nowhere."""
    where = f"{site}{note.path}" if note.path else note.url
    return f", <{where}>" if where else ""


def escaped(text: str) -> str:
    """Text that means itself: on one line, and nothing in it is markup."""
    return re.sub(r"([\\`*_\[\]<>#|~])", r"\\\1", " ".join(text.split()))
