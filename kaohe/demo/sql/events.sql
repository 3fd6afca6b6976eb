-- Slots 0 to 7 are entries in the ledgers, 8 is a fault and 9 to 14 are merits on the own sheet.
-- In one unit of fifty the second entry reverses the first.
WITH rows_of AS (
    SELECT i, unit, sheet, place, no_licence, luck % 50 = 1 AS reverses, d, unnest(range(15)) AS k
    FROM land
),

rolled AS (
    SELECT
        *,
        k = 1 AND reverses AS is_reversal,
        chance((i * 16 + CASE WHEN k = 1 AND reverses THEN 0 ELSE k END) * 8 + 7) AS word,
        chance((i * 16 + k) * 8 + 2) AS other
    FROM rows_of
),

chosen AS (
    SELECT
        rolled.*,
        CASE
            WHEN k < 8 AND k < 1 + place * 7 // 10000 + CAST(reverses AS INTEGER)
                THEN getvariable('entries')[1 + (word >> 5) % len(getvariable('entries'))]
            WHEN k = 8 AND other % 10000 < place
                THEN sheet.faults[1 + (word >> 5) % greatest(len(sheet.faults), 1)]
            WHEN k > 8 AND k % 3 = 1 THEN sheet.merits[k - 8]
            WHEN k > 8 AND place < CASE k % 3 WHEN 0 THEN 4500 ELSE 7500 END
                THEN sheet.merits[k - 8]
        END AS entry
    FROM rolled
    INNER JOIN sheet ON rolled.d = sheet.d
)

SELECT
    'E' || lpad(CAST(i * 16 + k AS VARCHAR), 9, '0') AS event,
    unit,
    CASE WHEN k < 8 THEN entry.suffix ELSE sheet || entry.suffix END AS item,
    entry.kind,
    getvariable('new_year')
        + CAST(least(word % 330 + CASE WHEN is_reversal THEN 20 ELSE 0 END, 364) AS INTEGER)
        AS occurred_on,
    CAST(NULL AS DECIMAL(12, 4)) AS points,
    CASE other % 50
        WHEN 11 THEN 'pending' WHEN 12 THEN 'objected' WHEN 13 THEN 'withdrawn' ELSE 'confirmed'
    END AS status,
    k < 9 AND NOT is_reversal AND (other >> 7) % 8 = 1 AS self_corrected,
    CASE WHEN is_reversal THEN 'E' || lpad(CAST(i * 16 AS VARCHAR), 9, '0') END AS reverses,
    CASE WHEN (other >> 11) % 4 = 1
        THEN '考证〔' || CAST(getvariable('year') AS VARCHAR) || '〕' || CAST(i * 16 + k AS VARCHAR)
            || '号'
    END AS document
FROM chosen
WHERE entry IS NOT NULL AND NOT (no_licence AND entry.suffix = 'R13')
