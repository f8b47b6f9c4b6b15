/*--- report
title = { ko = "큰 보고서", en = "A large report" }

[access]
run = ["sales"]

[params.rows]
type    = "integer"
label   = "Rows"
default = 300000
---*/

-- name: numbers
-- source: shop
-- One row per number.
WITH RECURSIVE step(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM step WHERE n < :rows)
SELECT n, n * 3 AS three, 'row ' || n AS name, n / 7.0 AS share FROM step;

/*--- workbook
[[sheet]]
name  = "Numbers"
query = "numbers"

[sheet.columns]
n = { title = "Number", format = "int", total = "sum" }
---*/
