"""A clerk's first afternoon: assess the demonstration city, change one event in Excel."""

import csv

import openpyxl

from kaohe.cli.main import main


def results(out):
    with (out / "results.csv").open(encoding="utf-8", newline="") as file:
        return {row["unit"]: row for row in csv.DictReader(file)}


def cell_of(sheet, row, title):
    """The cell under a heading."""
    headings = {cell.value: cell.column for cell in sheet[1]}
    return sheet.cell(row=row, column=headings[title])


def withdraw_the_dearest_event(workbook, effects):
    """Opens the workbook as Excel would, withdraws one event, saves; gives event and unit."""
    book = openpyxl.load_workbook(workbook)
    sheet = book["events"]
    number = next(
        row for row in range(2, sheet.max_row + 1) if cell_of(sheet, row, "event").value in effects
    )
    event, unit = (cell_of(sheet, number, title).value for title in ("event", "unit"))
    cell_of(sheet, number, "status").value = "withdrawn"
    book.save(workbook)
    return event, unit


def test_one_event_changed_in_excel_moves_whom_the_what_if_said(tmp_path, capsys):
    city, first, second = tmp_path / "city", tmp_path / "first", tmp_path / "second"
    assert main(["demo-city", str(city), "--units", "60"]) == 0
    assert main(["assess", str(city), "--out", str(first), "--tables-only"]) == 0
    with (first / "event_effects.csv").open(encoding="utf-8", newline="") as file:
        dear = {r["event"] for r in csv.DictReader(file) if float(r["effect"]) <= -2}

    copy = tmp_path / "copy"
    copy.mkdir()
    for path in city.iterdir():
        (copy / path.name).write_bytes(path.read_bytes())
    event, unit = withdraw_the_dearest_event(copy / "assessment.xlsx", dear)
    moved = tmp_path / "moved.csv"
    change = f"event:{event}=withdrawn"
    assert main(["what-if", str(city), "--set", change, "--csv", str(moved)]) == 0
    assert main(["assess", str(copy), "--out", str(second), "--tables-only"]) == 0

    before, after = results(first), results(second)
    really = {code for code in before if before[code] != after[code]}
    with moved.open(encoding="utf-8", newline="") as file:
        foretold = {row["unit"] for row in csv.DictReader(file)}
    assert unit in really
    assert float(after[unit]["composite"]) > float(before[unit]["composite"])
    assert really <= foretold

    capsys.readouterr()
    assert main(["explain", str(copy), unit]) == 0
    told = capsys.readouterr().out
    assert after[unit]["composite"] in told
    assert before[unit]["name"] in told
