SELECT
    'J' || lpad(CAST(i AS VARCHAR), 8, '0') AS adjustment,
    unit,
    kind,
    CASE kind
        WHEN 'bonus' THEN '获省级部门集体表彰'
        WHEN 'deduction' THEN '被通报批评'
        WHEN 'force_c' THEN '发生负有责任的较大安全事故'
        ELSE '受到登记管理机关书面警告'
    END AS matter,
    CASE kind
        WHEN 'bonus' THEN decimal_of(5000 * (1 + i % 4))
        WHEN 'deduction' THEN decimal_of(10000 * (1 + i % 2))
    END AS points,
    '考委办〔' || CAST(getvariable('year') AS VARCHAR) || '〕' || CAST(i + 1 AS VARCHAR) || '号'
        AS document
FROM (
    SELECT
        i,
        unit,
        CASE
            WHEN (luck >> 9) % 1000 < 30 THEN 'bonus'
            WHEN (luck >> 9) % 1000 < 42 THEN 'deduction'
            WHEN (luck >> 9) % 1000 = 42 THEN 'force_c'
            WHEN (luck >> 9) % 1000 < 45 THEN 'bar_a'
        END AS kind
    FROM land
)
WHERE kind IS NOT NULL
