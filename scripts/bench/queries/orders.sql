/*--- report
title    = "Orders, ten columns"
timezone = "Asia/Seoul"

[params.last_id]
type = "integer"
---*/

-- name: orders
-- source: shop
-- Ten columns of several types, straight from the table into the file.
SELECT o.id, o.order_no, o.ordered_at, o.customer_id, o.region_code, o.channel_code,
       o.total_amount, o.discount_amount, o.is_gift, o.memo
FROM orders AS o
WHERE o.id <= :last_id
ORDER BY o.id;
