/*--- report
title       = { ko = "월별 권역 매출", en = "Monthly sales by area" }
description = { ko = "취소를 뺀 주문의 월별 매출을 권역과 지역으로 나누어 보여 줍니다. 한 줄은 한 달·한 지역입니다.", en = "Revenue of every order that was not cancelled, by month, sales area and region. One row is one month and region." }
owner       = "sales-ops@example.com"
timezone    = "Asia/Seoul"
file_name   = { ko = "월별매출_{period}.xlsx", en = "monthly-sales_{period}.xlsx" }
formerly    = ["sales/sales_by_month"]

[access]
view = ["sales", "finance"]
run  = ["sales", "finance"]

[params.period]
label   = { ko = "기간", en = "Period" }
help    = { ko = "월 단위로 고릅니다. 이번 달은 아직 끝나지 않았으므로 넣지 않습니다.", en = "Whole months. The current month is left out because it is not over." }
type    = "period"
grain   = "month"
default = "last 12 months"
max     = "3 years"

[params.areas]
label   = { ko = "권역", en = "Sales areas" }
help    = { ko = "비워 두면 모든 권역입니다.", en = "Leave empty for all areas." }
type    = "choices"
options = { query = "areas", value = "code", label = "name" }

[params.regions]
label   = { ko = "시·도", en = "Regions" }
help    = { ko = "고른 권역의 시·도만 나옵니다. 비워 두면 모두입니다.", en = "Only regions of the chosen areas. Leave empty for all." }
type    = "choices"
options = { query = "regions", value = "code", label = "name" }
---*/

-- name: areas
-- source: shop
-- cache: 1 day
-- Fills the areas of the form.
SELECT code, name
FROM sales_area
ORDER BY position;

-- name: regions
-- source: shop
-- cache: 1 day
-- Fills the regions of the form; a chosen area narrows them.
SELECT code, name
FROM region
/*if areas*/ WHERE area_code = ANY(:areas) /*end*/
ORDER BY position;

-- name: places
-- source: shop
-- cache: 1 day
-- Names the regions and areas of the sales below.
SELECT r.code AS region_code, r.name AS region, r.position AS region_position,
       a.code AS area_code, a.name AS area, a.position AS area_position
FROM region AS r
JOIN sales_area AS a ON a.code = r.area_code;

-- name: sales
-- source: shop
-- partition: ordered_at by month over period lookback 7 days
-- One row per day and region. Months that ended a week ago are read once and kept.
SELECT date(o.ordered_at)  AS day,
       o.region_code,
       COUNT(*)            AS orders,
       SUM(o.total_amount) AS revenue
FROM orders AS o
WHERE o.ordered_at >= :partition.from
  AND o.ordered_at <  :partition.until
  AND o.status <> 'cancelled'
GROUP BY date(o.ordered_at), o.region_code;

-- name: wanted
-- engine: polars
-- The sales of the wanted places, with the first day of their month.
SELECT CAST(DATE_TRUNC('month', CAST(s.day AS DATE)) AS DATE) AS month,
       p.area, p.area_position, p.region, p.region_position,
       CAST(s.orders AS BIGINT)  AS orders,
       CAST(s.revenue AS BIGINT) AS revenue
FROM sales AS s
JOIN places AS p ON p.region_code = s.region_code
WHERE s.day IS NOT NULL
  /*if areas*/ AND p.area_code IN (:areas) /*end*/
  /*if regions*/ AND p.region_code IN (:regions) /*end*/;

-- name: months
-- engine: polars
-- Revenue per month.
SELECT month, SUM(orders) AS orders, SUM(revenue) AS revenue
FROM wanted
GROUP BY month;

-- name: by_month
-- engine: polars
-- One row per month, compared with the month before.
SELECT month,
       orders,
       revenue,
       revenue * 1.0 / orders AS average_basket,
       revenue - LAG(revenue) OVER (ORDER BY month) AS difference,
       revenue * 1.0 / NULLIF(LAG(revenue) OVER (ORDER BY month), 0) - 1 AS change
FROM months
ORDER BY month;

-- name: by_area
-- engine: polars
-- One row per month and area, for the pivot and the chart of the areas.
SELECT area, month,
       SUM(orders)  AS orders,
       SUM(revenue) AS revenue,
       MIN(area_position) AS position
FROM wanted
GROUP BY area, month
ORDER BY position, month;

-- name: by_region
-- engine: polars
-- One row per month and region.
SELECT month, area, region,
       SUM(orders)  AS orders,
       SUM(revenue) AS revenue,
       SUM(revenue) * 1.0 / SUM(orders) AS average_basket,
       MIN(area_position)   AS area_position,
       MIN(region_position) AS region_position
FROM wanted
GROUP BY month, area, region
ORDER BY month, area_position, region_position;

/*--- workbook
[[sheet]]
name   = { ko = "월별", en = "By month" }
query  = "by_month"
freeze = { rows = 1, columns = 1 }
empty  = { ko = "이 기간에는 매출이 없습니다.", en = "There were no sales in this period." }

[sheet.columns]
month          = { title = { ko = "월", en = "Month" }, format = "month", width = 11 }
orders         = { title = { ko = "주문 수", en = "Orders" }, format = "int", total = "sum" }
revenue        = { title = { ko = "매출", en = "Revenue" }, format = "krw", total = "sum" }
average_basket = { title = { ko = "평균 주문액", en = "Average basket" }, format = "krw" }
difference     = { title = { ko = "전월 대비", en = "Against last month" }, format = "krw" }
change         = { title = { ko = "증감률", en = "Change" }, format = "percent1" }

[[sheet.rule]]
column = "change"
when   = "<= -0.15"
style  = "bad"

[[sheet.rule]]
column = "change"
when   = ">= 0.15"
style  = "good"

[[sheet.chart]]
type  = "column"
title = { ko = "월별 매출", en = "Revenue per month" }
x     = "month"
y     = ["revenue"]
at    = "H2"

[[sheet]]
name   = { ko = "권역별 피벗", en = "Areas" }
query  = "by_area"
pivot  = { rows = ["area"], columns = "month", values = "revenue", total = true }
freeze = { rows = 1, columns = 1 }
empty  = { ko = "이 기간에는 매출이 없습니다.", en = "There were no sales in this period." }

[sheet.columns]
area    = { title = { ko = "권역", en = "Area" }, width = 16 }
month   = { title = { ko = "월", en = "Month" }, format = "month" }
revenue = { title = { ko = "매출", en = "Revenue" }, format = "krw" }

[[sheet.chart]]
type   = "line"
title  = { ko = "권역별 매출 추이", en = "Revenue per area" }
x      = "month"
y      = ["revenue"]
series = "area"

[[sheet]]
name   = { ko = "지역별", en = "By region" }
query  = "by_region"
others = false
freeze = { rows = 1, columns = 3 }
empty  = { ko = "이 기간에는 매출이 없습니다.", en = "There were no sales in this period." }

[sheet.columns]
month          = { title = { ko = "월", en = "Month" }, format = "month", width = 11 }
area           = { title = { ko = "권역", en = "Area" }, width = 14 }
region         = { title = { ko = "시·도", en = "Region" }, width = 12 }
orders         = { title = { ko = "주문 수", en = "Orders" }, format = "int", total = "sum" }
revenue        = { title = { ko = "매출", en = "Revenue" }, format = "krw", total = "sum" }
average_basket = { title = { ko = "평균 주문액", en = "Average basket" }, format = "krw" }
---*/
