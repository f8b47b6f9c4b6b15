/*--- report
title = "x"

[params.region]
label = "Region"
type = "text"
required = true
---*/
-- name: a
-- source: shop
SELECT 1 AS x
-- name: b
-- engine: polars
SELECT x FROM a WHERE name = :region AND x = $1
