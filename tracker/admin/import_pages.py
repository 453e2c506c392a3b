"""The page of a job: its progress, its outcome, and the actions that are possible next."""

import csv
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from tracker.imports.flags import COMPARED, NO_ACT, REPEATS, THIRD_STATE, UNDATED
from tracker.imports.office_holders import FORMATS as OFFICE_HOLDERS
from tracker.imports.queries import BATCH, IMPORT, WITHDRAWAL, JobSummary
from tracker.imports.runs import OUTCOMES
from tracker.imports.spool import rejected_of, review_of
from tracker.queries.records.names import directory
from tracker.queries.scores import uncounted
from tracker.wording import counted

ADD_JOB = "desk.add_job"
# The download has all rows.
MOST_SHOWN = 200
# Labels of outcomes; other outcomes are their own label.
WORDS = {"already": "no longer stood"}


def context(request: HttpRequest, job: JobSummary) -> dict[str, Any]:
    """The context of the template of a job's state."""
    report, rejected = job.told, _rejected(job)
    return {
        "job": job,
        "says": summary(job),
        "state_link": link("state", job),
        "outcomes": [
            (WORDS.get(name, name), job.counts[name])
            for name in (*OUTCOMES, "retracted", "already")
            if name in job.counts
        ],
        "reasons": _by_number(report.get("reasons", {})),
        "remarks": _by_number(report.get("remarks", {})),
        "rejected": rejected,
        # A row has a line for each invalid cell.
        "rejected_rows": len({cell["line"] for cell in rejected}),
        "rejected_link": link("rejected", job) if report.get("rejected") else "",
        "flags": list(flags(report.get("flags", {}))),
        "review": _first_rows(review_of(job.id)) if report.get("review") else [],
        "review_link": link("review", job) if report.get("review") else "",
        "to_fix_link": link("mend", job) if report.get("to_mend") else "",
        "uncounted": _uncounted(job),
        "would": _would_write(job),
        "may": request.user.has_perm(ADD_JOB),
        "load": link("load", job) if job.dry and job.state == "done" and _would_write(job) else "",
        "cancel": link("cancel", job) if job.unfinished and not job.cancel_wanted else "",
        "withdraw": reverse("admin:desk_job_withdraw", args=[job.run])
        if _can_withdraw(job)
        else "",
    }


def link(view: str, job: JobSummary) -> str:
    """The address of a view of a job."""
    return reverse(f"admin:desk_job_{view}", args=[job.id])


def title(job: Any) -> str:
    """The title of a job, or of its row in the table."""
    if job.kind == BATCH:
        return f"Import a batch of {job.total} claims"
    if job.kind == WITHDRAWAL:
        return f"Withdraw import {job.run}"
    return f"{'Check' if job.options.get('dry_run') else 'Import'} {job.file_name}"


def summary(job: JobSummary) -> str:
    """The state of a job in a sentence."""
    if job.state == "waiting":
        again = f"Waiting for another attempt: {job.error}."
        return again if job.error else "Waiting for a worker."
    if job.state == "running":
        return _running(job)
    if job.state == "failed":
        started = job.kind != IMPORT or (job.run and job.done != job.counts.get("refused", 0))
        return f"{'It stopped' if started else 'Nothing was imported'}: {job.error}."
    if job.state == "cancelled":
        return _cancelled(job)
    return _preview_summary(job) if job.dry else f"Done: {_result(job)}."


def _running(job: JobSummary) -> str:
    if job.cancel_wanted:
        return "It stops after the current rows."
    if job.total is None:
        return "The file is checked first, so that a wrong one is refused as a whole."
    seconds = job.seconds_left
    return "In progress." if seconds is None else f"In progress: about {_duration(seconds)} to go."


def _cancelled(job: JobSummary) -> str:
    if job.dry or not job.done:
        return "Cancelled: nothing was written."
    far = f"after {job.done:,} of {job.total:,} rows" if job.kind == IMPORT else "part-way"
    again = "; if imported again, the file continues where it stopped" if job.kind == IMPORT else ""
    return f"It was cancelled {far}: {_result(job)}. This is kept{again}."


