/*--- report
title = "x"
---*/
-- name: a
-- source: shop
SELECT 1 AS x
/*--- workbook
[[sheet]]
name = "Sales per day, region, channel and shop"
query = "a"
[[sheet]]
name = "a/b"
query = "a"
[[sheet]]
name = "One"
query = "a"
[[sheet]]
name = { ko = "하나", en = "ONE" }
query = "a"
---*/
