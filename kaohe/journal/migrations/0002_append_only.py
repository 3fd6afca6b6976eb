"""The record can only be added to."""

from django.db import migrations

from kaohe.journal.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]
    operations = [AppendOnly("journal_journalentry"), AppendOnly("journal_sealedtext")]
