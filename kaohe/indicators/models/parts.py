"""The parts of a year's scheme in versions, marks on them, and the sheets that are issued."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models

from kaohe.core.access import Target
from kaohe.core.part_path import OPEN
from kaohe.indicators.models.years import AssessmentYear, Participant
from kaohe.organization.models import Department, Recorded, StoredFile

USER = settings.AUTH_USER_MODEL


def _somebody() -> Any:
    return models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")


class Part(Recorded):
    """Settings, common template, or the scheme of a department; one of each for a year."""

    assessment_year = models.ForeignKey(AssessmentYear, models.PROTECT, related_name="parts")
    sort = models.CharField(max_length=12)  # core.part_path.Sort
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="parts"
    )

    kind: ClassVar[str] = "part"
    plain: ClassVar[tuple[str, ...]] = ("assessment_year_id", "sort", "department_id")

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=["assessment_year", "sort"],
                condition=models.Q(department__isnull=True),
                name="part_once",
            ),
            models.UniqueConstraint(
                fields=["assessment_year", "department"], name="part_once_a_department"
            ),
        )

    def __str__(self) -> str:
        return f"{self.sort} {self.assessment_year_id}"

    def place(self) -> Target:
        """A department's scheme is reached through it, the others through the jurisdiction."""
        return Target(self.jurisdiction.lineage, self.department_id)


class PartVersion(Recorded):
    """One version.  ``content`` is the tree of ``core.indicator_trees`` or of the scheme."""

    part = models.ForeignKey(Part, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=12, default="draft")
    content = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)  # of the content's canonical form
    change_note = models.TextField(blank=True)  # what is new, and why
    return_reason = models.TextField(blank=True)
    document_number = models.CharField(max_length=60, blank=True)
    scheme_digest = models.CharField(max_length=64, blank=True)  # settings: the engine's digest
    drafted_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    submitted_by = _somebody()
    returned_by = _somebody()
    approved_by = _somebody()
    issued_by = _somebody()
    created_at = models.DateTimeField(auto_now_add=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    issued_on = models.DateField(null=True, blank=True)
    moved_at = models.DateTimeField(auto_now=True)

    kind: ClassVar[str] = "part-version"
    plain: ClassVar[tuple[str, ...]] = (
        "part_id",
        "number",
        "state",
        "digest",
        "scheme_digest",
        "document_number",
        "issued_on",
    )
    sealed: ClassVar[tuple[str, ...]] = ("change_note", "return_reason")

    class Meta:
        ordering = ("-number",)
        constraints = (
            models.UniqueConstraint(fields=["part", "number"], name="part_version_number_once"),
            models.UniqueConstraint(
                fields=["part"],
                condition=models.Q(state__in=sorted(map(str, OPEN))),
                name="part_version_one_open",
            ),
        )
        indexes = (models.Index(fields=["jurisdiction", "state"], name="part_version_state"),)

    def __str__(self) -> str:
        return f"{self.part_id} v{self.number}"

    def place(self) -> Target:
        """Where its part stands."""
        return self.part.place()


class Mark(Recorded):
    """A cell that whoever returned a version marked, and why.

    ``path``: "indicators/ITEM/FIELD", "sheets/UNIT/ITEM/FIELD" or "settings/KEY"; ``text`` is the
    cell as it was.  ``settled``: the cell was changed since.
    """

    part_version = models.ForeignKey(PartVersion, models.PROTECT, related_name="marks")
    path = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    reason = models.TextField()
    settled = models.BooleanField(default=False)
    made_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    kind: ClassVar[str] = "mark"
    plain: ClassVar[tuple[str, ...]] = ("part_version_id", "settled")
    sealed: ClassVar[tuple[str, ...]] = ("path", "text", "reason")

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return self.path

    def place(self) -> Target:
        """Where its version stands."""
        return self.part_version.place()


class FindingAnswer(Recorded):
    """What was said of a finding of the check-up; the last of a finding counts.

    ``facts``: of the finding when it was answered for.  It is never changed, another follows.
    """

    part_version = models.ForeignKey(PartVersion, models.PROTECT, related_name="answers")
    check_code = models.CharField(max_length=40)
    path = models.TextField()
    about = models.CharField(max_length=80, blank=True)  # as in core.checkup_answers.Key
    facts = models.JSONField(default=dict)
    text = models.TextField()
    made_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    kind: ClassVar[str] = "finding-answer"
    plain: ClassVar[tuple[str, ...]] = ("part_version_id", "check_code")
    sealed: ClassVar[tuple[str, ...]] = ("path", "text")

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.check_code} {self.path}"

    def place(self) -> Target:
        """Where its version stands."""
        return self.part_version.place()


