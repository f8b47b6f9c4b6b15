/*--- report
title       = { ko = "지역별 매출", en = "Sales by region" }
description = { ko = "지역마다 한 행.", en = "One row per region." }
owner       = "sales-ops@example.com"

[access]
view = ["sales", "finance"]
run  = ["sales"]

[params.period]
label   = { ko = "기간", en = "Period" }
type    = "period"
default = "previous month"
max     = "2 years"

[params.regions]
label   = { ko = "지역", en = "Regions" }
type    = "choices"
options = { query = "regions", value = "code", label = "name" }

[params.minimum]
label   = { ko = "최소 금액", en = "Least amount" }
type    = "integer"
default = 0
min     = 0
max     = 1000000
---*/

-- name: regions
-- source: shop
SELECT code, name FROM region ORDER BY code;

-- name: orders
-- source: shop
-- One row per order.
SELECT id, ordered_on, region_code, total_cents
FROM orders
WHERE ordered_on >= :period.from
  AND ordered_on < :period.until
  AND total_cents >= :minimum
  /*if regions*/ AND region_code IN (:regions) /*end*/;

-- name: by_region
-- engine: polars
-- One row per region.
SELECT r.name AS region, COUNT(*) AS orders, SUM(o.total_cents) AS cents
FROM orders AS o
JOIN regions AS r ON r.code = o.region_code
GROUP BY r.name
ORDER BY region;

/*--- workbook
[[sheet]]
name  = { ko = "지역", en = "Regions" }
query = "by_region"

[sheet.columns]
region = { title = { ko = "지역", en = "Region" }, width = 18 }
orders = { title = { ko = "주문", en = "Orders" }, format = "int", total = "sum" }
cents  = { title = { ko = "금액", en = "Cents" }, format = "int", total = "sum" }

[[sheet.chart]]
type  = "column"
title = { ko = "지역별 금액", en = "Cents by region" }
x     = "region"
y     = ["cents"]
---*/
