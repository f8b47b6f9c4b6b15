/*--- report
title = "x"
[params.Region]
type = "text"
[params.viewer]
type = "text"
---*/
-- name: By Day
-- source: shop
SELECT 1 AS x
-- name: partition
-- source: shop
SELECT 1 AS x
