/*--- report
title = "x"
---*/
-- name: by_day
-- source: shop
SELECT 1 AS x
/*--- workbook
[[sheet]]
name = "S"
query = "by_dya"
---*/
