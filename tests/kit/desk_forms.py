"""What a browser sends from the forms of the desk."""

from typing import Any

from django.forms import BaseForm
from django.http import QueryDict

from tracker.admin.claim_entry import ClaimForms
from tracker.admin.fields import Pick


def sent(entry: ClaimForms, **changed: str) -> QueryDict:
    """The forms as they stand, sent without touching anything but `changed`.

    A changed field is named by its prefix and name: `claim__summary`, `parties__0__actor`.
    """
    data = QueryDict(mutable=True)
    for formset in (entry.parties, entry.citations):
        _fill(data, formset.management_form)
        for row in formset:
            _fill(data, row)
    _fill(data, entry.form)
    data["confirmed"] = entry.confirmed
    for name, value in changed.items():
        data[name.replace("__", "-")] = value
    return data


def typed(**fields: str) -> QueryDict:
    """An empty entry into which these fields were typed, its date seen and confirmed."""
    return sent(ClaimForms(), **fields)


def _fill(data: QueryDict, form: BaseForm) -> None:
    for bound in form:
        value: Any = bound.value()
        if type(bound.field) is Pick and not isinstance(value, list | tuple):
            value = value or bound.field.choices[0][0]  # a browser picks the first
        if isinstance(value, bool):
            value = ["on"] if value else []
        if not isinstance(value, list | tuple):
            value = [] if value is None else [value]
        data.setlist(bound.html_name, [str(one) for one in value])
