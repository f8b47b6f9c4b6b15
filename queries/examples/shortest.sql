/*--- report
title = { ko = "예제: 가장 짧은 보고서", en = "Example: the shortest report" }
---*/

-- A title and one query are a report. Without a workbook section the last query becomes the only sheet,
-- formats follow the column types, and without [access] only administrators see it.

-- name: regions
-- source: shop
SELECT r.code, r.name, a.name AS area
FROM region AS r
JOIN sales_area AS a ON a.code = r.area_code
ORDER BY r.position;
