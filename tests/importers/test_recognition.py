"""Tells of which format a file is, by its content."""

from tracker.importers import FORMATS


def test_every_format_is_listed_by_its_name():
    assert [(name, form.name) for name, form in FORMATS.items()] == [
        (name, name) for name in ("gdelt-1", "gdelt-2", "icews", "icews-list", "polecat", "claims")
    ]
