"""The catalogues of translations: read from the code and the templates, and compiled.

Run as a program it brings the files of `tracker/locale` up to date. It needs no other program:
Babel reads the code, and Django turns its templates into code.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from tests.kit.processes import CHECKOUT

# The same catalogue is the same file on every day.
FIRST_DAY = datetime(2026, 11, 28, tzinfo=UTC)
SOURCE = CHECKOUT / "tracker"
LANGUAGES = ("ru", "kk", "zh_Hans")
KEYWORDS = DEFAULT_KEYWORDS | {
    "gettext_lazy": None,
    # The names of gettext functions for tables of words that are translated when they are shown.
    "lazy": None,
    "plazy": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
}
HEADER = (
    "# Translations of Entente's public pages. Made by `make catalogues`; texts are edited by hand."
)


def catalogue(language: str) -> Path:
    """The file of a language's texts."""
    return SOURCE / "locale" / language / "LC_MESSAGES" / "django.po"


def updated(language: str) -> Catalog:
    """The catalogue of a language, with exactly the messages of the current code."""
    path = catalogue(language)
    found = Catalog(locale=language)
    if path.exists():
        with path.open("rb") as opened:
            found = read_po(opened, locale=language)
    found.update(_messages(), no_fuzzy_matching=True)
    found.obsolete.clear()
    return found


def written(found: Catalog) -> tuple[bytes, bytes]:
    """A catalogue as text, and that text compiled."""
    body, compiled = BytesIO(), BytesIO()
    write_po(body, found, width=100, sort_output=True, no_location=True, omit_header=True)
    text = _header(found) + body.getvalue()
    read = read_po(BytesIO(text), locale=found.locale)
    # The compiled file has them too.
    read.creation_date = read.revision_date = FIRST_DAY
    write_mo(compiled, read)
    return text, compiled.getvalue()


def _header(found: Catalog) -> bytes:
    """Only what readers of the file need, without days of creation."""
    plural = f'"Plural-Forms: nplurals={found.num_plurals}; plural={found.plural_expr};\\n"'
    charset = '"Content-Type: text/plain; charset=utf-8\\n"'
    return f'{HEADER}\nmsgid ""\nmsgstr ""\n{charset}\n{plural}\n\n'.encode()


def _messages() -> Catalog:
    found = Catalog()
    for message, comments, context in _extracted():
        found.add(message, auto_comments=comments, context=context)
    return found


def _extracted() -> Iterator[tuple[str | tuple[str, ...], list[str], str | None]]:
    for path in sorted(SOURCE.rglob("*")):
        if path.suffix not in (".py", ".html", ".txt") or "admin" in path.parts:
            continue
        text = path.read_text(encoding="utf-8")
        if path.suffix != ".py":
            # Django turns a template into code with the gettext calls, and X for all other letters.
            text = "\n".join(
                line.strip() for line in templatize(text, origin=str(path)).splitlines()
            )
        for _, message, comments, context in extract(
            "python", BytesIO(text.encode()), keywords=KEYWORDS
        ):
            yield message, comments, context


def bring_up_to_date() -> None:
    """Write the catalogues of all languages."""
    for language in LANGUAGES:
        path = catalogue(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        text, compiled = written(updated(language))
        path.write_bytes(text)
        path.with_suffix(".mo").write_bytes(compiled)


if __name__ == "__main__":
    bring_up_to_date()
