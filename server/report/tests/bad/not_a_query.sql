/*--- report
title = "x"
---*/
-- name: a
-- source: shop
UPDATE orders SET x = 1
