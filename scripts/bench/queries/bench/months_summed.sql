/*--- report
title    = "Sales by month and region, summed by the database"
timezone = "Asia/Seoul"

[params.period]
type  = "period"
grain = "month"
---*/

-- name: days
-- source: bench
-- partition: ordered_at by month over period lookback 3 days
-- Each closed month is summed once, and its sums are kept.
SELECT date(ordered_at) AS day, region, COUNT(*) AS orders, SUM(amount) AS revenue
FROM bench_orders
WHERE ordered_at >= :partition.from
  AND ordered_at <  :partition.until
GROUP BY date(ordered_at), region;

-- name: by_month
-- engine: polars
SELECT DATE_TRUNC('month', day) AS month, region, SUM(orders) AS orders, SUM(revenue) AS revenue
FROM days
GROUP BY DATE_TRUNC('month', day), region
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
