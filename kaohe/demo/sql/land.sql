-- One row for each unit: where it is, and what kind of year it has (place: 0 good … 9999 bad).
CREATE TABLE land AS
WITH numbered AS (
    SELECT range AS i, range * getvariable('counties') // getvariable('units') AS county
    FROM range(getvariable('units'))
),

placed AS (
    SELECT
        i,
        county,
        i - (county * getvariable('units') + getvariable('counties') - 1)
            // getvariable('counties') AS j
    FROM numbered
),

rolled AS (
    SELECT
        i,
        county,
        j,
        least(j * 400 // getvariable('county_size'), 399) AS slot,
        chance(i * 8) AS luck,
        chance(i * 8 + 1) % 10000 AS place,
        chance(i * 8 + 2) AS traits
    FROM placed
)

SELECT
    rolled.i,
    rolled.county,
    rolled.j,
    department.d,
    rolled.luck,
    rolled.place,
    code_of(900001 + rolled.county, 10000000 + 2 * rolled.j) AS unit,
    CASE WHEN rolled.luck % 1000 = 7
        THEN code_of(900001 + rolled.county, 10000001 + 2 * rolled.j)
    END AS predecessor,
    CASE
        WHEN rolled.luck % 400 = 3 THEN 'exempt'
        WHEN rolled.luck % 300 = 11 THEN 'ungraded'
        ELSE 'graded'
    END AS status,
    6 + rolled.traits % 120 AS staff,
    (rolled.traits >> 8) % 20 = 1 AS no_licence,
    (rolled.traits >> 13) % 500 = 1 AS unsurveyed,
    'G' || lpad(CAST(rolled.county AS VARCHAR), 4, '0') || CAST(department.d AS VARCHAR) AS sheet
FROM rolled
INNER JOIN department ON rolled.slot BETWEEN department.first_slot AND department.last_slot
ORDER BY rolled.i;
