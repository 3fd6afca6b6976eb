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
            models.Index(fields=["action", "id"], name="journal_action"),
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


class Pending(models.Model):
    """An entry that waits to be sealed; goes when it gets its index."""

    entry = models.OneToOneField(
        JournalEntry, models.PROTECT, primary_key=True, related_name="pending"
    )

    def __str__(self) -> str:
        return f"entry {self.entry_id} waits"


class Position(models.Model):
    """The index of a sealed entry: dense, from 0, in the order of sealing."""

    index = models.BigIntegerField(primary_key=True)
    entry = models.OneToOneField(JournalEntry, models.PROTECT, related_name="position")

    class Meta:
        ordering = ("index",)

    def __str__(self) -> str:
        return f"entry {self.entry_id} is {self.index}"


class Checkpoint(models.Model):
    """A checkpoint that the log has signed: its note, byte for byte, and when it was signed."""

    size = models.BigIntegerField(primary_key=True)
    root = models.CharField(max_length=64)
    note = models.TextField()
    at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ("-size",)

    def __str__(self) -> str:
        return f"checkpoint of {self.size}"


class Witness(models.Model):
    """Another organisation's machine that checks each checkpoint and cosigns it."""

    name = models.CharField(max_length=120)  # of the organisation, for people
    vkey = models.CharField(max_length=300, unique=True)
    url = models.CharField(max_length=300, blank=True)  # empty: it comes and fetches, or by stick
    added_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    size = models.BigIntegerField(default=0)  # of the last checkpoint that it cosigned
    seen_at = models.DateTimeField(null=True, blank=True)
    trouble = models.JSONField(default=dict)  # sentence and facts of the last failure
    failed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> str:
        """How the record names it."""
        return f"witness:{self.pk}"


class Cosignature(models.Model):
    """A witness' signature over a checkpoint."""

    checkpoint = models.ForeignKey(Checkpoint, models.PROTECT, related_name="cosignatures")
    witness = models.ForeignKey(Witness, models.PROTECT, related_name="cosignatures")
    line = models.TextField()
    at = models.DateTimeField()  # by the witness' clock
    received_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=["checkpoint", "witness"], name="cosigned_once"),
        )

    def __str__(self) -> str:
        return f"{self.witness_id} saw {self.checkpoint_id}"


class Erasure(models.Model):
    """A text of an entry that was lawfully erased, and the entry that says so.

    Only where such a row is does the database let go of the text and its salt.
    """

    entry = models.ForeignKey(JournalEntry, models.PROTECT, related_name="erasures")
    name = models.CharField(max_length=80)
    record = models.ForeignKey(JournalEntry, models.PROTECT, related_name="erased")

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=["entry", "name"], name="erased_once"),)

    def __str__(self) -> str:
        return f"{self.name} of entry {self.entry_id}"
