/*--- report
title = { ko = "검사", en = "Checked" }

[access]
run = ["sales"]
---*/

-- name: regions
-- source: shop
SELECT code, name FROM region;

-- name: formula_names
-- source: shop
-- check: fail
-- Names that look like formulas.
SELECT name FROM region WHERE name LIKE '=%';

/*--- workbook
[[sheet]]
name  = "Regions"
query = "regions"
---*/
