/*--- report
title = "x"
file_name = "a_{regin}_{period.form}.xlsx"
[params.period]
type = "period"
[params.region]
type = "text"
---*/
-- name: a
-- source: shop
SELECT 1 AS x FROM t WHERE r = :region AND d >= :period.from
