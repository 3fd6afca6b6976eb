"""What was handed in, issued or kept can no longer be changed past the services."""

from django.db import migrations

from kaohe.indicators.frozen import FILES, SHEETS, VERSIONS, YEARS
from kaohe.journal.frozen_rows import Freeze


class Migration(migrations.Migration):
    dependencies = [("indicators", "0001_initial"), ("organization", "0006_erasures")]
    operations = [Freeze(VERSIONS), Freeze(SHEETS), Freeze(YEARS), Freeze(FILES)]
