/*--- report
title = "x"
[params.period]
type = "period"
default = "last 30 dais"
---*/
-- name: a
-- source: shop
SELECT 1 AS x FROM t WHERE d >= :period.from
