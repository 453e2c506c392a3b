"""The sentence at the top of the page of a country."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tracker.findings.facts import is_stale
from tracker.pages import relations
from tracker.queries.scores.table import RankedPair
from tracker.wording import capitalised, day_in_words, listed, with_article

# Countries that a sentence names.
MOST_NAMED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Partner:
    """A country with which another has a relation. `reported` is the day of the newest report."""

    code: str
    name: str
    row: RankedPair
    reported: date | None = None

    @property
    def stale(self) -> bool:
        return is_stale(self.reported, self.row.day)


def headline(
    name: str,
    partners: Sequence[Partner],
    *,
    wars: Collection[str],
    count: int,
    levels: bool,
    then: date | None = None,
) -> str:
    """State with whom a country is at war, by codes, and which of its relations clearly changed;
    for a flow or ratio, state which signs are known. `count` is the number of all its relations.
    `then` is the day of the page if it is over."""
    called = with_article(name)
    if not partners:
        return _("Nothing on record moves a relation of %(country)s.") % {"country": called}
    said = [*_wars(called, partners, wars, then)]
    others = [one for one in partners if one.code not in wars]
    said += _changes(called, others) if levels else _signs(called, others)
    return " ".join(said or [_nothing_clear(called, count, levels=levels)])


def _wars(
    called: str, partners: Sequence[Partner], wars: Collection[str], then: date | None
) -> list[str]:
    fought = [one for one in partners if one.code in wars]
    if not fought:
        return []
    names = {"country": capitalised(called), "others": _named(fought)}
    if all(one.stale for one in fought):
        return [_("%(country)s was at war with %(others)s when last reported.") % names]
    if then:
        day = {"day": day_in_words(then)}
        return [_("%(country)s was at war with %(others)s on %(day)s.") % (names | day)]
    return [_("%(country)s is at war with %(others)s.") % names]


def _changes(called: str, partners: Sequence[Partner]) -> list[str]:
    moved = [(relations.sure(one.row.movement), one) for one in partners]
    ordered = sorted((pair for pair in moved if pair[0]), key=lambda pair: -_weight(pair[1]))
    worse = [one for amount, one in ordered if amount < 0]
    better = [one for amount, one in ordered if amount > 0]
    names = {"country": called, "worse": _named(worse), "better": _named(better)}
    if worse and better:
        says = _(
            "Over the whole record %(country)s drew apart from %(worse)s, and closer to %(better)s."
        )
    elif worse:
        says = _("Over the whole record %(country)s drew apart from %(worse)s.")
    else:
        says = _("Over the whole record %(country)s drew closer to %(better)s.")
    return [says % names] if ordered else []


def _weight(partner: Partner) -> float:
    return relations.weight(partner.row.movement) if partner.row.movement else 0.0


def _signs(called: str, partners: Sequence[Partner]) -> list[str]:
    good = [one for one in partners if one.row.score.sign > 0]
    bad = [one for one in partners if one.row.score.sign < 0]
    said = []
    if bad:
        names = {"country": capitalised(called), "others": _named(bad)}
        said.append(_("%(country)s: more conflict than cooperation with %(others)s.") % names)
    if good:
        names = {"country": capitalised(called), "others": _named(good)}
        said.append(_("%(country)s: more cooperation than conflict with %(others)s.") % names)
    return said


def _nothing_clear(called: str, count: int, *, levels: bool) -> str:
    names = {"country": called, "count": count}
    if levels:
        return (
            ngettext(
                "No change we can be sure of in the relation of %(country)s with one country.",
                "No change we can be sure of in the relations of %(country)s with %(count)s"
                " countries.",
                count,
            )
            % names
        )
    return ngettext(
        "%(country)s has a score with one country, without a clear sign.",
        "%(country)s has a score with %(count)s countries, none with a clear sign.",
        count,
    ) % (names | {"country": capitalised(called)})


def _named(partners: Sequence[Partner]) -> str:
    """The first partners by name, and a note if there are others."""
    names = [with_article(one.name) for one in partners[:MOST_NAMED]]
    others = len(partners) - len(names)
    if not others:
        return listed(names)
    more = ngettext("one other country", "%(count)s other countries", others) % {"count": others}
    return listed([*names, more])
