"""What can go wrong, for programs (a code) and for people (what it is, and the way out)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of problem; its page stands under `/api/v1/problems/`."""

    code: str
    status: int
    title: str
    mend: str


def _kinds(*kinds: tuple[str, int, str, str]) -> dict[str, Kind]:
    return {
        code: Kind(code=code, status=status, title=title, mend=mend)
        for code, status, title, mend in kinds
    }


KINDS = _kinds(
    (
        "invalid",
        400,
        "Something does not fit",
        "`errors` names each place (`in` body, query, header; RFC 6901 `pointer`) and a mend.",
    ),
    (
        "unreadable",
        400,
        "The body cannot be read",
        (
            "Send one JSON object in UTF-8, without NaN, Infinity, repeated names or deep nesting;"
            " or multipart/form-data as RFC 7578 has it where files are taken."
        ),
    ),
    (
        "unauthenticated",
        401,
        "Who are you?",
        "Send `Authorization: Bearer ent_…`; `manage.py token create` issues a token.",
    ),
    (
        "forbidden",
        403,
        "The token does not allow this",
        "Ask for a token with the scope that the problem names.",
    ),
    ("not-found", 404, "There is nothing here", "Check the address; `/api/v1/` lists them."),
    (
        "method-not-allowed",
        405,
        "This cannot be done here",
        "The `Allow` header lists what can be done here.",
    ),
    (
        "not-acceptable",
        406,
        "Not in this format",
        "Ask for application/json.",
    ),
    (
        "version-conflict",
        409,
        "Somebody was faster",
        "Read it again, see what changed, and send your write with the new version.",
    ),
    (
        "out-of-order",
        409,
        "It does not follow from how things stand",
        "The detail says what is possible now.",
    ),
    (
        "in-flight",
        409,
        "The same write is still under way",
        "Wait as `Retry-After` says and send it again with the same Idempotency-Key.",
    ),
    (
        "precondition-failed",
        412,
        "The version in If-Match is not the current one",
        "Read it again, see what changed, and send your write with the new version.",
    ),
    ("too-large", 413, "The body is too large", "Send less at once."),
    (
        "unsupported-media-type",
        415,
        "Not this content type",
        "Send application/json, or multipart/form-data where files are taken.",
    ),
    (
        "key-reused",
        422,
        "The Idempotency-Key belongs to another body",
        "A key stands for one write: take a new one for another.",
    ),
    (
        "precondition-required",
        428,
        "Say which version you saw",
        'Send `If-Match: "<version>"` or `expected_version` with the version that you read.',
    ),
    ("throttled", 429, "Too many requests", "Wait as `Retry-After` says."),
    ("server-error", 500, "A mistake of ours", "Report it with the request id."),
    ("busy", 503, "Busy", "Wait as `Retry-After` says and send it again."),
    (
        "catching-up",
        503,
        "The scores of this lens are being worked out",
        "The lens is new: `GET lenses/{name}/` says how far it is. Ask again then.",
    ),
)
# The kind of an error that only has a status.
BY_STATUS = {kind.status: kind for kind in reversed(KINDS.values())}
