"""The formats on offer. To add one: write a module, list it here."""

from tracker.importers import generic

__all__ = ["FORMATS"]

FORMATS = {generic.NAME: generic}
