SELECT
    land.unit,
    '示例' || lpad(CAST(land.county AS VARCHAR), 4, '0') || '县第' || CAST(land.j + 1 AS VARCHAR)
        || department.tail AS name,
    '示例' || lpad(CAST(land.county AS VARCHAR), 4, '0') || '县' || department.cohort AS "group",
    '示例' || lpad(CAST(land.county AS VARCHAR), 4, '0') || '县' || department.name AS department,
    land.status,
    CASE land.status
        WHEN 'exempt' THEN '拟予注销，经批准不参加本年度考核'
        WHEN 'ungraded' THEN '成立不足六个月，只评价、不定等次'
    END AS status_reason,
    department.funding_basis,
    CAST(land.staff AS INTEGER) AS staff,
    '公益一类' AS category,
    department.sector
FROM land
INNER JOIN department ON land.d = department.d
ORDER BY land.i
