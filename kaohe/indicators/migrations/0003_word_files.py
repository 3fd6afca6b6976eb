"""Imports of several Word files, and what the draft was before an import was applied."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models


def one_file_each(apps: Any, _schema_editor: Any) -> None:
    """Each import of a Word file so far has one file: the one that was brought."""
    made = apps.get_model("indicators", "WordImportFile")
    rows = apps.get_model("indicators", "PartImport").objects.filter(sort="docx")
    made.objects.bulk_create(
        made(part_import=row, file=row.file, name=row.file.name)
        for row in rows.select_related("file")
    )


class Migration(migrations.Migration):
    dependencies = [("indicators", "0002_frozen"), ("organization", "0006_erasures")]

    operations = [
        migrations.AddField("partimport", "after", models.CharField(blank=True, max_length=64)),
        migrations.AddField("partimport", "before", models.JSONField(blank=True, null=True)),
        migrations.AddField("partimport", "count", models.PositiveIntegerField(default=1)),
        migrations.AddField(
            "partimport",
            "part_version",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="indicators.partversion",
            ),
        ),
        migrations.CreateModel(
            name="WordImportFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=300)),
                ("unfit", models.CharField(blank=True, max_length=40)),
                ("chosen", models.CharField(blank=True, max_length=20)),
                (
                    "file",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organization.storedfile",
                    ),
                ),
                (
                    "part_import",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="files",
                        to="indicators.partimport",
                    ),
                ),
            ],
            options={"ordering": ("id",)},
        ),
        migrations.RunPython(one_file_each, migrations.RunPython.noop),
    ]
