/*--- report
title = "x"
---*/
-- name: a
-- source: shop
SELECT 1 AS x, 'a' AS name
-- name: b
-- engine: polars
SELECT name, COUNT(*) AS n, MIN(x) > 1 AS is_large FROM a GROUP BY name
/*--- workbook
[[sheet]]
name = "B"
query = "b"
[sheet.columns]
name = { total = "sum" }
n = { total = "sum" }
[[sheet.rule]]
column = "name"
when = "> 1000"
style = "bad"
[[sheet.chart]]
type = "bar"
x = "name"
y = ["is_large"]
[[sheet]]
name = "P"
query = "b"
pivot = { rows = ["name"], columns = "is_large", values = "n", total = true }
[sheet.columns]
true = { total = "average" }
---*/
