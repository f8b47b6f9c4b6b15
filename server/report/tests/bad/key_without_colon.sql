/*--- report
title = "x"
---*/
-- name: orders
-- source: shop
-- partition ordered_at by day
SELECT 1 AS x
