-- name: a
-- source: shop
SELECT 1 AS x
/*--- report
title = "x"
---*/
/*--- workbook
[[sheet]]
name = "S"
query = "a"
---*/
-- name: b
-- source: shop
SELECT 1 AS x
