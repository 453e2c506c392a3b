"""Names of lenses for readers: a lens has one, which follows from its short name. The short name
itself appears only in addresses, in the API and in the terminal."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import combinations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker.domain.lenses import MACHINE, Lens, LensVersion

_NAMES = {
    "standing": gettext_lazy("Overall relationship"),
    "tone": gettext_lazy("Recent mood"),
    "cooperation": gettext_lazy("Balance of cooperation"),
    "standing-ru-cn": gettext_lazy("According to Russian and Chinese sources"),
    "standing-others": gettext_lazy("According to everyone else"),
}
# The order in which pages offer them; others follow by name.
_ORDER = list(_NAMES)
_DESCRIPTIONS = {
    "standing": gettext_lazy(
        "Where a relation stands on −9 to +9. Good news counts less the better it is already, and"
        " bad news counts more. From everything that analysts entered."
    ),
    "tone": gettext_lazy(
        "What is happening lately, on −10 to +10. Half of it is forgotten in 45 days. From"
        " everything that analysts entered."
    ),
    "cooperation": gettext_lazy(
        "How far cooperation outweighs conflict, on −1 to +1. Half of it is forgotten in a year."
        " From everything that analysts entered."
    ),
    "standing-ru-cn": gettext_lazy(
        "Where a relation stands on −9 to +9, from sources in Russia and China alone."
    ),
    "standing-others": gettext_lazy(
        "Where a relation stands on −9 to +9, without what is known from sources in Russia and"
        " China."
    ),
}
# Names of data sets as their authors write them.
_DATA_SETS = {
    "gdelt": "GDELT",
    "icews": "ICEWS",
    "plover": "PLOVER",
    "polecat": "POLECAT",
    "ucdp": "UCDP",
}


def reader_name(lens: Lens | LensVersion | str) -> str:
    """Return the name of a lens for readers, without its version: "Overall relationship".

    Lenses that this program does not ship get a name made of their parts. A text may have a version
    ("standing@2")."""
    found = lens.lens if isinstance(lens, LensVersion) else lens
    slug = (found if isinstance(found, str) else found.name).partition("@")[0]
    if slug in _NAMES:
        return str(_NAMES[slug])
    kind, _dash, rest = slug.partition("-")
    if kind not in {*_NAMES, MACHINE} or not rest:
        return _spelled(slug[:1].upper() + slug[1:])
    of = _spelled(rest)
    if kind == MACHINE:
        return _("Machine-read news (%(data_set)s)") % {"data_set": of}
    return _("%(lens)s (%(collection)s)") % {"lens": _NAMES[kind], "collection": of}


def version_name(lens: LensVersion) -> str:
    """Return the name with the version: "Overall relationship, version 2"."""
    return _("%(lens)s, version %(version)d") % {
        "lens": reader_name(lens),
        "version": lens.version,
    }


def labelled(label: str) -> str:
    """Return `version_name` of a label: "standing@2" is "Overall relationship, version 2"."""
    slug, _at, version = label.partition("@")
    if not version.isdigit():
        return reader_name(slug)
    return _("%(lens)s, version %(version)d") % {
        "lens": reader_name(slug),
        "version": int(version),
    }


def described(lens: Lens | LensVersion) -> str:
    """Return what a lens measures, in a sentence or more."""
    found = lens.lens if isinstance(lens, LensVersion) else lens
    if found.name in _DESCRIPTIONS:
        return str(_DESCRIPTIONS[found.name])
    if is_machine(found):
        return _(
            "Which way the machine-coded events of one data set point. No person checked its rows,"
            " and it says nothing about where a relation stands."
        )
    return found.description


def is_machine(lens: Lens) -> bool:
    """Whether a lens was made for a machine-coded archive, by its name."""
    return lens.name.startswith(f"{MACHINE}-")


def two_sides(lenses: Sequence[LensVersion]) -> list[tuple[LensVersion, LensVersion]]:
    """Return the pairs of lenses where one counts a bloc of sources and the other counts all other
    sources. Pages offer both as one choice, `compare_name`."""
    return [
        (first, second)
        for first, second in combinations(lenses, 2)
        if first.lens.model == second.lens.model and _complementary(first, second)
    ]


def in_order(lenses: Iterable[LensVersion]) -> list[LensVersion]:
    """Return lenses in the order in which pages offer them: the overall one first."""
    return sorted(lenses, key=lambda one: (_place(one.lens.name), one.lens.name))


def _place(name: str) -> int:
    return _ORDER.index(name) if name in _ORDER else len(_ORDER)


def compare_name() -> str:
    """Return the name of the choice that opens both sides."""
    return _("Compare what each side says")


def _complementary(first: LensVersion, second: LensVersion) -> bool:
    """Whether two lenses differ only in that one counts a bloc and the other counts the rest."""
    first_bloc, second_bloc = first.lens.view.bloc, second.lens.view.bloc
    if first_bloc is None or second_bloc is None or first_bloc.rule == second_bloc.rule:
        return False
    return replace(first_bloc, rule=second_bloc.rule) == second_bloc and replace(
        first.lens.view, bloc=None
    ) == replace(second.lens.view, bloc=None)


def _spelled(slug: str) -> str:
    """The parts of a short name with spaces, and data sets as their authors write them."""
    return " ".join(_DATA_SETS.get(part.lower(), part) for part in slug.split("-"))
