/*--- report
title = "x"
[params.r]
type = "choices"
options = ["a"]
required = true
[params.c]
type = "choice"
options = ["a"]
---*/
-- name: a
-- source: shop
SELECT 1 AS x FROM t WHERE r = :r AND c = ANY(:c)
