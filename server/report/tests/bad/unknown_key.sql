/*--- report
title = "x"
[params.period]
type = "period"
lable = "Days"
---*/
-- name: a
-- source: shop
SELECT 1 AS x FROM t WHERE d >= :period.from
