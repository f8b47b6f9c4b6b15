/*--- report
title = { ko = "뒤 시트", en = "Behind another sheet" }

[access]
run = ["sales"]

[params.rows]
type    = "integer"
label   = "Rows"
default = 300000
---*/

-- name: numbers
-- source: shop
-- The first sheet shows something else, so these rows are written from the stage.
WITH RECURSIVE step(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM step WHERE n < :rows)
SELECT n, n * 3 AS three, 'row ' || n AS name, n / 7.0 AS share FROM step;

-- name: counted
-- engine: polars
SELECT COUNT(*) AS rows FROM numbers;

/*--- workbook
[[sheet]]
name  = "Counted"
query = "counted"

[[sheet]]
name  = "Numbers"
query = "numbers"

[sheet.columns]
n = { title = "Number", format = "int", total = "sum" }
---*/
