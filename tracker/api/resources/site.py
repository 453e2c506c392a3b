"""The root, the descriptions, codebooks, kinds of problem, the search, and unknown addresses."""

from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import resolve, reverse
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tracker.api import pagination, reading, reference, throttling
from tracker.api.answers import address, with_fields_of
from tracker.api.pagination import Page, PageByName
from tracker.api.params import Parameters
from tracker.api.problems import KINDS, Refusal
from tracker.api.reading import Resource, read
from tracker.api.resources.score_fields import ScoreOut
from tracker.domain.codebooks import CODEBOOKS
from tracker.domain.codes import Code
from tracker.queries import site_search

LINKSET = 'application/linkset+json; profile="https://www.rfc-editor.org/info/rfc9727"'


def document() -> Any:
    """The description; it depends only on the program and on `ANONYMOUS_READERS`."""
    return _document(settings.ANONYMOUS_READERS)


@cache
def _document(_open: bool) -> Any:  # noqa: FBT001 # a key of the cache
    generator: Any = SchemaGenerator
    return generator().get_schema(request=None, public=True)


class PlainJson(OpenApiJsonRenderer):
    """The description for a client that asks for JSON alone."""

    media_type = "application/json"


class OpenApiView(Resource):
    """The description as OpenAPI."""

    schema = None
    stamp = reading.description
    permission_classes = (AllowAny,)
    renderer_classes = (OpenApiJsonRenderer, PlainJson)

    @read("openapi", {})
    def get(self, _request: Request, _query: Any) -> Response:
        return Response(document())


def docs(request: HttpRequest) -> HttpResponse:
    """The description as a page."""
    context = {"groups": reference.groups(document()), "kinds": KINDS.values()}
    return render(request, "api/reference.html", context)


def catalog(request: HttpRequest) -> HttpResponse:
    """The address of the API and of its descriptions."""
    openapi, docs_page = address(request, "openapi"), address(request, "docs")
    ready = request.build_absolute_uri(reverse("readyz"))
    links = {
        "anchor": address(request, "root"),
        "service-desc": [{"href": openapi, "type": "application/vnd.oai.openapi+json"}],
        "service-doc": [{"href": docs_page, "type": "text/html"}],
        "status": [{"href": ready, "type": "application/json"}],
    }
    answer = JsonResponse({"linkset": [links]}, content_type=LINKSET)
    answer.headers["Link"] = f'<{request.build_absolute_uri(request.path)}>; rel="api-catalog"'
    return answer


Serializer = serializers.Serializer[Any]


@with_fields_of(
    Code,
    only=(
        *("label", "value", "quad", "requires_recipient", "contexts"),
        *("form", "checkable", "sideline"),
    ),
)
class CodeOut(Serializer):
    """The meaning of a code in its scheme."""

    code = serializers.CharField()
    plover = serializers.CharField(help_text="the nearest PLOVER code")
    speech = serializers.BooleanField()


class CodebookOut(Serializer):
    scheme = serializers.CharField()
    codes = serializers.IntegerField(help_text="the number of codes")


class CodebooksPage(Page):
    results = CodebookOut(many=True)


class CodesOut(Serializer):
    scheme = serializers.CharField()
    codes = CodeOut(many=True)


class CodebooksView(Resource):
    """The schemes that classify acts, each in its edition."""

    stamp = reading.program

    @read("codebooks_list", CodebooksPage, PageByName)
    def get(self, request: Request, query: Any) -> Response:
        """List the codebooks."""
        return pagination.page_of_all(
            request,
            query,
            list(CODEBOOKS.values()),
            name=lambda book: book.scheme,
            show=lambda books: [
                {"scheme": book.scheme, "codes": len(book.codes)} for book in books
            ],
        )


class CodebookView(Resource):
    """One scheme in one edition."""

    stamp = reading.program

    @read("codebooks_read", CodesOut)
    def get(self, _request: Request, _query: Any, scheme: str) -> Response:
        """Read all codes of a codebook with their values."""
        book = CODEBOOKS.get(scheme)
        if book is None:
            raise Refusal(
                "not-found",
                f"unknown codebook {scheme[:40]!r}; expected one of: {', '.join(CODEBOOKS)}",
            )
        codes = CodeOut(list(book.codes.values()), many=True).data
        return Response({"scheme": scheme, "codes": codes})


RESOURCES = (
    *("claims", "actors", "sources", "documents", "collections", "lenses", "codebooks", "pairs"),
    *("editions", "events", "imports", "jobs", "webhooks", "shifts"),
    *("problems", "openapi", "docs"),
)


class KindOut(serializers.Serializer[Any]):
    """A kind of problem and how to fix it."""

    code = serializers.CharField()
    status = serializers.IntegerField()
    title = serializers.CharField()
    mend = serializers.CharField(source="fix")


KIND = {(200, "application/json"): KindOut, (200, "text/html"): OpenApiTypes.STR}


