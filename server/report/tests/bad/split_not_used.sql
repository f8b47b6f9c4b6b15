/*--- report
title = "x"
---*/
-- name: orders
-- source: shop
-- split: id of orders into 4
SELECT id FROM orders WHERE id >= :split.from
