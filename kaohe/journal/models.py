"""The tables of the record.  Nothing here is ever updated or deleted; triggers see to that."""

from django.db import models


class JournalEntry(models.Model):
    """One thing done, as the exact bytes that will be sealed.

    The columns beside ``leaf`` repeat what it says, so that it can be found; the leaf binds.
    """

    entry = models.CharField(max_length=32, unique=True)
    at = models.DateTimeField(db_index=True)
    jurisdiction = models.CharField(max_length=12, blank=True)
    unit = models.CharField(max_length=18, blank=True, db_index=True)
    subject = models.CharField(max_length=80)
    actor = models.CharField(max_length=32, db_index=True)
    action = models.CharField(max_length=60)
    leaf = models.TextField(help_text="Canonical JSON (RFC 8785); its UTF-8 bytes are the leaf.")

    class Meta:
        ordering = ("id",)
        indexes = (
            models.Index(fields=["subject", "id"], name="journal_subject"),
            models.Index(fields=["jurisdiction", "id"], name="journal_jurisdiction"),
        )

    def __str__(self) -> str:
        return f"{self.action} {self.subject}"


class SealedText(models.Model):
    """The personal and free texts of an entry, with their salts, outside its leaf.

    ``texts``: name → {"salt": hexadecimal, "text": …}.  Only a lawful erasure may remove it, and
    that is itself an entry.
    """

    entry = models.OneToOneField(
        JournalEntry, models.PROTECT, primary_key=True, related_name="sealed"
    )
    texts = models.JSONField()

    class Meta:
        verbose_name = "sealed text"

    def __str__(self) -> str:
        return f"texts of entry {self.entry_id}"
