"""Articles: what a text may claim, as drafts. The text is read and forgotten."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, cast
from uuid import UUID

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tracker.api import answers, throttling, writing
from tracker.api.answers import with_fields_of
from tracker.api.writing import write
from tracker.domain import codec
from tracker.domain.fields import Words
from tracker.domain.problems import Problem, invalid, refuse, required
from tracker.domain.reading.drafts import READER, Draft
from tracker.domain.reading.text import MOST_CHARACTERS, Sentence
from tracker.domain.records import Document
from tracker.operations import reading

WRITE = "write:claims"
NO_STORE = "no-store"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleBody:
    """A text, and the document that it is: `document` is one on record, `new_document` describes
    another. Drafts of one that is not on record cannot be handed in or recorded."""

    text: Annotated[
        str, Words(MOST_CHARACTERS, lines=True, required="send the text of the article")
    ]
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


@with_fields_of(Sentence)
class SentenceOut(serializers.Serializer[Any]):
    """A sentence or a heading: the `text` from `start` to `end` of the normalised text, in code
    points."""


class ReadingOut(serializers.Serializer[Any]):
    """`text_sha256` is the digest of the normalised text, to which the places refer."""

    document = serializers.UUIDField(
        allow_null=True, help_text="what the drafts cite; null if it is not on record"
    )
    reader = serializers.CharField(help_text="the program that read the text, such as reading-1")
    text_sha256 = serializers.CharField()
    sentences = SentenceOut(many=True)
    drafts = answers.of(Draft)(many=True)


class ReadingView(APIView):
    """What an article may claim."""

    scopes: ClassVar[dict[str, str]] = {"POST": WRITE}

    @write("reading", ArticleBody, ReadingOut, status=200, check=_body_problems)
    def post(self, request: Request, body: ArticleBody) -> Response:
        """Read an article: its sentences, and drafts of the claims that they may make, as at the
        desk. Nothing is written, and the text is not kept. Each draft names its reader in
        `proposed.by`."""
        writing.idempotency_key(request)  # can be sent with any POST
        refuse(_body_problems(body))
        throttling.charge(request, throttling.BUILD_COST)
        found = reading.read(
            body.text,
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
            "drafts": [codec.whole(one) for one in found.drafts],
        }
        return Response(data)

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        """No answer is stored, since it has parts of the text."""
        response = super().finalize_response(request, response, *args, **kwargs)
        response.headers["Cache-Control"] = NO_STORE
        return response
