/*--- report
title = "x"
[params.period]
type = "period"
---*/
-- name: orders
-- source: shop
-- partition: ordered_at by day over period
SELECT 1 AS x FROM o WHERE ordered_at >= :partition.from
