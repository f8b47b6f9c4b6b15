/*--- report
title = "x"
---*/
-- name: a
-- source: shop
SELECT 1 AS x
/*--- workbook
[[sheet]]
name = " "
query = "a"
---*/
