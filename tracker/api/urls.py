"""The addresses of the API."""

from django.urls import include, path, register_converter

from tracker.api.views import claims, pairs

app_name = "api"


class CodeConverter:
    """A country's code, in any case."""

    regex = "[A-Za-z]{3}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(CodeConverter, "code")

PAIR = "pairs/<code:one>-<code:other>/"

v1 = [
    path("claims/", claims.Claims.as_view(), name="claims"),
    path("claims/<uuid:claim_id>/", claims.Claim.as_view(), name="claim"),
    path(f"{PAIR}scores/", pairs.Scores.as_view(), name="scores"),
]

urlpatterns = [path("v1/", include(v1))]
