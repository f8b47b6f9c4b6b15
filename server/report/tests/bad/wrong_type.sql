/*--- report
title = 3
timezone = ["x"]
[access]
view = 1
[limits]
rows = "many"
---*/
-- name: a
-- source: shop
SELECT 1 AS x
