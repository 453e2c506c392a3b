"""Words for codes that the desk adds. Operational: not rebuildable from the log."""

from django.db import models

from tracker.domain.codebooks.cues import CueRow


class DeskCue(models.Model):
    """A row that the desk adds to the table of cues, in small letters."""

    id = models.UUIDField(primary_key=True)
    cue = models.TextField()
    object = models.TextField(default="")
    code = models.TextField()
    example = models.TextField(default="")
    added_by = models.TextField()
    added_at = models.DateTimeField()

    class Meta:
        db_table = "desk_cue"
        constraints = (models.UniqueConstraint(fields=("cue", "object"), name="desk_cue_once"),)

    def read(self) -> CueRow:
        """The row as the reader takes it."""
        return CueRow(self.cue, self.object, self.code, self.example)
