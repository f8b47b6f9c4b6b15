/*--- report
title = "x"
[params.r]
type = "choice"
options = ["web", "shop"]
default = "shp"
---*/
-- name: a
-- source: shop
SELECT 1 AS x FROM t WHERE d = :r
