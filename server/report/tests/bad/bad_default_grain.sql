/*--- report
title = "x"
[params.period]
type = "period"
grain = "month"
default = "last 7 days"
---*/
-- name: a
-- source: shop
SELECT 1 AS x FROM t WHERE d >= :period.from
