/*--- report
title = { ko = "예제: 피벗", en = "Example: a pivot" }

[params.period]
label   = { ko = "기간", en = "Period" }
type    = "period"
grain   = "month"
default = "last 6 months"
max     = "2 years"
---*/

-- The query returns one row per area, channel and month. The pivot keeps areas and channels as rows, makes a column
-- of every month, sums the revenue into cells, and adds totals. It is written as cells, not as an Excel PivotTable.

-- name: sales
-- source: shop
SELECT a.name AS area, a.position AS area_position, h.name AS channel, h.position AS channel_position,
       strftime('%Y-%m-01', o.ordered_at) AS month,
       SUM(o.total_amount) AS revenue
FROM orders AS o
JOIN region AS r ON r.code = o.region_code
JOIN sales_area AS a ON a.code = r.area_code
JOIN channel AS h ON h.code = o.channel_code
WHERE o.ordered_at >= :period.from
  AND o.ordered_at <  :period.until
  AND o.status <> 'cancelled'
GROUP BY a.name, a.position, h.name, h.position, strftime('%Y-%m-01', o.ordered_at)
ORDER BY a.position, h.position, month;

/*--- workbook
[[sheet]]
name   = { ko = "권역·채널×월", en = "Areas, channels, months" }
query  = "sales"
pivot  = { rows = ["area", "channel"], columns = "month", values = "revenue", total = true }
freeze = { rows = 1, columns = 2 }

[sheet.columns]
area    = { title = { ko = "권역", en = "Area" }, width = 14 }
channel = { title = { ko = "채널", en = "Channel" }, width = 16 }
month   = { title = { ko = "월", en = "Month" }, format = "month" }
revenue = { title = { ko = "매출", en = "Revenue" }, format = "krw" }
---*/
