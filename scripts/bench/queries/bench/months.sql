/*--- report
title    = "Sales by month and region"
timezone = "Asia/Seoul"

[params.period]
type  = "period"
grain = "month"

[limits]
rows = 100_000_000
---*/

-- name: orders
-- source: bench
-- partition: ordered_at by month over period lookback 3 days
-- Closed months are read once and kept.
SELECT ordered_at, region, amount
FROM bench_orders
WHERE ordered_at >= :partition.from
  AND ordered_at <  :partition.until;

-- name: by_month
-- engine: polars
SELECT DATE_TRUNC('month', ordered_at) AS month, region, COUNT(*) AS orders, SUM(amount) AS revenue
FROM orders
GROUP BY DATE_TRUNC('month', ordered_at), region
ORDER BY month, region;

/*--- workbook
[[sheet]]
name  = "Months"
query = "by_month"

[sheet.columns]
month   = { format = "month" }
orders  = { format = "int", total = "sum" }
revenue = { format = "krw", total = "sum" }
---*/