class Sheet(Recorded):
    """A unit's sheet (考核单) as it was issued; it never changes, the next version replaces it.

    ``content``: {"indicators": […], "sheet": {…}}, trees of ``core.indicator_trees``; the
    indicators are all that address the unit, common ones too.
    """

    participant = models.ForeignKey(Participant, models.PROTECT, related_name="sheets")
    number = models.PositiveIntegerField()  # version
    state = models.CharField(max_length=12, default="issued")  # issued, superseded, archived
    content = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)
    sheet_number = models.CharField(max_length=60, blank=True)  # 编号
    reason = models.TextField(blank=True)  # of a later version
    scheme_version = models.ForeignKey(
        PartVersion, models.PROTECT, null=True, blank=True, related_name="sheets"
    )
    template_version = models.ForeignKey(
        PartVersion, models.PROTECT, null=True, blank=True, related_name="+"
    )
    issued_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    issued_on = models.DateField()
    received_by = _somebody()
    received_at = models.DateTimeField(null=True, blank=True)

    kind: ClassVar[str] = "sheet"
    plain: ClassVar[tuple[str, ...]] = (
        "participant_id",
        "number",
        "state",
        "digest",
        "sheet_number",
        "scheme_version_id",
        "template_version_id",
        "issued_on",
    )
    sealed: ClassVar[tuple[str, ...]] = ("reason",)

    class Meta:
        ordering = ("-number",)
        constraints = (
            models.UniqueConstraint(fields=["participant", "number"], name="sheet_number_once"),
            models.UniqueConstraint(
                fields=["participant"],
                condition=models.Q(state="issued"),
                name="sheet_one_in_force",
            ),
        )

    def __str__(self) -> str:
        return f"{self.participant_id} v{self.number}"

    def place(self) -> Target:
        """Where its unit stands in that year."""
        return self.participant.place()


class PartImport(Recorded):
    """A workbook, or Word files, on the way into a draft: read, shown, applied whole or not.

    ``before`` is the draft as it was when they were applied, for putting it back.
    """

    part = models.ForeignKey(Part, models.PROTECT, related_name="imports")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")  # of several the first
    count = models.PositiveIntegerField(default=1)  # of its files
    sort = models.CharField(max_length=10)  # xlsx, docx
    state = models.CharField(max_length=12, default="read")
    # brought → read → applied → undone; or given up (dropped)
    base = models.CharField(max_length=64, blank=True)  # digest of the content it was compared with
    found = models.JSONField(default=dict)  # the plan's tree, the problems, the differences
    part_version = models.ForeignKey(
        PartVersion, models.PROTECT, null=True, blank=True, related_name="+"
    )  # into which it was applied
    before = models.JSONField(null=True, blank=True)
    after = models.CharField(max_length=64, blank=True)  # digest of what it made of the draft
    added_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)
    moved_at = models.DateTimeField(auto_now=True)

    kind: ClassVar[str] = "part-import"
    plain: ClassVar[tuple[str, ...]] = ("part_id", "file_id", "count", "sort", "state")

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"part import {self.pk}"

    def place(self) -> Target:
        """Where its part stands."""
        return self.part.place()


class WordImportFile(models.Model):
    """One of the Word files of an import, in their order.

    ``file`` is empty where it could not be taken; ``unfit`` then says why, as a code of a problem.
    """

    part_import = models.ForeignKey(PartImport, models.PROTECT, related_name="files")
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=300)  # with its folders, if it came in an archive
    unfit = models.CharField(max_length=40, blank=True)
    chosen = models.CharField(max_length=20, blank=True)  # reading.word_files: unit, ALL, OUT

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return self.name


class WordColumns(Recorded):
    """Which columns of a department's Word tables mean what: said once (列对应)."""

    department = models.ForeignKey(Department, models.PROTECT, related_name="+")
    columns = models.JSONField(default=dict)  # folded heading → field of an indicator, "" none
    set_by = models.ForeignKey(USER, models.PROTECT, related_name="+")

    kind: ClassVar[str] = "word-columns"
    plain: ClassVar[tuple[str, ...]] = ("department_id",)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["department"], name="word_columns_once"),)

    def __str__(self) -> str:
        return f"columns of {self.department_id}"

    def place(self) -> Target:
        """A department's own."""
        return Target(self.jurisdiction.lineage, self.department_id)
