"""The addresses of the public pages."""

from django.urls import path, register_converter

from tracker.pages import feeds
from tracker.pages.views import (
    actors,
    claims,
    editions,
    embeds,
    files,
    overview,
    pairs,
    records,
    shifts,
    site,
    triads,
)

app_name = "pages"


class _Word:
    """A part of an address that is taken as it is written."""

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class CountryConverter(_Word):
    """A country's code, in any case."""

    regex = "[A-Za-z]{3}"


class PictureConverter(_Word):
    """The format of a picture."""

    regex = "svg|png"


class TableConverter(_Word):
    """The format of a table."""

    regex = "csv|json"


register_converter(CountryConverter, "country")
register_converter(PictureConverter, "picture")
register_converter(TableConverter, "table")

PAIR = "pairs/<country:one>-<country:other>/"
TRIAD = "triads/<country:one>-<country:two>-<country:three>/"

urlpatterns = [
    path("", overview.first, name="overview"),
    path("claims/feed.atom", feeds.of_claims, name="claims-feed"),
    path("shifts/feed.atom", feeds.of_shifts, name="shifts-feed"),
    path("claims/<uuid:claim_id>/", claims.claim, name="claim"),
    path(PAIR, pairs.pair, name="pair"),
    path(TRIAD, triads.triad, name="triad"),
    path(f"{PAIR}chart.<picture:form>", files.pair_picture, name="pair-picture"),
    path(f"{PAIR}scores.<table:form>", files.pair_scores, name="pair-scores"),
    path(f"{PAIR}card.png", files.pair_card, name="pair-card"),
    path(f"{TRIAD}chart.<picture:form>", files.triad_picture, name="triad-picture"),
    path(f"{TRIAD}history.<table:form>", files.triad_history, name="triad-history"),
    path(f"{TRIAD}card.png", files.triad_card, name="triad-card"),
    path(f"embed/{PAIR}", embeds.pair, name="embed-pair"),
    path(f"embed/{TRIAD}", embeds.triad, name="embed-triad"),
    path("actors/<country:code>/", actors.actor, name="actor"),
    path("documents/<uuid:record>/", records.document, name="document"),
    path("sources/<uuid:record>/", records.source, name="source"),
    path("shifts/", shifts.listed, name="shifts"),
    path("editions/", editions.listed, name="editions"),
    path("editions/<str:label>/<str:day>/", editions.edition, name="edition"),
    path("method/", site.method, name="method"),
    path("status/", site.status, name="status"),
    path("sitemap.xml", site.sitemap, name="sitemap"),
    path("sitemap-<slug:section>.xml", site.sitemap, name="sitemap-part"),
    path("robots.txt", site.robots, name="robots"),
    path(f"{PAIR}feed.atom", feeds.of_pair, name="pair-feed"),
]
