/*--- report
title = "x"
---*/
-- name: a
-- source: shop
SELECT 1 AS x
/*--- workbook
[[sheet]]
name = "S"
query = "a"
[[sheet.chart]]
type = "line"
x = "x"
y = ["x"]
at = "2G"
---*/
