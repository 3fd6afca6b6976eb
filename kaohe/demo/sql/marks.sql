WITH rows_of AS (
    SELECT land.i, land.unit, land.sheet, land.place, unnest(sheet.judges) AS g
    FROM land
    INNER JOIN sheet ON land.d = sheet.d
)

SELECT
    unit,
    sheet || g.suffix AS item,
    '评委' || CAST(g.judge AS VARCHAR) AS judge,
    decimal_of(
        (
            g.points - g.points * place // 40000
            - g.points * (chance((i * 16 + g.judge) * 8 + 6) % 1000) // 12000
        ) // 1000 * 1000
    ) AS points
FROM rows_of
