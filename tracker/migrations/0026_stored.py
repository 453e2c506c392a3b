"""Rows whose class had the name of a class of the domain are called stored."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("tracker", "0025_past")]
    operations = [
        migrations.RenameModel("Knot", "StoredKnot"),
        migrations.RenameModel("Shift", "StoredShift"),
    ]
