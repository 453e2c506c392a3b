"""The formats on offer. To add one: write a module, list it in `recognition`. Any other table comes
in through `generic`, with a mapping."""

from tracker.importers.forcing import forced
from tracker.importers.recognition import FORMATS, recognise

__all__ = ["FORMATS", "forced", "recognise"]
