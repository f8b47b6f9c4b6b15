/*--- report
title    = "Orders, counted"
timezone = "Asia/Seoul"

[params.last_id]
type = "integer"

[limits]
rows = 100_000_000
---*/

-- name: orders
-- source: bench
-- The same rows as `orders`, only to the stage: no sheet shows them.
SELECT id, ordered_at, customer, region, channel, product, quantity, amount, discount, is_gift, note
FROM bench_orders
WHERE id < :last_id
ORDER BY id;

-- name: counted
-- engine: polars
SELECT COUNT(*) AS orders FROM orders;

/*--- workbook
[[sheet]]
name  = "Counted"
query = "counted"
---*/
