/*--- report
title = "x"
---*/
-- name: a
-- source: shop
SELECT 1 AS x
-- name: b
-- engine: polars
WITH RECURSIVE t AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM t) SELECT n FROM t
-- name: c
-- engine: polars
SELECT a.x, l.y FROM a, LATERAL (SELECT a.x + 1 AS y) AS l
-- name: d
-- engine: polars
SELECT x - NOW() AS age FROM a
