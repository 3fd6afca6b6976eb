WITH rows_of AS (
    SELECT land.i, land.unit, land.sheet, land.place, unnest(sheet.nodes) AS n
    FROM land
    INNER JOIN sheet ON land.d = sheet.d
),

rolled AS (
    SELECT *, chance((i * 16 + n.number) * 8 + 5) AS word
    FROM rows_of
)

SELECT
    unit,
    sheet || n.suffix AS item,
    '节点' || CAST(n.number AS VARCHAR) AS milestone,
    decimal_of(n.share) AS share,
    n.due_on,
    CASE
        WHEN word % 10000 * 40 < place THEN NULL
        WHEN word % 10000 * 4 < place
            THEN n.due_on + CAST(1 + (word >> 14) % 14 AS INTEGER)
        ELSE n.due_on - CAST((word >> 14) % 16 AS INTEGER)
    END AS done_on
FROM rolled
