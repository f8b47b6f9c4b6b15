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
[[sheet.rule]]
column = "x"
when = "more than 3"
style = "bad"
---*/
