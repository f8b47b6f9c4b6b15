/*--- report
title = "x"
[params.city]
type = "choice"
options = { query = "cities", value = "x" }
[params.region]
type = "choice"
options = { query = "regions", value = "x" }
---*/
-- name: cities
-- source: shop
SELECT 1 AS x FROM t WHERE r = :region
-- name: regions
-- source: shop
SELECT 1 AS x FROM t WHERE c = :city
