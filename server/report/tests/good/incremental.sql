/*--- report
title = "Customers"
[limits]
rows    = 5_000_000
runtime = "30 minutes"
---*/

-- name: customers
-- source: crm
-- incremental: updated_at key customer_id, region lookback 1 hour
-- Kept between runs.
SELECT customer_id, region, name, updated_at FROM customer WHERE updated_at >= :incremental.since

-- name: nobody
-- engine: polars
-- check: warn
SELECT customer_id FROM customers WHERE name IS NULL

-- name: by_region
-- engine: polars
SELECT region, COUNT(*) AS customers FROM customers GROUP BY region
