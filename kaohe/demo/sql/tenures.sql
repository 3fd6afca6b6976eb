-- Rows 0 and 1: the principal, and who took over during the year; 2 and 3: the same two or, in
-- one unit of eight, others as legal representative.
WITH rows_of AS (
    SELECT
        i,
        unit,
        k,
        luck,
        (luck >> 4) % 8 = 1 AS two_heads,
        (luck >> 7) % 9 = 1 AS changes
    FROM (SELECT i, unit, luck, unnest(range(4)) AS k FROM land)
),

named AS (
    SELECT
        *,
        chance((i * 16 + CASE WHEN two_heads THEN k ELSE k % 2 END) * 8) AS person,
        getvariable('new_year') + CAST(40 + (luck >> 11) % 280 AS INTEGER) AS last_day
    FROM rows_of
    WHERE changes OR k % 2 = 0
)

SELECT
    unit,
    substr(getvariable('surnames'), 1 + person % len(getvariable('surnames')), 1)
        || substr(getvariable('first'), 1 + (person >> 8) % len(getvariable('first')), 1)
        || substr(getvariable('second'), 1 + (person >> 16) % len(getvariable('second')), 1)
        AS person,
    CASE WHEN k < 2 THEN 'principal' ELSE 'legal_representative' END AS post,
    CASE WHEN k % 2 = 0
        THEN getvariable('new_year') - CAST(400 + person % 2400 AS INTEGER)
        ELSE last_day + 1
    END AS "from",
    CASE WHEN k % 2 = 0 AND changes THEN last_day END AS "to"
FROM named
