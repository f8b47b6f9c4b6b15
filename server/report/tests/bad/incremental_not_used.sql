/*--- report
title = "x"
---*/
-- name: orders
-- source: shop
-- incremental: at key id
SELECT at, id FROM o
