"""Request bodies for decisions about a claim or about words of the log."""

from typing import Any, get_args

from rest_framework import serializers

from tracker.api.serializers.fields import version, with_version, words
from tracker.api.serializers.strict import Shaped, Strict
from tracker.domain import events as e

# The choices of `outcome` (named in the settings).
REVIEWS = get_args(e.ClaimReviewed.__annotations__["outcome"])
RESOLUTIONS = get_args(e.ForecastResolved.__annotations__["outcome"])


class ReviewBody(Shaped):
    shape = e.ClaimReviewed
    outcome = serializers.ChoiceField(choices=list(REVIEWS))
    note = words("ClaimReviewed.note")
    expected_version = version()

    def made(self, values: dict[str, Any]) -> Any:
        return with_version(values, super().made)


class ResolutionBody(Shaped):
    shape = e.ForecastResolved
    outcome = serializers.ChoiceField(choices=list(RESOLUTIONS))
    resolved_on = serializers.DateField(help_text="the day on which the outcome was decided")
    document = serializers.UUIDField(
        required=False, allow_null=True, help_text="the document that shows the outcome"
    )
    reason = words("ForecastResolved.reason", required=True)
    expected_version = version()

    def made(self, values: dict[str, Any]) -> Any:
        return with_version(values, super().made)


class RemovalBody(Strict):
    reason = words("ClaimsUnlinked.reason", required=True)


class WithholdingBody(Strict):
    """`reason` and `authority` are printed in place of the words and must not repeat them."""

    reason = words("TextWithheld.reason", required=True)
    authority = words("TextWithheld.authority", required=True)
    number = serializers.IntegerField(
        required=False,
        min_value=1,
        max_value=2**62,
        help_text="the number of the claim that the event belongs to, as shown on its page at the"
        " desk: the position of its first event. Required for an event of a claim; with a"
        " different number nothing is deleted",
    )
    all = serializers.BooleanField(
        default=False,
        help_text="delete all words of the claim and the notes of its links, not only those of this"
        " event; no effect for other records",
    )
