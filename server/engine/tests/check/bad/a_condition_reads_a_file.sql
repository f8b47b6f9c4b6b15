/*--- report
title = "x"
[params.p]
type = "text"
required = false
---*/
-- name: a
-- source: shop
SELECT 1 AS x
-- name: b
-- engine: polars
SELECT x FROM a WHERE x IN (SELECT 1 /*if p*/ UNION ALL SELECT x FROM read_parquet('stage/kept/x.parquet') WHERE :p <> '' /*end*/)
