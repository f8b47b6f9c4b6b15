/*--- report
title = "x"
[params.n]
type = "integer"
min = "one"
[params.period]
type = "period"
max = "2 fortnights"
[params.d]
type = "date"
min = "tomorow"
---*/
-- name: a
-- source: shop
SELECT 1 AS x FROM t WHERE n = :n AND d = :d AND p >= :period.from
