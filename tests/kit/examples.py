"""Finds every example in README.md and docs/*.md: blocks of code, commands, addresses, parameters.

What is found is decided by its form alone, so that an example that is added is run without being
listed anywhere.
"""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.kit.processes import CHECKOUT

ROOT = Path(CHECKOUT)
# What the collections of the API are called; an address that begins so is below its base.
API = (
    "actors|claims|codebooks|collections|documents|editions|imports|jobs|lenses|log|pairs|problems|reading"
    "|shifts|sources|triads|webhooks"
)
FOLDERS = "docs|fixtures|tracker|tests|benchmarks|workers|config"
# tests/api/test_roles.py asks each of these in every role.
_ROLES = re.compile(r"\| (?:GET|POST|PATCH|DELETE) \|")
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
_REQUEST = re.compile(rf"^(GET|POST|PATCH|DELETE) /?(?:api/v1/)?((?:{API})[/.]\S*)$")
_COMMENT = re.compile(r"\s+# .*$")
_PARAMETER = re.compile(r"^(\??)([a-z_]+)=([^\s=]+)$")


@dataclass(frozen=True, slots=True)
class Form:
    """What an example of a kind looks like, on one page or on all."""

    kind: str
    like: re.Pattern[str]
    page: str = ""


# The first that fits.
FORMS = (
    Form("curl", re.compile(r"^curl ")),
    Form("variable", re.compile(r"^[A-Z]+=\$\(")),
    Form("psql", re.compile(r"^psql ")),
    Form("command", re.compile(r"^(?:\.venv/bin/python )?manage\.py \S")),
    Form("verify", re.compile(r"^\.venv/bin/python tools/verify\.py \S")),
    Form("make", re.compile(r"^(?:\w+=\S+ )*make [a-z]")),
    Form("file", re.compile(rf"^(?:{FOLDERS})/[^*\s]*$")),
    Form("request", _REQUEST),
    Form("address", re.compile(rf"^(?:{API})(?:/|\.(?:csv|ndjson|parquet)\b)\S*$")),
    Form("page", re.compile(r"^/[\w.{}…@>/-]*(?:\?\S*)?$")),
    Form("picture", re.compile(r"^\w+\.(?:svg|png|csv|json)$"), page="docs/pages.md"),
    Form("parameter", _PARAMETER),
)


@dataclass(frozen=True, slots=True)
class Example:
    """`kind` says how it is run; `line` is the whole line that it stands in."""

    kind: str
    text: str
    where: str
    line: str = ""

    def __str__(self) -> str:
        return f"{self.where} {self.text[:60]!r}"


@cache
def examples() -> tuple[Example, ...]:
    """All of them, each once."""
    found: dict[tuple[str, str], Example] = {}
    for path in pages():
        for one in _of(path):
            found.setdefault((one.kind, one.text), one)
    return tuple(found.values())


def of_kind(*kinds: str) -> list[Example]:
    return [one for one in examples() if one.kind in kinds]


def pages() -> list[Path]:
    return [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(ROOT.glob("docs/*.md"))]


def _of(path: Path) -> Iterator[Example]:
    text = path.read_text(encoding="utf-8")
    name = str(path.relative_to(ROOT))
    for block in _FENCE.finditer(text):
        where = f"{name}:{text.count(chr(10), 0, block.start()) + 1}"
        if block[1] == "sh":
            yield from (_command(one, where) for one in _lines(block[2]))
        else:
            yield Example(f"block {block[1]}", block[2], where)
    spoken = _FENCE.sub(lambda block: "\n" * block[0].count("\n"), text)
    for number, line in enumerate(spoken.splitlines(), start=1):
        for span in _SPAN.findall("" if _ROLES.match(line) else line):
            kind = kind_of(span.replace("\\|", "|"), page=name)
            if kind:
                yield Example(kind, span.replace("\\|", "|"), f"{name}:{number}", line)


def _lines(block: str) -> Iterator[str]:
    """The commands of a block: one goes on while a quotation is open."""
    command = ""
    for line in block.replace("\\\n", " ").splitlines():
        if not command and (not line.strip() or line.startswith("#")):
            continue
        command = f"{command}\n{line}" if command else line.strip()
        if _is_closed(command):
            yield _COMMENT.sub("", command)
            command = ""


def _is_closed(command: str) -> bool:
    try:
        shlex.split(command)
    except ValueError:
        return False
    return True


def _command(line: str, where: str) -> Example:
    return Example(kind_of(line, page="") or "shell", line, where)


def kind_of(text: str, *, page: str) -> str:
    """How a piece of code is to be run; nothing where it is a word."""
    forms = (form for form in FORMS if form.page in ("", page))
    return next((form.kind for form in forms if form.like.match(text)), "")


def request(text: str) -> tuple[str, str]:
    """The method of a request and what stands behind the base of the API."""
    found = _REQUEST.match(text)
    return (found[1], found[2]) if found else ("GET", text)


def parameter(text: str) -> tuple[str, str]:
    """The name and the value of a parameter."""
    found = _PARAMETER.match(text)
    assert found is not None
    return found[2], found[3]
