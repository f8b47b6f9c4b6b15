/*--- report
title = "x"
[params.n]
type = "integer"
default = 0
min = 1
---*/
-- name: a
-- source: shop
SELECT 1 AS x FROM t WHERE d >= :n
