"""Examples of all reads and the main writes, for the seed data; a test runs all of them.

A hook adds them to the OpenAPI description, with the values of their parameters.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

BASE = "/api/v1/"
_PAIR = "pairs/KAZ-RUS/"
# "Russia in effect sanctioned the Kazakh and Chinese …", of the article.
_CLAIM = "claims/43a764ba-1641-588b-989e-89030cec9c41/"
_SPAN = "from=2022-01-01&to=2022-05-24"
_RUSSIA, _KAZAKHSTAN = (
    "0bbbbeac-2e9f-53d0-90d4-2974d91ca634",
    "449bd979-f78b-5f06-aaa9-f16108a37f2c",
)
_ARTICLE = "106517d7-1bea-5511-828c-1838dcaf57ed"
_CURATED = "41dec218-9aef-53de-9243-38cd32aac6f7"

# By operation: the path and query after `BASE`.
READS: Mapping[str, str] = {
    "root": "",
    "claims_list": "claims/?pair=KAZ-RUS&kind=act&limit=20&fields=id,title,occurred.edtf",
    "claims_read": f"{_CLAIM}?as_of=361",
    "claims_history": f"{_CLAIM}history/",
    "claims_impacts": f"{_CLAIM}impacts/?lens=standing",
    "claims_download": "claims.csv?collection=curated",
    "claims_download_about": "claims.csv.metadata.json?collection=curated",
    "actors_list": "actors/?q=kazakh&limit=20",
    "actors_read": f"actors/{_RUSSIA}/",
    "sources_list": "sources/?q=Bloomberg",
    "sources_read": "sources/e2cb2da3-f2c5-5a7b-9ca5-51620f60f714/",
    "sources_record": "sources/e2cb2da3-f2c5-5a7b-9ca5-51620f60f714/record/",
    "documents_list": "documents/?limit=20&count=exact",
    "documents_read": f"documents/{_ARTICLE}/",
    "documents_drafts_list": f"documents/{_ARTICLE}/drafts/?limit=20",
    "collections_list": "collections/",
    "collections_read": f"collections/{_CURATED}/",
    "lenses_list": "lenses/?as_of=361",
    "lenses_read": "lenses/standing/",
    "calibration": "calibration/",
    "codebooks_list": "codebooks/",
    "codebooks_read": "codebooks/plover-2.0/",
    "pairs_list": "pairs/?lens=standing&sort=-value&country=RUS&limit=20",
    "pairs_download": "pairs.csv?lens=tone",
    "pairs_download_about": "pairs.csv.metadata.json?lens=tone",
    "pairs_read": f"{_PAIR}?day=2022-05-24",
    "pairs_scores": f"{_PAIR}scores/?lens=standing&{_SPAN}&every=week&as_of=361",
    "pairs_scores_download": f"{_PAIR}scores.csv?{_SPAN}",
    "pairs_scores_download_about": f"{_PAIR}scores.csv.metadata.json?{_SPAN}",
    "pairs_scores_proof": f"{_PAIR}scores.proof.json?day=2022-05-24",
    "pairs_explanation": f"{_PAIR}explanation/?day=2022-05-24&limit=3",
    "pairs_changes": f"{_PAIR}changes/?{_SPAN}",
    "pairs_divergence": f"{_PAIR}divergence/?lenses=standing,standing&day=2022-05-24",
    "pairs_robustness": f"{_PAIR}robustness/?day=2022-05-24",
    "pairs_measures": "pairs/CHN-RUS/measures/",
    "search": "search/?q=kazakh%20russia",
    "shifts_list": "shifts/?from=2022-01-01&to=2022-12-31&country=RUS",
    "triads_list": "triads/?countries=CHN,KAZ,RUS&day=2022-05-24",
    "triads_read": "triads/CHN-KAZ-RUS/?day=2022-05-24",
    "triads_history": f"triads/CHN-KAZ-RUS/history/?{_SPAN}&every=month",
    "editions_list": "editions/?lens=standing&limit=5",
    "log_events": "log/events/?after=350&limit=5",
    "log_event": "log/events/361/",
    "log_event_proof": "log/events/361.tlog-proof",
    "log_seal": "log/seal/",
    "log_download": "log/events.ndjson?as_of=100",
    "log_download_about": "log/events.ndjson.metadata.json?as_of=100",
    "problems_list": "problems/",
    "problems_read": "problems/invalid/",
}

_CITATION = {
    "document": _ARTICLE,
    "quote": "the shut-off",
    "locator": "paragraph 2",
    "selector": {
        "start": 1042,
        "end": 1054,
        "text_sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "prefix": "The ministry explained ",
        "suffix": " of the pipeline",
    },
}
_BODY = {
    "collection": _CURATED,
    "kind": "act",
    "summary": "Russia shuts the Caspian pipeline again.",
    "parties": [
        {"actor": _RUSSIA, "role": "initiator"},
        {"actor": _KAZAKHSTAN, "role": "recipient"},
    ],
    "citations": [_CITATION],
    "code": "plover-2.0/SANCTION/discontinue",
    "occurred": {"edtf": "2022-03-22~", "phrase": "late March 2022"},
}
# A statement of a party without other support.
_SAID = {
    **_BODY,
    "summary": "Russia shuts the Caspian pipeline on purpose.",
    "said_by": {"actor": _KAZAKHSTAN},
}
# A level that a panel gives a pair.
_LEVEL = {
    "collection": _CURATED,
    "kind": "level",
    "summary": "The author puts Kazakhstan and Russia at +4 at the end of 2021.",
    "parties": [
        {"actor": _KAZAKHSTAN, "role": "about"},
        {"actor": _RUSSIA, "role": "about"},
    ],
    "citations": [{"document": _ARTICLE}],
    "occurred": {"edtf": "2021-12-31"},
    "level": {"value": "4", "sd": "1.5"},
}
# A draft that a client proposes for the first sentence.
_DRAFT = {
    "id": "018f2f3a-0000-7000-8000-000000000001",
    "sentence": 1,
    "claim": {**_BODY, "summary": "Russia halts the Caspian pipeline."},
    "why": ["essentially sanctioned"],
    "proposed": {"by": "my-reader-1", "kind": "act"},
}
# By operation: the address and the body.
WRITES: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "claims_create": ("claims/", _BODY),
    "claims_preview": ("claims/preview/", _SAID),
    "claims_batch": ("claims/batch/", {"mode": "atomic", "claims": [_LEVEL]}),
    "claims_deny": (
        f"{_CLAIM}denials/",
        {
            "denied_by": _RUSSIA,
            "document": _ARTICLE,
            "locator": "paragraph 3",
            "expected_version": 1,
        },
    ),
    "claims_correct": (
        f"{_CLAIM}corrections/",
        {"claim": _BODY, "reason": "the quote is in paragraph 2", "expected_version": 1},
    ),
    "claims_retract": (
        f"{_CLAIM}retraction/",
        {"reason": "the article was withdrawn", "expected_version": 1},
    ),
    "claims_link": (
        f"{_CLAIM}links/",
        {"type": "causes", "to": "20661ef8-f9c7-58ce-88fb-0817bd2ba002"},
    ),
    "claims_judge": (
        f"{_CLAIM}verdicts/",
        {"verdict": "disputed", "reason": "denied by the operator", "expected_version": 1},
    ),
    "log_withhold": (
        "log/events/291/withholding/",
        {
            "reason": "names a private person",
            "authority": "the editor",
            "number": 291,
            "all": True,
        },
    ),
    "reading": (
        "reading/",
        {"text": "Russia sanctioned Kazakhstan in late March.", "document": _ARTICLE},
    ),
    "documents_drafts_hand_in": (f"documents/{_ARTICLE}/drafts/", {"drafts": [_DRAFT]}),
    "sources_rate": (
        "sources/e2cb2da3-f2c5-5a7b-9ca5-51620f60f714/ratings/",
        {"reliability": "B", "since": "2022-01-01", "reason": "its record of corrections"},
    ),
}


def add(result: Any, **_: Any) -> Any:
    """Add the examples to a description (a hook of drf-spectacular)."""
    for path, operation in _operations(result):
        name = operation["operationId"]
        place, body = WRITES.get(name, (READS.get(name), None))
        if place is None:
            continue
        _mark(operation, path, place)
        if body is not None:
            operation["requestBody"]["content"]["application/json"]["example"] = body
        operation["description"] += f"\n\nExample: `{'POST' if body else 'GET'} {BASE}{place}`"
    return result


def _operations(result: Any) -> Iterator[tuple[str, Any]]:
    for path, methods in result["paths"].items():
        for operation in methods.values():
            yield path, operation


def _mark(operation: Any, path: str, place: str) -> None:
    """Set the example of each parameter to its value in an address."""
    split = urlsplit(BASE + place)
    pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+?)", re.escape(path))
    match = re.fullmatch(pattern, split.path)
    assert match is not None, (path, place)  # noqa: S101 # a test looks at all of them
    values = match.groupdict() | dict(parse_qsl(split.query))
    for parameter in operation.get("parameters", ()):
        if parameter["name"] in values:
            parameter["example"] = values[parameter["name"]]
