"""Bodies and parameters that refuse unknown fields, and bodies that become records."""

from collections.abc import Mapping
from itertools import islice
from typing import Any, ClassVar

from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from tracker.api.problems import MOST_ERRORS

# The JSON type of each field; DRF would accept 0 as text and "yes" as true.
_TYPES: Mapping[type, tuple[type, ...]] = {
    serializers.CharField: (str,),
    serializers.UUIDField: (str,),
    serializers.BooleanField: (bool,),
    serializers.IntegerField: (int, float),
}


class Strict(serializers.Serializer[Any]):
    """Refuses unknown fields, and reports them together with all invalid values."""

    # Whether values have JSON types; in a query or a form all values are text.
    typed: ClassVar[bool] = True

    def to_internal_value(self, data: Any) -> Any:
        faults = self._unknown(data) | self._mistyped(data) if isinstance(data, Mapping) else {}
        try:
            values = super().to_internal_value(data)
        except ValidationError as problem:
            raise ValidationError({**faults, **_as_dict(problem.detail)}) from problem
        if faults:
            raise ValidationError(faults)
        return self.made(values)

    def made(self, values: dict[str, Any]) -> Any:
        """The result, made from valid values."""
        return values

    def _unknown(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """Unknown fields, at most a hundred."""
        known = {key: field for key, field in self.fields.items() if not field.read_only}
        says = f"Unknown field; expected one of: {', '.join(known)}"
        aliens = islice((name for name in data if name not in known), MOST_ERRORS)
        return {_escaped(name): [ErrorDetail(says, code="unknown")] for name in aliens}

    def _mistyped(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """Values of the wrong JSON type."""
        if not self.typed:
            return {}
        found = {name: _faults(field, data.get(name)) for name, field in self.fields.items()}
        return {name: faults for name, faults in found.items() if faults}


class Shaped(Strict):
    """Becomes a record of class `shape`. A null counts as missing."""

    shape: ClassVar[Any]

    def made(self, values: dict[str, Any]) -> Any:
        given = {name: value for name, value in values.items() if value is not None}
        return self.shape(
            **{
                name: tuple(value) if isinstance(value, list) else value
                for name, value in given.items()
            }
        )


def _escaped(name: str) -> str:
    """A name escaped for a JSON pointer."""
    return name[:40].replace("~", "~0").replace("/", "~1")


def _as_dict(detail: Any) -> dict[str, Any]:
    return detail if isinstance(detail, dict) else {"non_field_errors": detail}


def _faults(field: Any, value: Any) -> Any:
    """The type errors of a value, or of the items of a list by index."""
    if isinstance(field, serializers.ListField) and isinstance(value, list):
        if field.max_length is not None and len(value) > field.max_length:
            return []  # reported once for the whole list
        found = {at: _faults(field.child, one) for at, one in enumerate(value)}
        return {at: faults for at, faults in found.items() if faults}
    wanted = next((_TYPES[kind] for kind in _TYPES if isinstance(field, kind)), None)
    if wanted is None or value is None:
        return []
    # In Python a bool is an int; in JSON it is not a number.
    right = isinstance(value, wanted) and isinstance(value, bool) == (bool in wanted)
    return [] if right else [ErrorDetail(field.error_messages["invalid"], code="invalid")]
