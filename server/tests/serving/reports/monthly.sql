/*--- report
title = { ko = "월별 매출", en = "Sales by month" }
timezone = "Asia/Seoul"

[access]
view = ["sales"]
run = ["sales"]

[params.period]
type    = "period"
label   = { ko = "기간", en = "Period" }
default = "2025-01-01 .. 2026-01-01"

[params.minimum]
type     = "integer"
label    = { ko = "최소 금액", en = "Least amount" }
required = false
---*/

-- name: orders
-- source: shop
-- partition: ordered_on by month over period lookback 3 days
SELECT id, ordered_on, region_code, total_cents FROM orders
WHERE ordered_on >= date(:partition.from) AND ordered_on < date(:partition.until)
  /*if minimum*/ AND total_cents >= :minimum /*end*/
ORDER BY id;

-- name: by_region
-- engine: polars
SELECT region_code, COUNT(*) AS orders, SUM(total_cents) AS total FROM orders
GROUP BY region_code ORDER BY region_code;

/*--- workbook
[[sheet]]
name  = "Regions"
query = "by_region"
---*/
