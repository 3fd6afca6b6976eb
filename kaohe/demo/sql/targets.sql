WITH rows_of AS (
    SELECT land.i, land.unit, land.sheet, unnest(sheet.own) AS own
    FROM land
    INNER JOIN sheet ON land.d = sheet.d
)

SELECT
    unit,
    sheet || own.suffix AS item,
    CASE WHEN own.rule <> 'growth' THEN decimal_of(figure) END AS target,
    CASE WHEN own.rule = 'growth' THEN decimal_of(figure) END AS base
FROM (
    SELECT
        unit,
        sheet,
        own,
        own.least + own.step
            * (chance((i * 16 + own.k) * 8 + 3) % ((own.most - own.least) // own.step + 1))
            AS figure
    FROM rows_of
)