class KindsPage(Page):
    results = KindOut(many=True)


class RootOut(serializers.Serializer[Any]):
    resources = serializers.DictField(child=serializers.URLField())


class RootView(Resource):
    """The root of the API."""

    stamp = reading.program
    permission_classes = (AllowAny,)

    @read("root", RootOut)
    def get(self, request: Request, _query: Any) -> Response:
        """List the resources with their addresses."""
        return Response({"resources": {name: address(request, name) for name in RESOURCES}})


class ProblemsView(Resource):
    """All kinds of problem that a response can have as its `type`."""

    stamp = reading.program
    permission_classes = (AllowAny,)

    @read("problems_list", KindsPage, PageByName)
    def get(self, request: Request, query: Any) -> Response:
        """List the kinds of problem."""
        return pagination.page_of_all(
            request,
            query,
            list(KINDS.values()),
            name=lambda kind: kind.code,
            show=lambda kinds: KindOut(kinds, many=True).data,
        )


class Html(BaseRenderer):
    """A kind of problem as a page for browsers."""

    media_type = "text/html"
    format = "html"

    def render(self, data: Any, _type: str | None = None, _context: Any = None) -> Any:
        if "mend" not in data:
            return JSONRenderer().render(data)
        return render_to_string("api/problem.html", data)


class ProblemView(Resource):
    """One kind of problem."""

    stamp = reading.program
    permission_classes = (AllowAny,)
    renderer_classes = (JSONRenderer, Html)

    @read("problems_read", KIND)
    def get(self, _request: Request, _query: Any, code: str) -> Response:
        """Read what a kind of problem means and how to fix it."""
        if code not in KINDS:
            raise Refusal(
                "not-found",
                f"unknown kind of problem {code[:40]!r}; expected one of: {', '.join(KINDS)}",
            )
        return Response(KindOut(KINDS[code]).data)


class ElsewhereView(APIView):
    """Any other address under `/api/`. If only the final slash is missing, it is redirected."""

    permission_classes = (AllowAny,)
    schema = None

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if _known(f"{request.path_info}/"):
            query = request.META.get("QUERY_STRING", "")
            place = f"{request.path}/{'?' if query else ''}{query}"
            return HttpResponsePermanentRedirect(place, preserve_request=True)
        return super().dispatch(request, *args, **kwargs)

    @property
    def default_response_headers(self) -> dict[str, str]:
        """None: no method is allowed."""
        return {}

    def initial(self, request: Request, *_args: Any, **_kwargs: Any) -> None:
        raise Refusal("not-found", f"there is nothing at {request.path}")


def _known(path: str) -> bool:
    return getattr(resolve(path).func, "cls", None) is not ElsewhereView


class SearchParameters(Parameters):
    q = serializers.CharField(
        max_length=site_search.LONGEST,
        help_text="names, codes or peoples of countries in any script, and words of claims",
    )


class FoundCountryOut(Serializer):
    """`pairs` have a score; `latest_claim_day` is that of all of them."""

    code = serializers.CharField()
    name = serializers.CharField()
    pairs = serializers.IntegerField()
    latest_claim_day = serializers.DateField(source="latest", allow_null=True)


class FoundPairOut(Serializer):
    """`score` is null where no claim moves the pair."""

    pair = serializers.CharField()
    score = ScoreOut(source="row", allow_null=True)


class FoundClaimOut(Serializer):
    """`title` is the sentence as it must be printed; `when` is the EDTF date."""

    id = serializers.UUIDField(source="state.id")
    title = serializers.CharField()
    kind = serializers.CharField(source="state.claim.kind")
    when = serializers.CharField(source="state.claim.occurred.edtf", default=None, allow_null=True)


class FoundRecordOut(Serializer):
    id = serializers.UUIDField()
    name = serializers.CharField()


class SearchOut(Serializer):
    """The likeliest first. `claims` are the latest ones; with `more_claims` there are others, which
    `claims/?q=` lists. `too_slow`: the search through claims and documents was stopped. `near` are
    countries with a similar name, if nothing was found."""

    lens = serializers.CharField(source="lens.label", default=None, allow_null=True)
    countries = FoundCountryOut(many=True)
    pairs = FoundPairOut(many=True)
    claims = FoundClaimOut(many=True)
    more_claims = serializers.BooleanField()
    sources = FoundRecordOut(many=True)
    documents = FoundRecordOut(many=True)
    too_slow = serializers.BooleanField()
    near = FoundCountryOut(many=True)


class SearchView(Resource):
    """A search through everything on record."""

    stamp = reading.tables
    cost = throttling.BUILD_COST

    @read("search", SearchOut, SearchParameters)
    def get(self, _request: Request, query: Any) -> Response:
        """Find countries and pairs by names, and claims, sources and documents by words."""
        return Response(SearchOut(site_search.find(query["q"], reader=self.reader)).data)
