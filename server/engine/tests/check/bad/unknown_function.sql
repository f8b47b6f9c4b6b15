/*--- report
title = "x"
---*/
-- name: a
-- source: shop
SELECT 1 AS x
-- name: b
-- engine: polars
SELECT ROUNDD(x) AS x FROM a
