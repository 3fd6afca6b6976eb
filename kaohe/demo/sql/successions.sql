SELECT
    unit,
    predecessor,
    CAST(getvariable('year') - 1 AS INTEGER) AS "year",
    'continuation' AS kind
FROM land
WHERE predecessor IS NOT NULL AND status <> 'ungraded'
