/*--- report
title = "x"
[params.period]
type = "period"
required = false
---*/
-- name: a
-- source: shop
-- partition: at by decade over period
-- cache: soon
-- check: maybe
-- check: fail
SELECT 1 AS x FROM t
-- name: b
-- source: shop
-- partition: at by day over period
SELECT 1 AS x FROM t WHERE at >= :partition.from AND at < :partition.until
-- name: c
-- engine: duckdb
-- cache: 1 hour
SELECT x FROM a
