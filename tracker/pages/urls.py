"""The addresses of the public pages."""

from datetime import date

from django.urls import path, register_converter
from django.urls.converters import StringConverter
from django.views.generic import RedirectView

from tracker.pages import (
    actor_page,
    brief,
    calibration_page,
    compare_page,
    digest_page,
    downloads,
    feeds,
    mail_pages,
    overview,
    pair_page,
    record_pages,
    search_page,
    site_pages,
    story_page,
    timeline_page,
    triad_page,
)

app_name = "pages"


class CountryConverter(StringConverter):
    """A country's code, in any case."""

    regex = "[A-Za-z]{3}"


class PictureConverter(StringConverter):
    """The format of a picture."""

    regex = "svg|png"


class TableConverter(StringConverter):
    """The format of a table."""

    regex = "csv|json"


class BriefConverter(StringConverter):
    """The format of a brief."""

    regex = "docx|md"


class MonthConverter:
    """A month, "2026-11", as its first day."""

    regex = "[0-9]{4}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(f"{value}-01")

    def to_url(self, value: date) -> str:
        return f"{value:%Y-%m}"


register_converter(BriefConverter, "brief")
register_converter(CountryConverter, "country")
register_converter(MonthConverter, "month")
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
    path(f"{PAIR}brief.<brief:form>", brief.of_pair, name="pair-brief"),
    path(f"{PAIR}card.png", downloads.pair_card, name="pair-card"),
    path(f"{TRIAD}chart.<picture:form>", downloads.triad_picture, name="triad-picture"),
    path(f"{TRIAD}history.<table:form>", downloads.triad_history, name="triad-history"),
    path(f"{TRIAD}brief.<brief:form>", brief.of_triad, name="triad-brief"),
    path(f"{TRIAD}card.png", downloads.triad_card, name="triad-card"),
    path(f"embed/{PAIR}", downloads.embedded_pair, name="embed-pair"),
    path(f"embed/{TRIAD}", downloads.embedded_triad, name="embed-triad"),
    path("actors/<country:code>/", actor_page.actor, name="actor"),
    path("actors/<country:code>/timeline/", timeline_page.show, name="timeline"),
    path("actors/<country:code>/feed.atom", feeds.of_country, name="actor-feed"),
    path("compare/", compare_page.compare, name="compare"),
    # A page that is gone: its address leads to the map.
    path("network/", RedirectView.as_view(pattern_name="pages:overview", permanent=True)),
    path("compare/movements.<table:form>", downloads.comparison, name="compare-file"),
    path("digest/<month:month>/changes.<table:form>", downloads.digest, name="digest-file"),
    path("stories/", story_page.story_list, name="stories"),
    path("stories/<slug:name>/", story_page.story, name="story"),
    path("organisations/<uuid:record>/", record_pages.organisation, name="organisation"),
    path("documents/<uuid:record>/", record_pages.document, name="document"),
    path("sources/<uuid:record>/", record_pages.source, name="source"),
    path("search/", search_page.search, name="search"),
    path("shifts/", record_pages.shift_list, name="shifts"),
    path("editions/", site_pages.edition_list, name="editions"),
    path("editions/<str:label>/<str:day>/", site_pages.edition, name="edition"),
    path("method/", site_pages.method, name="method"),
    path("method/calibration/", calibration_page.show, name="calibration"),
    path("status/", site_pages.status, name="status"),
    path("sitemap.xml", site_pages.sitemap, name="sitemap"),
    path("sitemap-<slug:section>.xml", site_pages.sitemap, name="sitemap-part"),
    path("robots.txt", site_pages.robots, name="robots"),
    path(f"{PAIR}feed.atom", feeds.of_pair, name="pair-feed"),
    path(f"{PAIR}what-would-change/", record_pages.show, name="what-would-change"),
    path("corrections/", site_pages.correction_list, name="corrections"),
    path("corrections/feed.atom", feeds.of_corrections, name="corrections-feed"),
    path("digest/", digest_page.month_list, name="digests"),
    path("digest/feed.atom", feeds.of_digests, name="digest-feed"),
    path("digest/<month:month>/", digest_page.month, name="digest"),
    path("about/", site_pages.about, name="about"),
    path("about/licence/", site_pages.licence, name="licence"),
    path("follow/", mail_pages.how_to_follow, name="follow"),
    path("follow/mail/", mail_pages.ask, name="mail-ask"),
    path("follow/mail/sent/", mail_pages.sent, name="mail-sent"),
    path("follow/mail/confirm/<str:token>/", mail_pages.confirm, name="mail-confirm"),
    path("follow/mail/stop/<str:token>/", mail_pages.stop, name="mail-stop"),
]
