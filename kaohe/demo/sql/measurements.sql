-- lost: the part of the item's points that the unit loses, in thousandths.
WITH rows_of AS (
    SELECT land.i, land.unit, land.sheet, land.place, unnest(sheet.measured) AS m
    FROM land
    INNER JOIN sheet ON land.d = sheet.d
),

rolled AS (
    SELECT *, chance((i * 16 + m.k) * 8 + 3) AS own_word, chance((i * 16 + m.k) * 8 + 4) AS word
    FROM rows_of
),

weighed AS (
    SELECT
        *,
        least(
            CASE WHEN word % 100 < 60
                THEN (word >> 7) % 1000 * (place + 500) // 10500 * 8 // 10
                ELSE 0
            END,
            m.most_lost
        ) AS lost,
        CASE WHEN m.step > 0
            THEN m.least + m.step * (own_word % ((m.most - m.least) // m.step + 1))
            ELSE m.target
        END AS aim,
        200 + (word >> 17) % 800 AS parts
    FROM rolled
),

valued AS (
    SELECT
        *,
        CASE m.rule
            WHEN 'interval' THEN m.full_at - (m.full_at - m.zero_at) * lost // 1000
            WHEN 'ratio_up' THEN aim - aim * lost // 1000
            WHEN 'ratio_down' THEN aim * 1000 // (1000 - lost) // 1000 * 1000
            WHEN 'growth' THEN (aim + aim * (m.target - m.target * lost // 1000) // 1000000)
                // 10000 * 10000 + 10000
            WHEN 'rank' THEN m.zero_at
                + (m.full_at - m.zero_at)
                * (10000 - least(greatest(place + (word >> 7) % 4000 - 2000, 0), 10000)) // 10000
                // 1000 * 1000
            ELSE m.thresholds[1 + least(lost // 150, len(m.thresholds) - 1)]
        END AS figure
    FROM weighed
    WHERE word % 300 <> 299
),

split AS (
    SELECT
        *,
        CASE
            WHEN m.may_be_none AND word % 40 = 17 THEN 0
            WHEN m.falling THEN figure * parts // 1000000
            ELSE least((figure * parts + 999999) // 1000000, parts)
        END AS numerator
    FROM valued
)

SELECT
    unit,
    sheet || m.suffix AS item,
    CASE WHEN NOT m.is_rate THEN decimal_of(figure) END AS value,
    CASE WHEN m.is_rate THEN decimal_of(numerator * 10000) END AS numerator,
    CASE WHEN m.is_rate
        THEN decimal_of(CASE WHEN m.may_be_none AND word % 40 = 17 THEN 0 ELSE parts END * 10000)
    END AS denominator
FROM split
