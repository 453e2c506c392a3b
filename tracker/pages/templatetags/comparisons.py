"""A tag with links from the page of a pair to comparisons of it."""

from typing import Any

from django import template
from django.urls import reverse

from tracker import lens_names
from tracker.pages.pair_context import PairContext
from tracker.pages.request_params import with_parameters
from tracker.queries.scores import lenses
from tracker.queries.scores.triads import LEVEL

register = template.Library()


@register.inclusion_tag("pages/compare_links.html")
def compare_links(pair: PairContext) -> dict[str, Any]:
    """Links to a comparison of a pair with others, and of what two blocs of sources say about it;
    none if its lens measures no level."""
    if pair.series.lens.lens.model != LEVEL:
        return {}
    own = {"pairs": pair.series.pair, "as_of": pair.params.as_of_text}
    own["day"] = pair.params.day.isoformat() if pair.params.day else ""
    path = reverse("pages:compare")
    found = lens_names.two_sides(
        [version for version in lenses.latest() if version.lens.model == LEVEL]
    )
    labels = ",".join(version.lens.name for version in found[0]) if found else ""
    return {
        "others": with_parameters(path, **own),
        "sides": with_parameters(path, **own, lenses=labels) if labels else "",
        "says": lens_names.compare_name(),
    }
