"""What can be wrong with a workbook of the register beyond its cells: its sheets, and how its rows
agree with what the register holds already."""

from kaohe.core.problems import declare

declare(
    "error",
    {
        "import-unreadable": (
            "the file cannot be read as a table",
            "open it in WPS or Excel, save it as a workbook (.xlsx), and send that",
        ),
        "import-no-sheet": (
            "no sheet of the file has the heads of the register",
            "take the workbook that can be downloaded here, and keep its row of heads",
        ),
        "import-no-rows": (
            "below the heads there is no row",
            "enter the units, a row for each, and send the file again",
        ),
        "import-too-many-rows": (
            "the table has {count} rows, and at most {limit} are read at once",
            "divide it into several workbooks",
        ),
        "import-sheet-too-large": (
            "a sheet reaches so far down or to the right that it cannot be read",
            "delete the empty rows and columns behind the table, and save it",
        ),
        "import-formula-not-calculated": (
            "the cell has a formula that was never calculated",
            "open the workbook in WPS or Excel and save it, or write the value itself",
        ),
        "import-merged": (
            "this cell is merged with {first}, and so it holds nothing of its own",
            "unmerge the cells and fill in each of them",
        ),
        "import-name-changed": (
            "the register has “{was}” under this code",
            "a new name is entered with its day and document (rename a unit); if the register is"
            " wrong, check again with “names and departments are corrections”",
        ),
        "import-name-taken": (
            "“{found}” is the name of another unit in the register ({other})",
            "correct the name, or the code if that unit is meant",
        ),
        "import-department-changed": (
            "the register has the unit under “{was}”",
            "a transfer is entered with its day and document (transfer to another department); if"
            " the register is wrong, check again with “names and departments are corrections”",
        ),
        "import-code-elsewhere": (
            "this code belongs to a unit outside this register",
            "check it against the certificate of the unit",
        ),
        "import-code-former": (
            "this was a code of “{name}” in earlier days",
            "check it against the certificate of the unit",
        ),
        "import-unit-closed": (
            "the unit with this code was closed on {day}",
            "take the row out; if the unit exists, check its code",
        ),
        "import-unit-has-code": (
            "the register has a unit of this name under the code {was}",
            "correct the code; where the unit was given a new one, enter that as a deed (rename a"
            " unit)",
        ),
        "import-not-in-charge": (
            "“{found}” is not in your charge",
            "take the row out, or ask the chief of the section to import it",
        ),
        "import-since-missing": (
            "“{found}” follows “{was}”, and since when is not said",
            "enter the day in the column “{column}”",
        ),
        "import-since-early": (
            "“{was}” has been in post since {began}; who follows cannot begin on {found}",
            "correct the day, or the day of the forerunner on the page of the unit",
        ),
    },
)
declare(
    "warning",
    {
        "import-formulas": (
            "the sheet has formulas (cells: {count}); their values were read as last calculated",
            "nothing need be done if the numbers below are right",
        ),
        "import-sheet-not-read": (
            "the sheet “{sheet}” was not read",
            "nothing need be done, unless it holds units: then move them to the sheet “{read}”",
        ),
        "import-hidden-sheet": (
            "the sheet “{sheet}” is hidden and was not read",
            "nothing need be done, unless it holds units: then show it and move them",
        ),
        "import-other-encoding": (
            "the file is not UTF-8; it was read as {encoding}",
            "check the Chinese texts; a workbook (.xlsx) is safer",
        ),
        "import-blank-kept": (
            "empty cells under “{head}”: {count}; what the register has there stays",
            "nothing need be done; to empty it, check again with “empty cells empty the register”",
        ),
        "import-without-name": (
            "“{found}” is not kept: the column “{column}” names nobody",
            "enter the name, or take this out",
        ),
    },
)
