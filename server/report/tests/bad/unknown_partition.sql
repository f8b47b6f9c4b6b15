/*--- report
title = "x"
---*/
-- name: a
-- source: shop
SELECT 1 AS x FROM t WHERE d >= :partition.from
