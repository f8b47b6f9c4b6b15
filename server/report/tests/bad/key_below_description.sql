/*--- report
title = "x"
---*/
-- name: orders
-- source: shop
-- One row per order.
-- cache: 1 hour
-- timeout 3 minutes
SELECT 1 AS x
