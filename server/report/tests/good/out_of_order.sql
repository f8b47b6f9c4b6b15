/*--- report
title = "Order of the file is not the order of reading"
---*/

-- name: top
-- engine: polars
SELECT day, revenue FROM by_day WHERE revenue > 10

-- name: by_day
-- engine: polars
SELECT day, SUM(revenue) AS revenue FROM sales GROUP BY day

-- name: sales
-- source: shop
SELECT day, revenue FROM sales
