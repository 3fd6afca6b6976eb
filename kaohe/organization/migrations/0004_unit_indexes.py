"""The register's list is counted, sorted and grouped by index, whatever its length."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Two indexes on units."""

    dependencies = [("organization", "0003_succession_by_code")]

    operations = [
        migrations.AddIndex(
            model_name="unit",
            index=models.Index(fields=["jurisdiction", "closed_on", "code"], name="unit_list"),
        ),
        migrations.AddIndex(
            model_name="unit",
            index=models.Index(fields=["jurisdiction", "group"], name="unit_group"),
        ),
    ]
