-- A mood for each person; most answers follow it, some are a step beside it, a few are left out.
WITH rows_of AS (
    SELECT
        unit,
        place,
        staff,
        i * getvariable('answers') + k AS r,
        k // (getvariable('answers') // 2) AS half,
        k % (getvariable('answers') // 2) AS seat
    FROM (
        SELECT unit, place, staff, i, unnest(range(getvariable('answers'))) AS k
        FROM land
        WHERE NOT unsurveyed
    )
),

rolled AS (
    SELECT *, chance(r) AS person
    FROM rows_of
    WHERE staff > 15 OR seat % 3 <> 1
),

moody AS (
    SELECT
        *,
        chance(xor(person, 1431655765)) AS first_five,
        chance(xor(person, 715827882)) AS last_five,
        CASE
            WHEN person % 10000 < 7500 - place * 46 // 100 THEN 5
            WHEN person % 10000 < 9750 - place * 29 // 100 THEN 4
            WHEN person % 10000 < 9960 - place * 11 // 100 THEN 3
            WHEN person % 10000 < 9990 - place * 3 // 100 THEN 2
            ELSE 1
        END AS mood
    FROM rolled
)

SELECT
    'W' || lpad(CAST(r AS VARCHAR), 9, '0') AS response,
    unit,
    CASE half WHEN 0 THEN 'h1' ELSE 'h2' END AS "round",
    CASE
        WHEN seat < getvariable('on_site') THEN 'on_site'
        WHEN seat < getvariable('on_site') + getvariable('telephone') THEN 'telephone'
        ELSE 'visit'
    END AS channel,
    (person >> 14) % 50 <> 0 AS valid,
    answer(first_five, mood) AS q1,
    answer(first_five >> 6, mood) AS q2,
    answer(first_five >> 12, mood) AS q3,
    CASE WHEN (person >> 20) % 64 > 0 THEN answer(first_five >> 18, mood) END AS q4,
    CASE WHEN (person >> 20) % 64 > 0 THEN answer(first_five >> 24, mood) END AS q5,
    CASE WHEN (person >> 20) % 64 > 0 THEN answer(last_five, mood) END AS q6,
    CASE WHEN (person >> 20) % 64 > 0 THEN answer(last_five >> 6, mood) END AS q7,
    CASE WHEN (person >> 20) % 64 > 0 THEN answer(last_five >> 12, mood) END AS q8,
    CASE WHEN (person >> 20) % 64 > 0 THEN answer(last_five >> 18, mood) END AS q9,
    CASE WHEN (person >> 20) % 64 > 0 THEN answer(last_five >> 24, mood) END AS q10
FROM moody
