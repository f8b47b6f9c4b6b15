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
freeze = { rows = 1000 }
[sheet.columns]
x = { width = 0 }
---*/
