"""Names that wait for a curator: what the inbox shows of them, and the ways to settle one. A new
record is added by the form of an actor or a source, which begins with what is known."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import URLPattern, URLResolver, path, reverse

from tracker.admin import access
from tracker.admin.base import stamp
from tracker.admin.claim_forms import DeskForm
from tracker.admin.claim_list import ClaimList
from tracker.admin.fields import Directories, LineField, Named, share
from tracker.domain import facts
from tracker.domain.problems import Invalid, invalid, refuse
from tracker.log import LogBusy
from tracker.models.trays import ProposedRecord
from tracker.operations import proposed_records
from tracker.operations.proposed_records import AlreadySettled, Settled
from tracker.queries import trays
from tracker.queries.records.names import Directory
from tracker.wording import counted

GONE = "The name was accepted or refused meanwhile."


class SettleForm(DeskForm):
    """How a name is settled: the record that it means, or why it is refused."""

    reason = LineField(label="Why it is refused")

    def __init__(self, *args: Any, noun: str, directories: Directories, **kwargs: Any) -> None:
        super().__init__(*args, directories=directories, **kwargs)
        self.fields["record"] = Named(noun, label="It is on record as")
        share(self, directories)

    def chosen(self, name: str) -> UUID:
        """The record that is meant.

        :raises Invalid: if none is named, or nothing is called so.
        """
        self.is_valid()
        details = [str(detail) for detail in self.errors.get("record", ())]
        if not details and self.cleaned_data.get("record") is None:
            details = [f"choose the record that {name} is"]
        refuse(invalid("/record", detail) for detail in details)
        record: UUID = self.cleaned_data["record"]
        return record


class ProposedPages(ClaimList):
    """The actions on a name, for accounts that may add a record of its kind."""

    def get_urls(self) -> list[URLResolver | URLPattern]:
        view = self.admin_site.admin_view(self.settle)
        own = path("inbox/<uuid:proposed>/", view, name="desk_claim_settle")
        return [own, *super().get_urls()]

    def settle(self, request: HttpRequest, proposed: UUID) -> HttpResponse:
        """Accept a name as a record on record, or refuse it."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        row = trays.proposal(proposed)
        if row is None:
            messages.error(request, GONE)
        else:
            access.require(request, f"desk.add_{row.noun}")
            _settle(request, row)
        return HttpResponseRedirect(reverse("admin:desk_claim_inbox"))


def _settle(request: HttpRequest, row: ProposedRecord) -> None:
    accepts = request.POST.get("outcome") == "accept"
    directories = Directories()
    form = SettleForm(request.POST, noun=row.noun, prefix=row.id.hex, directories=directories)
    try:
        if accepts:
            record = form.chosen(row.name)
            settled = proposed_records.accept(row.id, record, **stamp(request))
        else:
            reason = request.POST.get(form.add_prefix("reason"), "")
            settled = proposed_records.reject(row.id, reason=reason, **stamp(request))
    except Invalid as problem:
        messages.error(request, "; ".join(f"{one.detail}." for one in problem.problems))
    except (AlreadySettled, LogBusy) as problem:
        messages.error(request, f"{problem}.")
    else:
        messages.success(request, in_words(row.name, settled, accepted=accepts))


def in_words(name: str, settled: Settled, *, accepted: bool = True) -> str:
    """What became of the claims that waited for a name."""
    parts = [f"{name} is {'accepted' if accepted else 'refused'}."]
    if settled.recorded:
        parts.append(f"Recorded: {counted(settled.recorded, 'claim')}.")
    if settled.returned:
        parts.append(f"Back in their trays, with the reason: {counted(settled.returned, 'claim')}.")
    if settled.offered:
        offered = counted(settled.offered, "claim")
        parts.append(f"Offered to others, since their person may not enter claims: {offered}.")
    if settled.waiting:
        parts.append(f"Waiting for another name: {counted(settled.waiting, 'claim')}.")
    return " ".join(parts)


def waiting_names(request: HttpRequest) -> dict[str, Any]:
    """What the inbox shows of the names that wait: each with records of similar names, and its form
    if the account may settle it."""
    directories = Directories()
    rows = []
    for one in trays.proposals():
        may = request.user.has_perm(f"desk.add_{one.noun}")
        directory = directories.of(one.noun)
        near = directory.near(one.name) if isinstance(directory, Directory) else []
        rows.append(
            {
                "proposal": one,
                "near": [(entry.id, directory.label(entry.id)) for entry in near],
                "form": SettleForm(noun=one.noun, prefix=one.id.hex, directories=directories)
                if may
                else None,
                "add": f"{reverse(f'admin:desk_{one.noun}_add')}?proposed={one.id}",
            }
        )
    return {"proposed": rows, "all_proposed": trays.count_proposals()}


def prefilled(row: ProposedRecord) -> dict[str, str]:
    """What the form of a new record begins with. A country brings its code."""
    if row.noun == "source":
        return {"kind": "outlet", "name": row.name}
    country = facts.country_called(row.name)
    if country is None:
        return {"kind": "organisation", "name": row.name}
    return {
        "kind": "state",
        "name": country["name"],
        "language": "en",
        "code": country["iso3"],
        "wikidata": country["wikidata"],
    }
