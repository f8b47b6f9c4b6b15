/*--- report
title = "x"
[params.regions]
type = "choices"
options = ["a"]
---*/
-- name: a
-- source: shop
SELECT 1 AS x FROM t WHERE r = ANY(:regions)
