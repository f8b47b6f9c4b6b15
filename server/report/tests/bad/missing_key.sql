/*--- report
owner = "x"
[params.p]
label = "P"
[params.q]
type = "choice"
---*/
-- name: a
-- source: shop
SELECT 1 AS x FROM t WHERE q = :q
/*--- workbook
[[sheet]]
[[sheet.rule]]
[[sheet.chart]]
---*/
