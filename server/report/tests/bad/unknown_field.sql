/*--- report
title = "x"
[params.period]
type = "period"
[params.n]
type = "integer"
---*/
-- name: a
-- source: shop
SELECT 1 AS x FROM t WHERE d >= :period.form AND d < :period AND n = :n.from
