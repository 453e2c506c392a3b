"""Classes of rows whose name stands for something of the domain are called rows."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("tracker", "0025_past")]
    operations = [
        migrations.RenameModel("Knot", "KnotRow"),
        migrations.RenameModel("Shift", "ShiftRow"),
    ]
