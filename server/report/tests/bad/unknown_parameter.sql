/*--- report
title = "x"
[params.period]
type = "period"
[params.regions]
type = "choices"
options = ["a"]
---*/
-- name: orders
-- source: shop
SELECT 1 AS x FROM o
WHERE at >= :period.from
  /*if regions*/ AND o.region_code = ANY(:region) /*end*/;
