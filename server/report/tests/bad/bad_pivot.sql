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
pivot = { rows = ["x"], columns = "x", values = "y" }
---*/
