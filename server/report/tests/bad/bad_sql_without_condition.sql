/*--- report
title = "x"
[params.r]
type = "text"
required = false
---*/
-- name: a
-- source: shop
SELECT 1 AS x
-- name: b
-- engine: polars
SELECT x FROM a WHERE /*if r*/ x = :r /*end*/
