SELECT
    prefix || suffix AS item,
    component,
    department,
    aspect,
    element,
    name,
    decimal_of(points) AS points,
    rule,
    decimal_of(zero_at) AS zero_at,
    decimal_of(full_at) AS full_at,
    decimal_of(target) AS target,
    decimal_of(minimum) AS minimum,
    steps,
    kinds,
    decimal_of(late_per_day) AS late_per_day,
    direction,
    trim
FROM (
    SELECT '' AS prefix, NULL AS department, indicator.*
    FROM indicator
    WHERE indicator.component = 'common'
    UNION ALL
    SELECT
        'G' || lpad(CAST(county.range AS VARCHAR), 4, '0') || CAST(indicator.d AS VARCHAR),
        '示例' || lpad(CAST(county.range AS VARCHAR), 4, '0') || '县' || department.name,
        indicator.*
    FROM range(getvariable('counties')) AS county
    CROSS JOIN indicator
    INNER JOIN department ON indicator.d = department.d
    WHERE indicator.component = 'individual'
        AND EXISTS (
            SELECT 1 FROM land WHERE land.county = county.range AND land.d = indicator.d
        )
)
ORDER BY item
