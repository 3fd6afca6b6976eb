"""What can be wrong with a workbook of a scheme, or with a Word file of last year's sheets.

A problem's ``table`` is the sheet of the workbook, or the table of the Word file; its ``column`` is
the head of the column.
"""

from kaohe.core.problems import N_, declare

_TAKE_OURS = N_("take the workbook from the page of the draft, fill that in, and send it")

declare(
    "error",
    {
        "book-unreadable": (
            "the file cannot be read as a workbook",
            "open it in WPS or Excel, save it as a workbook (.xlsx), and send that",
        ),
        "book-no-scheme": ("no sheet in sight is called “方案”", _TAKE_OURS),
        "book-other-part": (
            "this is the workbook of another scheme: {title}",
            "send the workbook that was taken from this scheme",
        ),
        "book-column-needed": (
            "the column “{head}” is not there",
            "put it back, with just this head",
        ),
        "book-column-twice": (
            "two columns are called “{head}”",
            "take one of them out",
        ),
        "book-too-many-rows": (
            "the sheet has more rows than can be read ({limit})",
            "take out what does not belong to the scheme",
        ),
        "book-formula-empty": (
            "the cell has a formula that was never calculated",
            "open the workbook in WPS or Excel and save it, or write the value itself",
        ),
        "book-cell-error": (
            "the cell shows the error {found}",
            "write the value itself",
        ),
        "book-merged": (
            "this cell is merged with {first}, and so it holds nothing of its own",
            "unmerge the cells and fill in each of them",
        ),
        "book-number": (
            "“{found}” is no number with at most 4 digits behind the point",
            "write the number alone, such as 95 or 0.5; its unit belongs into “计量单位”",
        ),
        "book-choice": (
            "“{found}” cannot be chosen here",
            "choose one of: {choices}",
        ),
        "book-day": (
            "“{found}” is no day",
            "write it as 2026-06-30",
        ),
        "book-too-long": (
            "the text has {count} characters, and at most {limit} can be kept",
            "shorten it",
        ),
        "book-formula-like": (
            "“{found}” begins with a sign that a spreadsheet would run as a formula",
            "begin it with a letter, a digit or a Chinese character",
        ),
        "book-item-twice": (
            "“{found}” stands in row {first} already",
            "give each indicator a code of its own",
        ),
        "book-item-needed": (
            "the row names no indicator",
            "write its code, as on the sheet “方案”",
        ),
        "book-item-unknown": (
            "no indicator of the scheme has the code “{found}”",
            "correct the code, or enter the indicator on the sheet “方案”",
        ),
        "book-item-code": (
            "“{found}” cannot be a code",
            "use letters, digits or Chinese characters, such as J01; no / : ; in it",
        ),
        "book-item-nameless": (
            "the row has a code and no name",
            "write what is assessed, or take the row out",
        ),
        "book-unit-needed": (
            "the row names no unit",
            "write the code of the unit",
        ),
        "book-unit-unknown": (
            "“{found}” is no unit of the department in this year",
            "choose a unit from the list, by its code",
        ),
        "book-unit-not-addressed": (
            "the indicator {item} is for another unit only",
            "take the row out, or empty “适用单位” on the sheet “方案”",
        ),
        "book-row-twice": (
            "the same stands in row {first} already",
            "keep one of the two rows",
        ),
        "book-steps-rule": (
            "steps belong to a rule of steps, and the rule here is another",
            "choose “分档…” as the rule, or empty the cell",
        ),
        "book-milestone-needed": (
            "the milestone has no name, no share or no day",
            "fill in all three",
        ),
        "word-unreadable": (
            "the file cannot be read as a Word file",
            "open it in WPS or Word, save it as .docx, and send that",
        ),
        "word-no-table": (
            "no table of the file was understood as one of indicators",
            "say below what its columns mean; one of them must be the name of the indicator",
        ),
        "word-old-form": (
            "the file is of an old form (.doc, .wps), which cannot be read",
            "open it in WPS or Word, save it as .docx, and send that; or leave it out",
        ),
        "word-protected": (
            "the file is protected by a password",
            "open it, remove the password, save it, and send it again; or leave it out",
        ),
        "word-macros": (
            "the file holds macros, which are programs and are not taken",
            "save it as .docx without macros and send that; or leave it out",
        ),
        "word-suspicious": (
            "the file is far larger than an ordinary one, or would unpack to far more",
            "save it anew without pictures and send it again; or leave it out",
        ),
        "word-damaged": (
            "the file is damaged, empty, or no Word file whatever its name says",
            "open it in WPS or Word, save it as .docx, and send that; or leave it out",
        ),
        "word-unit-doubtful": (
            "several units are named, and it cannot be told which is meant: {units}",
            "say which unit the file is for, or write only its name above the table",
        ),
        "word-unit-none": (
            "no unit of the department is named in the file or in its name",
            "say which unit the file is for, that it is for all of them, or leave it out",
        ),
        "word-unit-twice": (
            "two files are for one unit: {unit} has the file “{first}” already",
            "leave one of the two out, or say which unit this one is for",
        ),
        "word-all-twice": (
            "two files are for all units: “{first}” is already",
            "leave one of the two out, or say which unit this one is for",
        ),
    },
)
declare(
    "warning",
    {
        "book-no-stamp": (
            "the sheet that tells where the workbook comes from is gone",
            "look closely at what would change: it is compared with the draft as it stands now",
        ),
        "book-old-version": (
            "the draft was changed since this workbook was taken from it",
            "what was changed here is carried into it; look at what both changed",
        ),
        "book-conflict": (
            "this was changed in the draft as well: there it is “{theirs}”, here “{ours}”",
            "apply it only if the workbook is right",
        ),
        "book-column-unknown": (
            "the column “{head}” is not known, and it was not read",
            "nothing need be done; if it should count, give it the head of the form",
        ),
        "book-column-gone": (
            "the column “{head}” is gone",
            "nothing need be done: what the draft has there stays",
        ),
        "book-sheet-gone": (
            "the sheet “{sheet}” is gone",
            "nothing need be done: what the draft has there stays",
        ),
        "book-sheet-unknown": (
            "the sheet “{sheet}” was not read",
            "nothing need be done; what should count belongs onto the sheets of the form",
        ),
        "book-hidden-sheet": (
            "the sheet “{sheet}” is hidden, and it was read all the same",
            "show it in WPS or Excel and look at what stands there",
        ),
        "book-hidden-rows": (
            "rows are hidden ({rows}), and they were read all the same",
            "show them in WPS or Excel and look at what stands there",
        ),
        "book-unit-left-out": (
            "the unit is not on the sheet “{sheet}”, and the row was not read",
            "enter the unit there if it is to get a sheet",
        ),
        "book-rows-gone": (
            "rows of the draft are gone: {items}",
            "nothing need be done if they are to be taken out; else put them back",
        ),
        "book-formulas": (
            "cells hold formulas ({count}); their values were taken",
            "nothing need be done",
        ),
        "book-full-width": (
            "“{found}” is written with full-width digits, and was read as {read}",
            "nothing need be done",
        ),
        "book-number-text": (
            "“{found}” was read as {read}",
            "nothing need be done if that is meant",
        ),
        "book-item-numbered": (
            "the indicator had no code and was given {found}",
            "nothing need be done",
        ),
        "book-element-other": (
            "“{found}” is none of the three elements",
            "choose 主体业务开展, 经济社会效益 or 管理运行状况",
        ),
        "word-other-kind": (
            "this is no Word file, and it was not read",
            "nothing need be done",
        ),
        "word-unit-other": (
            "the file was said to be for {unit}; it names {units}",
            "see that the right unit was chosen",
        ),
        "word-table-not-read": (
            "this table was not understood as one of indicators (first cell: “{found}”)",
            "nothing need be done if it holds none",
        ),
        "word-column-unknown": (
            "the column “{head}” was not read",
            "say below what it means, if it should be",
        ),
        "word-rule-open": (
            "the rule could not be read with certainty: “{found}”",
            "choose the rule and its values when the draft is edited",
        ),
        "word-merged-total": (
            "the row “{found}” is a sum and was left out",
            "nothing need be done",
        ),
        "word-common-left": (
            "common indicators stand in the file ({count}); they come from the common template",
            "nothing need be done",
        ),
        "word-unit-open": (
            "no unit of the department is named before the table",
            "nothing need be done if it is for all units; else write the unit's name above it",
        ),
        "word-milestone-open": (
            "the milestone “{found}” has no share or no day that could be read",
            "enter it when the draft is edited",
        ),
    },
)
