"""A record with one thing of each kind that the API has addresses for, all of one owner."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.kit.api_client import Api, a_body, a_draft_body
from tests.kit.api_uploads import SAMPLES, a_file, bring
from tests.kit.archive_rows import on
from tests.kit.background_work import work_off
from tests.kit.builders import AT, Desk
from tests.kit.imports import BY_COLUMNS, archive, days
from tests.kit.jobs import work
from tests.kit.seals import sign_all
from tracker.operations import editions
from tracker.queries import moment

WHY = {"reason": "so"}
FORECAST = {
    "kind": "forecast",
    "code": None,
    "likelihood": "likely",
    "resolves_by": "2023",
    "criterion": "a treaty is signed",
}
# Its name leads to this host, where nothing is sent to.
HOOK = {"url": "https://localhost/", "kinds": ["claim.asserted"]}
SOURCE = {"kind": "outlet", "name": "The Herald"}
MAPPING = (SAMPLES / "steppe.toml").read_bytes()
# A day that does not exist.
BAD_TABLE = (SAMPLES / "steppe.csv").read_bytes().replace(b"2022-01-06", b"2022-01-60")
UNDATED_TABLE = b"no,what,day,who,whom,title,says\n1,It was done.,,RUS,KAZ,A report,\n"
COLLECTION = {"name": "other", "coding": "curated", "review": False}
SEEN = {"expected_version": 1}


@dataclass(frozen=True, slots=True)
class Estate:
    """`places`: what stands for each part of an address, by operation or for all of them."""

    desk: Desk
    places: dict[str, Any]

    def address(self, path: str, operation: str) -> str:
        parts = self.places | self.places.get(operation, {})
        return path.format(**{name: part for name, part in parts.items() if isinstance(part, str)})

    def body(self, operation: str) -> Any:
        """What has to be sent so that whoever may do it can."""
        make = BODIES.get(operation)
        return make(self) if make else None


def an_estate(api: Api, desk: Desk) -> Estate:
    """Put it on record, as the account of `api`."""
    # The imports come first: a second source named as their publisher would be ambiguous.
    places = _jobs(api, desk) | _claims(api, desk)
    places["webhook"] = api.post("webhooks/", HOOK)["id"]
    work_off()
    editions.publish("standing", date(2022, 5, 24), at=AT, as_of=moment.now())
    places |= _records(desk)
    sign_all()
    return Estate(desk, places | NAMED)


def _claims(api: Api, desk: Desk) -> dict[str, Any]:
    """Claims that can be corrected, reinstated, resolved, linked and cited."""
    claim, other = (api.claims(desk, occurred={"edtf": f"2022-05-1{n}"}) for n in (1, 2))
    gone, foretold = api.claims(desk), api.claims(desk, **FORECAST)
    api.post(f"claims/{gone['id']}/retraction/", WHY | SEEN)
    link = api.post(f"claims/{claim['id']}/links/", {"type": "causes", "to": other["id"]})["id"]
    spoken = api.claims(desk, note="words that may be withheld")
    return {
        "claim_id": claim["id"],
        "link_id": link,
        "position": str(spoken["position"]),
        "cited": str(desk.hears()),
        "linked": str(desk.asserts("CHN", "RUS").stream),
        "claims_reinstate": {"claim_id": gone["id"]},
        "claims_resolve": {"claim_id": foretold["id"]},
    }


def _jobs(api: Api, desk: Desk) -> dict[str, Any]:
    """A job that is done, one with rows to fix, one to review, and two that wait."""
    done = bring(api, archive(*days(3), on("20160732")))
    work()
    table = bring(api, BAD_TABLE, name="t.csv", mapping=a_file(MAPPING, "m.toml"))
    work()
    mapping = a_file(BY_COLUMNS.encode(), "m.toml")
    looked = bring(api, UNDATED_TABLE, name="u.csv", mapping=mapping, dry_run="true")
    work()
    waiting = bring(api, archive(*days(2)))
    batch = api.send("claims/batch/", {"mode": "partial", "claims": [a_body(desk)] * 501}).json()
    run = api.get(f"jobs/{done['id']}/")["links"]["import"].rstrip("/").rpartition("/")[2]
    return {
        "job_id": done["id"],
        "run": run,
        "claims_batch_read": {"job_id": batch["id"]},
        "jobs_to_mend": {"job_id": table["id"]},
        "jobs_review": {"job_id": looked["id"]},
        "jobs_cancel": {"job_id": waiting["id"]},
    }


def _records(desk: Desk) -> dict[str, Any]:
    """A record of each kind, by the operations on it."""
    records = {
        "actors": desk.countries["KAZ"],
        "sources": desk.source,
        "documents": desk.document,
        "collections": desk.collection,
    }
    verbs = ("read", "describe", "record", "rate", "count", "drafts_list", "drafts_hand_in")
    return {
        f"{noun}_{verb}": {"record": str(record)}
        for noun, record in records.items()
        for verb in verbs
    }


TRIAD = {"one": "CHN", "two": "KAZ", "three": "RUS"}
# The parts of addresses that are names.
NAMED: dict[str, Any] = {
    "label": "standing",
    "scheme": "plover-2.0",
    "code": "invalid",
    "day": "2022-05-24",
    "form": "csv",
    "one": "KAZ",
    "other": "RUS",
    "triads_read": TRIAD,
    "triads_history": TRIAD,
}


def _lens(estate: Estate) -> dict[str, Any]:
    return {"view": {"collections": [str(estate.desk.collection)]}, "model": "standing"}


def _file(_: Estate) -> dict[str, Any]:
    return {"file": SimpleUploadedFile("x.CSV", archive(*days(1)))}


def _actor(code: str) -> dict[str, Any]:
    return {"kind": "state", "names": [{"text": code}], "code": code}


BODIES: dict[str, Callable[[Estate], Any]] = {
    "actors_create": lambda _: _actor("USA"),
    "actors_describe": lambda _: _actor("KAZ") | SEEN,
    "claims_create": lambda estate: a_body(estate.desk),
    "claims_preview": lambda estate: a_body(estate.desk),
    "claims_batch": lambda estate: {"mode": "partial", "claims": [a_body(estate.desk)]},
    "claims_cite": lambda estate: {"document": estate.places["cited"]} | SEEN,
    "claims_correct": lambda estate: {"claim": a_body(estate.desk, note="More.")} | WHY | SEEN,
    "claims_deny": lambda estate: (
        {"denied_by": str(estate.desk.countries["CHN"]), "document": estate.places["cited"]} | SEEN
    ),
    "claims_link": lambda estate: {"type": "causes", "to": estate.places["linked"]},
    "claims_unlink": lambda _: WHY,
    "claims_reinstate": lambda _: WHY | {"expected_version": 2},
    "claims_resolve": lambda _: {"outcome": "happened", "resolved_on": "2023-04-04"} | WHY | SEEN,
    "claims_retract": lambda _: WHY | SEEN,
    "claims_review": lambda _: {"outcome": "accepted"} | SEEN,
    "claims_judge": lambda _: {"verdict": "disputed"} | WHY | SEEN,
    "collections_count": lambda _: {},
    "collections_create": lambda _: COLLECTION,
    "collections_describe": lambda _: COLLECTION | {"name": "curated"} | SEEN,
    "documents_create": lambda estate: {"source": str(estate.desk.source), "title": "Another"},
    "documents_describe": lambda estate: (
        {"source": str(estate.desk.source), "title": "Another"} | SEEN
    ),
    "documents_drafts_hand_in": lambda estate: {"drafts": [a_draft_body(estate.desk)]},
    "imports_create": _file,
    "imports_withdraw": lambda _: WHY,
    "jobs_cancel": lambda _: {},
    "lenses_create": lambda estate: _lens(estate) | {"name": "own"},
    "lenses_define_version": lambda estate: _lens(estate) | SEEN,
    "log_withhold": lambda estate: (
        WHY | {"authority": "the editor", "number": int(estate.places["position"])}
    ),
    "reading": lambda estate: {"text": "It rained.", "document": str(estate.desk.document)},
    "sources_create": lambda _: SOURCE,
    "sources_describe": lambda _: SOURCE | {"expected_version": 2},
    "sources_rate": lambda _: {"reliability": "B", "since": "2021-01-01"} | WHY,
    "webhooks_create": lambda _: HOOK,
    "webhooks_change": lambda _: {"name": "anew"},
}
MULTIPART = {"imports_create"}


# What an address cannot be read without.
QUERIES = {
    "pairs_changes": "?from=2022-05-01&to=2022-05-24",
    "pairs_divergence": "?lenses=standing,tone",
    "search": "?q=kazakh",
    "triads_list": "?countries=CHN,KAZ,RUS",
}
