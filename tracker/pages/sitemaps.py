"""What search engines may list, in parts: no part has more than fifty thousand addresses, which is
what the protocol allows, or takes more than a moment to make."""

from collections.abc import Callable, Collection
from typing import Any

from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from tracker.domain.lenses import LensVersion
from tracker.queries import moment
from tracker.queries.claims import listing
from tracker.queries.scores import lenses, table

USUAL = "standing"
FIXED = ("overview", "shifts", "editions", "method", "status")
MOST_TRIANGLES = 5_000


class Part(Sitemap):  # type: ignore[type-arg] # Django's own takes no argument when it runs
    """Pages of one kind: what there is of them, where each stands, how many are in a part."""

    def __init__(
        self, read: Callable[[], Any], place: Callable[[Any], str], *, limit: int = 50_000
    ) -> None:
        self._read, self._place, self.limit = read, place, limit

    def items(self) -> Any:
        return self._read()

    def location(self, item: Any) -> str:
        return self._place(item)


def _tabled[T](read: Callable[[LensVersion], Collection[T]]) -> Callable[[], list[T]]:
    """What the table of pairs has under the usual lens, in order; nothing before there is one."""

    def found() -> list[T]:
        try:
            return [*read(lenses.named(USUAL, position=moment.resolve(None)))]
        except lenses.NoSuchLens:
            return []

    return found


def _countries(lens: LensVersion) -> list[str]:
    return sorted(table.countries(lens))


def _triads(lens: LensVersion) -> list[tuple[str, str, str]]:
    return table.triangles(lens, limit=MOST_TRIANGLES)


PARTS: dict[str, Any] = {
    "site": Part(lambda: FIXED, lambda one: reverse(f"pages:{one}")),
    "countries": Part(_tabled(_countries), lambda code: reverse("pages:actor", args=[code])),
    "pairs": Part(_tabled(table.pairs), lambda pair: reverse("pages:pair", args=pair.split("-"))),
    "triads": Part(_tabled(_triads), lambda three: reverse("pages:triad", args=three)),
    # Each claim is looked at.
    "claims": Part(
        listing.Listable, lambda claim: reverse("pages:claim", args=[claim]), limit=5_000
    ),
}
