"""Papers for people, made of rows: workbook, report, a unit's sheet, the picture of ranks."""
