/*--- report
title = "x"
---*/
-- name: a
-- source: shop
SELECT 'one AS x

-- name: b
-- source: shop
SELECT 'two' AS x
