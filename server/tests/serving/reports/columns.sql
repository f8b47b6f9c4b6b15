/*--- report
title = { ko = "다른 열", en = "Other columns" }

[access]
run = ["sales"]
---*/

-- name: regions
-- source: shop
SELECT code, name FROM region;

/*--- workbook
[[sheet]]
name  = "Regions"
query = "regions"

[sheet.columns]
nmae = { title = "Name" }
---*/
