"""What schemathesis loads: one check of ours, and what it is to leave out.

JSON Schema cannot say that a lens is on record or that an act has a code. So a request that fits
the description may be refused, but only for what a schema cannot say.
"""

from typing import Any

import schemathesis

# What a schema does say. `required` is also what one thing needs because another is there, which
# the domain says in its own words.
PLAIN = "This field is required."
SAID = {
    "blank",
    "empty",
    "invalid_choice",
    "max_length",
    "max_value",
    "min_length",
    "min_value",
    "not_a_dict",
    "not_a_list",
    "null",
}


@schemathesis.check
def refused_for_what_no_schema_says(_ctx: Any, response: Any, case: Any) -> None:
    """Somebody who keeps to the description hears of nothing that it could have told them."""
    meta = case.meta
    if response.status_code != 400 or meta is None or not meta.generation.mode.is_positive:
        return
    faults = response.json()["errors"]
    told = [one for one in faults if one["code"] in SAID or one["detail"] == PLAIN]
    assert told == [], f"The description could have said this: {told}"


@schemathesis.hook
def before_call(_context: Any, case: Any, _kwargs: Any) -> None:
    """What is cut to `fields` is not the whole that is described: test_fields.py is about it."""
    if case.query and (case.meta is None or case.meta.generation.mode.is_positive):
        case.query.pop("fields", None)
