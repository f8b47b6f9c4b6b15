/*--- report
title    = "Orders, eleven columns"
timezone = "Asia/Seoul"

[params.last_id]
type = "integer"

[limits]
rows = 100_000_000
---*/

-- name: orders
-- source: bench
-- Eleven columns of several types, straight from the table into the file.
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
