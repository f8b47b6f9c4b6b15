/*--- report
title = "x"
---*/
-- name: orders
-- source: shop
SELECT ';' AS x; -- done
DELETE FROM orders;
