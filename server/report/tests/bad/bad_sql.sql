/*--- report
title = "x"
---*/
-- name: a
-- source: shop
SELECT 1 AS x
-- name: b
-- engine: polars
SELECT x
FROM a WHERE
-- name: c
-- engine: polars
DELETE FROM a
