/*--- report
title = { ko = "오래 걸리는 보고서", en = "A long report" }

[access]
run = ["sales"]

[params.steps]
type    = "integer"
label   = "Steps"
default = 2000000000
---*/

-- name: counted
-- source: shop
-- Keeps the database busy without sending a row.
WITH RECURSIVE step(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM step WHERE n < :steps)
SELECT COUNT(*) AS steps FROM step;
