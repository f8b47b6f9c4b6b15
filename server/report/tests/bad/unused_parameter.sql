/*--- report
title = "x"
[params.minimum_difference]
type = "decimal"
---*/
-- name: a
-- source: shop
SELECT 1 AS x
