"""Articles: what a text may claim, as drafts, and drafts that are handed in for review. The text is
read and forgotten."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, ClassVar, cast
from uuid import UUID

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tracker.api import pagination, params, throttling, writing
from tracker.api.answers import with_fields_of
from tracker.api.pagination import Page, PageById
from tracker.api.problems import Refusal
from tracker.api.writing import write
from tracker.domain import codec
from tracker.domain.fields import Most, Words
from tracker.domain.problems import Problem, invalid, refuse, required
from tracker.domain.reading.drafts import MOST_PER_TRAY, OFFERED, READER, SentDraft
from tracker.domain.reading.text import Sentence
from tracker.domain.reading.web_page import MOST_HTML
from tracker.domain.records import Document
from tracker.operations import offered_drafts, reading
from tracker.operations.idempotency import Answer
from tracker.operations.offered_drafts import HandedIn
from tracker.queries import moment, trays
from tracker.queries.records import catalogue

WRITE = "write:claims"
NO_STORE = "no-store"
# The states of a draft that was handed in (named in the settings).
DRAFT_STATES = (OFFERED, *offered_drafts.STATES)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleBody:
    """A text, and the document that it is: `document` is one on record, `new_document` describes
    another. Drafts of one that is not on record cannot be handed in or recorded. Of a web page
    `text` is the HTML; its text, as any other, has at most 200,000 characters."""

    text: Annotated[str, Words(MOST_HTML, lines=True, required="send the text of the article")]
    document: Annotated[UUID | None, "the id of a document on record"] = None
    new_document: Document | None = None
    collection: Annotated[UUID | None, "of the drafts; default: the first collection on record"] = (
        None
    )


def _body_problems(body: ArticleBody) -> Iterator[Problem]:
    """The problems of a body that the operation does not find."""
    if body.document is None and body.new_document is None:
        yield required("/document", "send the id of a document on record, or describe new_document")
    if body.document and body.new_document:
        yield invalid("/new_document", "send document or new_document, not both", "/document")


class DraftParameters(PageById):
    """A page of the drafts that wait."""


@with_fields_of(Sentence)
class SentenceOut(serializers.Serializer[Any]):
    """A sentence or a heading: the `text` from `start` to `end` of the normalised text, in code
    points."""


@extend_schema_field({"$ref": "#/components/schemas/SentDraftBody"})
class DraftField(serializers.JSONField):
    """A draft as it can be handed in: fields without a value are omitted."""


class ReadingOut(serializers.Serializer[Any]):
    """`text_sha256` is the digest of the normalised text, to which the places refer."""

    document = serializers.UUIDField(
        allow_null=True, help_text="what the drafts cite; null if it is not on record"
    )
    reader = serializers.CharField(help_text="the program that read the text, such as reading-1")
    text_sha256 = serializers.CharField()
    sentences = SentenceOut(many=True)
    drafts = serializers.ListField(child=DraftField())


class PrivateView(APIView):
    """Its answers have parts of a text, and are not stored by anybody."""

    scopes: ClassVar[dict[str, str]] = {"GET": WRITE, "POST": WRITE}

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        response.headers["Cache-Control"] = NO_STORE
        return response


class ReadingView(PrivateView):
    """What an article may claim."""

    @write("reading", ArticleBody, ReadingOut, status=200, check=_body_problems)
    def post(self, request: Request, body: ArticleBody) -> Response:
        """Read an article: its sentences, and drafts of the claims that they may make, as at the
        desk. Of a web page its text is read, to which all places refer. Nothing is written, and the
        text is not kept. Each draft names its reader in `proposed.by`: this program, or the outside
        reader that the site uses."""
        writing.idempotency_key(request)  # can be sent with any POST
        refuse(_body_problems(body))
        throttling.charge(request, throttling.BUILD_COST)
        found = reading.read(
            reading.text_of_page(body.text) or body.text,
            cast("UUID | Document", body.document or body.new_document),
            by=request.user.get_username(),
            collection=body.collection,
            pointer="/document" if body.document else "/new_document",
        )
        data = {
            "document": body.document,
            "reader": READER,
            "text_sha256": found.text_sha256,
            "sentences": [codec.whole(one) for one in found.sentences],
            "drafts": [codec.plain(one) for one in found.drafts],
        }
        return Response(data)


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftsBody:
    """Drafts of claims from one document."""

    drafts: Annotated[tuple[SentDraft, ...], Most(MOST_PER_TRAY, required=True)]


class HandedInOut(serializers.Serializer[Any]):
    """A draft that was handed in. `state`: `offered`, it waits for a person; `taken`, a person has
    it in a tray; `recorded`, its claim is on record; `repeated`, the claim that it denies has this
    denial already."""

    id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=DRAFT_STATES)


class HandedInList(serializers.Serializer[Any]):
    results = HandedInOut(many=True)


class OfferedDraftOut(serializers.Serializer[Any]):
    """A draft that waits for a person."""

    handed_in_by = serializers.CharField()
    handed_in_at = serializers.DateTimeField()
    draft = DraftField()


class OfferedDraftPage(Page):
    results = OfferedDraftOut(many=True)


class DraftsView(PrivateView):
    """Drafts that people review at the desk, on the page that reads the document."""

    @extend_schema(
        operation_id="documents_drafts_list",
        parameters=[DraftParameters],
        responses=OfferedDraftPage,
    )
    def get(self, request: Request, record: UUID) -> Response:
        """List the drafts of a document that wait for a person, of all clients, by id."""
        query = params.read(request, DraftParameters)
        _require_document(record)
        after = query.get("cursor", [None])[0]
        return pagination.page(
            request,
            query,
            trays.offered_after(record, after, limit=query["limit"] + 1),
            place=lambda row: [row.id],
            show=lambda rows: [_offered(row) for row in rows],
            count=lambda: trays.offered(record).count(),
        )

    @write("documents_drafts_hand_in", DraftsBody, HandedInList, status=200)
    def post(self, request: Request, body: DraftsBody, record: UUID) -> Response:
        """Hand in drafts for review. People see them on the page that reads the document, take,
        change or ignore them, and record them as their own claims. A draft is known by its id: one
        that still waits is replaced. If one has a problem, none is handed in. A claim may lack
        what a person fills in, such as its code."""
        _require_document(record)
        drafts = [one.draft for one in body.drafts]

        def perform(at: datetime) -> Answer:
            by = request.user.get_username()
            handed_in = offered_drafts.hand_in(record, drafts, by=by, at=at)
            return Answer(status=200, data=_handed_in(handed_in), headers={})

        return writing.answer_once(request, perform)


def _require_document(record: UUID) -> None:
    if catalogue.entry("document", record, as_of=moment.now()) is None:
        raise Refusal("not-found", f"there is no document {record}: record it first")


def _handed_in(handed_in: Sequence[HandedIn]) -> dict[str, Any]:
    return {"results": [{"id": str(one.id), "state": one.state} for one in handed_in]}


def _offered(row: Any) -> dict[str, Any]:
    return {
        "handed_in_by": row.tray.owner,
        "handed_in_at": row.added_at,
        "draft": row.draft,
    }
