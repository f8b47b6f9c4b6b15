/*--- report
title = "Every order"
---*/

-- name: orders
-- source: shop
-- split: id of sales.orders into 4
-- One row per order, read over four sessions at once.
SELECT id, customer_id, total_cents
FROM sales.orders
WHERE id >= :split.from
  AND id <  :split.until
ORDER BY id;