def _preview_summary(job: JobSummary) -> str:
    """What an import would do, after a dry run."""
    new, changed = job.counts.get("new", 0), job.counts.get("changed", 0)
    parts = [f"{counted(new, _noun(job))} would be added"] if new else []
    if changed and job.options.get("apply_changes"):
        parts.append(f"{changed:,} would be corrected")
    refused = job.counts.get("refused", 0)
    rows = counted(refused, "row is", "rows are")
    noun = "reason" if len(job.told.get("reasons", {})) == 1 else "reasons"
    tail = f"; {rows} refused, for the {noun} below" if refused else ""
    known = job.counts.get("known", 0)
    reason = f": {counted(known, 'row is', 'rows are')} on record already" if known else ""
    effect = " and ".join(parts) or f"Nothing would be added{reason}"
    return f"Nothing is written yet. {effect}{tail}."


def _result(job: JobSummary) -> str:
    """The outcome of a job in a few words."""
    parts = [
        f"{counted(number, _noun(job))} {verb}"
        for verb, number in (
            ("added", job.counts.get("new", 0)),
            ("corrected", job.told.get("corrections", 0)),
            ("retracted", job.counts.get("retracted", 0)),
        )
        if number
    ]
    if refused := job.counts.get("refused"):
        parts.append(f"{counted(refused, 'row')} refused")
    return ", ".join(parts) or "there was nothing to do"


def _noun(job: JobSummary) -> str:
    """What a job records."""
    return "term" if job.format in OFFICE_HOLDERS else "claim"


def flags(marked: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    """What the user should decide on: the name of each choice, if there is one, and the rows in
    words."""
    if undated := marked.get(UNDATED, 0):
        yield "skip_undated", f"{counted(undated, 'row')} without a date"
    if repeats := marked.get(REPEATS, 0):
        rows = counted(repeats, "row that likely repeats", "rows that likely repeat")
        compared = f"of {marked[COMPARED]:,} that were compared"
        yield "skip_repeats", f"{rows} claims on record, {compared}"
    if third := marked.get(THIRD_STATE, 0):
        yield "", f"{counted(third, 'row')} whose text names a third state"
    if no_act := marked.get(NO_ACT, 0):
        yield "", f"{counted(no_act, 'row')} whose text names no act"


def _would_write(job: JobSummary) -> bool:
    """Whether loading would write anything."""
    changed = job.counts.get("changed", 0) if job.options.get("apply_changes") else 0
    # Further reports of an event are cited.
    return bool(job.counts.get("new") or changed or job.counts.get("repeated"))


def _uncounted(job: JobSummary) -> list[tuple[str, str]]:
    """Messages about collections that no lens counts, each with the address of the collection's
    page; the address is empty for a collection that is not on record yet."""
    names = job.told.get("uncounted", [])
    on_record = {collection.name for collection in directory("collection")} if names else set()
    links = {
        collection.name: reverse("admin:desk_collection_change", args=[collection.id])
        for collection in uncounted.uncounted_named(names)
    }
    named = [name for name in names if name in links or name not in on_record]
    return [(uncounted.notice(name), links.get(name, "")) for name in named]


def _can_withdraw(job: JobSummary) -> bool:
    return job.withdrawable and bool(job.run)


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5_400 else f"{seconds / 3_600:.1f} h"


def _by_number(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _rejected(job: JobSummary) -> list[dict[str, str]]:
    """The first invalid cells of refused rows."""
    return _first_rows(rejected_of(job.id)) if job.told.get("rejected") else []


def _first_rows(path: Path) -> list[dict[str, str]]:
    """The first rows of a file in the spool; empty if it was deleted."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return list(islice(csv.DictReader(file), MOST_SHOWN))
    except FileNotFoundError:
        return []
