/*--- report
title = "x"
---*/
-- name: by_day
-- source: shop
-- engine: polars
SELECT 1 AS x
