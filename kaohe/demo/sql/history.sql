-- A unit under a new code has its last year itself; the years before stand under the old code.
WITH rows_of AS (
    SELECT
        i,
        unit,
        predecessor,
        place,
        CASE WHEN predecessor IS NULL THEN k ELSE (k + 2) % 3 END AS k
    FROM (
        SELECT i, unit, predecessor, place, unnest(range(3)) AS k
        FROM land
        WHERE status <> 'ungraded'
    )
),

rolled AS (
    SELECT *, place + chance((i * 16 + k) * 8 + 1) % 4000 - 2000 AS past
    FROM rows_of
)

SELECT
    CASE WHEN k < 2 THEN coalesce(predecessor, unit) ELSE unit END AS unit,
    CAST(getvariable('year') - 3 + k AS INTEGER) AS "year",
    CASE
        WHEN past % 97 = 5 THEN 'none'
        WHEN past < 2000 THEN 'A'
        WHEN past > 11400 THEN 'C'
        ELSE 'B'
    END AS grade,
    '考委〔' || CAST(getvariable('year') - 2 + k AS VARCHAR) || '〕2号' AS document
FROM rolled
