/*--- report
title    = "Orders, eleven columns, kept for a day"
timezone = "Asia/Seoul"

[params.last_id]
type = "integer"

[limits]
rows = 100_000_000
---*/

-- name: orders
-- source: bench
-- cache: 1 day
-- The second run finds the rows in the stage and only writes them.
SELECT id, ordered_at, customer, region, channel, product, quantity, amount, discount, is_gift, note
FROM bench_orders
WHERE id < :last_id
ORDER BY id;

/*--- workbook
[[sheet]]
name  = "Orders"
query = "orders"

[sheet.columns]
ordered_at = { format = "datetime" }
amount     = { format = "decimal2", total = "sum" }
discount   = { format = "percent1" }
---*/
