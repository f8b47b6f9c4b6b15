/*--- report
title = "x"
---*/
-- name: orders
-- source: shop
-- partiton: ordered_at by day over period
SELECT 1 AS x
