/*--- report
title = "x"
---*/
-- name: a
-- source: shop
SELECT 1 AS x, 'a' AS name
-- name: b
-- source: shop
SELECT 1 AS x, 'b' AS name
-- name: c
-- engine: polars
SELECT name FROM a JOIN b ON b.x = a.x
-- name: d
-- engine: polars
SELECT nam FROM a
-- name: e
-- engine: polars
SELECT name, COUNT(*) AS n FROM a GROUP BY x
