"""The addresses of the public pages."""

from django.urls import path, register_converter

from tracker.pages import (
    actor_page,
    calibration_page,
    compare_page,
    downloads,
    feeds,
    network_page,
    overview,
    pair_page,
    record_pages,
    shift_page,
    site_pages,
    story_page,
    timeline_page,
    triad_page,
)

app_name = "pages"


class _Word:
    """A part of an address that is text."""

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

PAIR = "pairs/<country:first>-<country:second>/"
TRIAD = "triads/<country:first>-<country:middle>-<country:last>/"

urlpatterns = [
    path("", overview.first_page, name="overview"),
    path("claims/feed.atom", feeds.of_claims, name="claims-feed"),
    path("shifts/feed.atom", feeds.of_shifts, name="shifts-feed"),
    path("claims/<uuid:claim_id>/", record_pages.claim, name="claim"),
    path(PAIR, pair_page.show, name="pair"),
    path(TRIAD, triad_page.triad, name="triad"),
    path(f"{PAIR}chart.<picture:form>", downloads.pair_picture, name="pair-picture"),
    path(f"{PAIR}scores.<table:form>", downloads.pair_scores, name="pair-scores"),
    path(f"{PAIR}card.png", downloads.pair_card, name="pair-card"),
    path(f"{TRIAD}chart.<picture:form>", downloads.triad_picture, name="triad-picture"),
    path(f"{TRIAD}history.<table:form>", downloads.triad_history, name="triad-history"),
    path(f"{TRIAD}card.png", downloads.triad_card, name="triad-card"),
    path(f"embed/{PAIR}", downloads.embedded_pair, name="embed-pair"),
    path(f"embed/{TRIAD}", downloads.embedded_triad, name="embed-triad"),
    path("actors/<country:code>/", actor_page.actor, name="actor"),
    path("actors/<country:code>/timeline/", timeline_page.show, name="timeline"),
    path("actors/<country:code>/feed.atom", feeds.of_country, name="actor-feed"),
    path("compare/", compare_page.compare, name="compare"),
    path("network/", network_page.network, name="network"),
    path("stories/", story_page.story_list, name="stories"),
    path("stories/<slug:name>/", story_page.story, name="story"),
    path("organisations/<uuid:record>/", record_pages.organisation, name="organisation"),
    path("documents/<uuid:record>/", record_pages.document, name="document"),
    path("sources/<uuid:record>/", record_pages.source, name="source"),
    path("shifts/", shift_page.shift_list, name="shifts"),
    path("editions/", site_pages.edition_list, name="editions"),
    path("editions/<str:label>/<str:day>/", site_pages.edition, name="edition"),
    path("method/", site_pages.method, name="method"),
    path("method/calibration/", calibration_page.show, name="calibration"),
    path("status/", site_pages.status, name="status"),
    path("sitemap.xml", site_pages.sitemap, name="sitemap"),
    path("sitemap-<slug:section>.xml", site_pages.sitemap, name="sitemap-part"),
    path("robots.txt", site_pages.robots, name="robots"),
    path(f"{PAIR}feed.atom", feeds.of_pair, name="pair-feed"),
]
