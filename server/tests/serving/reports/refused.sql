/*--- report
title = { ko = "없는 표", en = "No such table" }

[access]
run = ["sales"]
---*/

-- name: missing
-- source: shop
SELECT secret_name FROM no_such_table;
