/*--- report
title = "x"
[params.a]
type = "perod"
---*/
-- name: a
-- source: shop
SELECT 1 AS x
/*--- workbook
[[sheet]]
name = "S"
query = "a"
[sheet.columns]
x = { format = "wan", total = "summ" }
[[sheet.rule]]
column = "x"
when = "> 1"
style = "red"
---*/
