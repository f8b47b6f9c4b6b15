/*--- report
title = "x"
[limits]
runtime = "half an hour"
---*/
-- name: a
-- source: shop
SELECT 1 AS x
