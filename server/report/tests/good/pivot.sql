/*--- report
title = { ko = "코호트", en = "Cohorts" }
---*/

-- name: sales
-- source: shop
SELECT region, month, revenue FROM sales;

-- name: by_month
-- engine: polars
SELECT region, STRFTIME(month, '%Y-%m') AS month, SUM(revenue) AS revenue
FROM sales GROUP BY region, STRFTIME(month, '%Y-%m')

/*--- workbook
[[sheet]]
name  = { ko = "월별", en = "By month" }
query = "by_month"
pivot = { rows = ["region"], columns = "month", values = "revenue", total = true }
empty = { ko = "매출이 없습니다.", en = "No sales." }

[[sheet]]
name   = { ko = "상세", en = "Detail" }
query  = "sales"
others = false

[sheet.columns]
region  = { title = { ko = "지역", en = "Region" }, width = 20 }
revenue = { format = { excel = "0.00E+00" }, total = "average" }

[[sheet.rule]]
column = "revenue"
when   = "<= -1_000.5"
style  = "bad"

[[sheet.rule]]
column = "region"
when   = "= 'Seoul'"
style  = "muted"

[[sheet.chart]]
type  = "column"
x     = "region"
y     = "revenue"
---*/
