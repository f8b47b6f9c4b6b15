/*--- report
title = "Millions of rows"

[access]
run = ["sales"]

[params.rows]
type = "integer"

[limits]
rows = 100_000_000
---*/

-- name: orders
-- source: bench
-- As many rows as asked for, made while they are read: no table is needed, and every processor has work.
WITH RECURSIVE series(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM series WHERE id < :rows)
SELECT id, 'Customer ' || (id * 7919 % 5000) AS customer, 'Product ' || (id % 40) AS product,
       1 + id % 9 AS quantity, (id * 104729 % 100000000) / 100.0 AS amount
FROM series;

/*--- workbook
[[sheet]]
name  = "Orders"
query = "orders"

[sheet.columns]
amount = { format = "decimal2", total = "sum" }
---*/
