/*--- report
title = "x"
---*/
-- name: orders
-- source: shop
SELECT 1 AS day

-- name: by_day
-- engine: polars
SELECT day FROM order
