/*--- report
title = "x"
---*/
-- name: a
-- source: shop
SELECT 1 AS x, DATE '2026-01-31' AS day, 'a' AS name
-- name: b
-- engine: polars
SELECT x FROM a WHERE day > 20260131
-- name: c
-- engine: polars
SELECT CASE WHEN x > 1 THEN day ELSE x END AS x FROM a
-- name: d
-- engine: polars
SELECT SUM(name) AS total FROM a
