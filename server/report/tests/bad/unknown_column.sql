/*--- report
title = "x"
---*/
-- name: o
-- source: shop
SELECT day, revenue FROM o
-- name: a
-- engine: polars
SELECT o.day, SUM(o.revenue) AS revenue FROM o GROUP BY o.day
/*--- workbook
[[sheet]]
name = "Daily sales"
query = "a"
[sheet.columns]
revenu = { format = "krw" }
---*/
