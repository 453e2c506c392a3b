"""What the page of a job shows: how far it is, what came of it, and what can be done next."""

import csv
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from django.http import HttpRequest
from django.urls import reverse

from tracker.imports.flags import COMPARED, REPEATS, UNDATED
from tracker.imports.queries import BATCH, IMPORT, WITHDRAWAL, Job
from tracker.imports.runs import OUTCOMES
from tracker.imports.spool import rejected_of, review_of
from tracker.queries.records.names import directory
from tracker.queries.scores import uncounted
from tracker.wording import counted

MAY = "desk.add_job"
# The download has them all.
MOST_SHOWN = 200
# What a count is of, in words; the others speak for themselves.
WORDS = {"already": "no longer stood"}


class Deed(NamedTuple):
    """Something that can be done about a job: what its button says, and where that goes."""

    does: str
    link: str


def context(request: HttpRequest, job: Job) -> dict[str, Any]:
    """What the template of a job's state needs."""
    told = job.told
    return {
        "job": job,
        "says": says(job),
        "state_link": link("state", job),
        "outcomes": [
            (WORDS.get(name, name), job.counts[name])
            for name in (*OUTCOMES, "retracted", "already")
            if name in job.counts
        ],
        "reasons": _ranked(told.get("reasons", {})),
        "remarks": _ranked(told.get("remarks", {})),
        "rejected": _rejected(job),
        "rejected_link": link("rejected", job) if told.get("rejected") else "",
        "flags": list(flags(told.get("flags", {}))),
        "review": _listed(review_of(job.id)) if told.get("review") else [],
        "review_link": link("review", job) if told.get("review") else "",
        "mend_link": link("mend", job) if told.get("to_mend") else "",
        "uncounted": _uncounted(job),
        "would": _would(job),
        "may": request.user.has_perm(MAY),
        "load": link("load", job) if job.dry and job.state == "done" and _would(job) else "",
        "cancel": link("cancel", job) if job.unfinished and not job.cancel_wanted else "",
        "withdraw": reverse("admin:desk_job_withdraw", args=[job.run]) if _back(job) else "",
    }


def link(view: str, job: Job) -> str:
    """The address of something about a job."""
    return reverse(f"admin:desk_job_{view}", args=[job.id])


def title(job: Any) -> str:
    """What a job is about; its row in the table will do."""
    if job.kind == BATCH:
        return f"Import a batch of {job.total} claims"
    if job.kind == WITHDRAWAL:
        return f"Withdraw import {job.run}"
    return f"{'Check' if job.options.get('dry_run') else 'Import'} {job.file_name}"


def says(job: Job) -> str:
    """Where a job stands, in a sentence."""
    if job.state == "waiting":
        again = f"Waiting for another attempt: {job.error}."
        return again if job.error else "Waiting for a worker."
    if job.state == "running":
        return _running(job)
    if job.state == "failed":
        begun = job.kind != IMPORT or job.run
        return f"{'It stopped' if begun else 'Nothing was imported'}: {job.error}."
    if job.state == "cancelled":
        return _cancelled(job)
    return _looked(job) if job.dry else f"Done: {_done(job)}."


def _running(job: Job) -> str:
    if job.cancel_wanted:
        return "It stops after the current rows."
    if job.total is None:
        return "The file is checked first, so that a wrong one is refused as a whole."
    left = job.seconds_left
    return "In progress." if left is None else f"In progress: about {_long(left)} to go."


def _cancelled(job: Job) -> str:
    if job.dry or not job.done:
        return "Cancelled: nothing was written."
    far = f"after {job.done:,} of {job.total:,} rows" if job.kind == IMPORT else "part-way"
    again = "; if imported again, the file continues where it stopped" if job.kind == IMPORT else ""
    return f"It was cancelled {far}: {_done(job)}. This is kept{again}."


def _looked(job: Job) -> str:
    """What would come of it."""
    new, changed = job.counts.get("new", 0), job.counts.get("changed", 0)
    parts = [f"{counted(new, 'claim')} would be added"] if new else []
    if changed and job.options.get("apply_changes"):
        parts.append(f"{changed:,} would be corrected")
    refused = job.counts.get("refused", 0)
    rows = counted(refused, "row is", "rows are")
    why = "reason" if len(job.told.get("reasons", {})) == 1 else "reasons"
    tail = f"; {rows} refused, for the {why} below" if refused else ""
    known = job.counts.get("known", 0)
    there = f": {counted(known, 'row is', 'rows are')} on record already" if known else ""
    says = " and ".join(parts) or f"Nothing would be added{there}"
    return f"Nothing is written yet. {says}{tail}."


def _done(job: Job) -> str:
    """What came of it, in a few words."""
    said = [
        f"{counted(number, 'claim')} {verb}"
        for verb, number in (
            ("added", job.counts.get("new", 0)),
            ("corrected", job.told.get("corrections", 0)),
            ("retracted", job.counts.get("retracted", 0)),
        )
        if number
    ]
    if refused := job.counts.get("refused"):
        said.append(f"{counted(refused, 'row')} refused")
    return ", ".join(said) or "there was nothing to do"


def flags(marked: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    """What somebody should decide on: the name of the choice, and the rows in words."""
    if undated := marked.get(UNDATED, 0):
        yield "skip_undated", f"{counted(undated, 'row')} without a date"
    if repeats := marked.get(REPEATS, 0):
        rows = counted(repeats, "row that likely repeats", "rows that likely repeat")
        compared = f"of {marked[COMPARED]:,} that were compared"
        yield "skip_repeats", f"{rows} claims on record, {compared}"


def _would(job: Job) -> bool:
    """Whether loading would write anything."""
    changed = job.counts.get("changed", 0) if job.options.get("apply_changes") else 0
    # Further reports of an event are cited.
    return bool(job.counts.get("new") or changed or job.counts.get("repeated"))


def _uncounted(job: Job) -> list[tuple[str, str]]:
    """The collections that no lens counts still, each with the address of its page; of one that is
    not on record yet there is none."""
    names = job.told.get("uncounted", [])
    on_record = {one.name for one in directory("collection")} if names else set()
    links = {
        one.name: reverse("admin:desk_collection_change", args=[one.id])
        for one in uncounted.named(names)
    }
    told = [name for name in names if name in links or name not in on_record]
    return [(uncounted.says(name), links.get(name, "")) for name in told]


def _back(job: Job) -> bool:
    return job.withdrawable and bool(job.run)


def _long(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5_400 else f"{seconds / 3_600:.1f} h"


def _ranked(said: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(said.items(), key=lambda one: (-one[1], one[0]))


def _rejected(job: Job) -> list[dict[str, str]]:
    """The first of the rows that were refused."""
    return _listed(rejected_of(job.id)) if job.told.get("rejected") else []


def _listed(path: Path) -> list[dict[str, str]]:
    """The first rows of a file of the spool."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return list(islice(csv.DictReader(file), MOST_SHOWN))
    except FileNotFoundError:
        return []
