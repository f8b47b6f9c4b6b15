/*--- report
title = "x"
[params.r]
type = "text"
required = false
---*/
-- name: a
-- source: shop
SELECT 1 AS x FROM t /*if r and q*/ WHERE /*if r*/ /*if r*/ r = :r /*end*/ /*end*/ /*else*/
-- name: b
-- source: shop
SELECT 1 AS x FROM t WHERE 1 = 1 /*if r*/ AND r = :r
