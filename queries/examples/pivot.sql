/*--- report
title = { ko = "예제: 피벗", en = "Example: a pivot" }

[params.period]
label   = { ko = "기간", en = "Period" }
type    = "period"
grain   = "month"
default = "last 6 months"
max     = "2 years"
---*/

-- The last query returns one row per area, channel and month. The pivot keeps areas and channels as rows, makes a column
-- of every month, sums the revenue into cells, and adds totals. It is written as cells, not as an Excel PivotTable.

-- name: sales
-- source: shop
SELECT a.name AS area, a.position AS area_position, h.name AS channel, h.position AS channel_position,
       date(o.ordered_at)  AS day,
       SUM(o.total_amount) AS revenue
FROM orders AS o
JOIN region AS r ON r.code = o.region_code
JOIN sales_area AS a ON a.code = r.area_code
JOIN channel AS h ON h.code = o.channel_code
WHERE o.ordered_at >= :period.from
  AND o.ordered_at <  :period.until
  AND o.status <> 'cancelled'
GROUP BY a.name, a.position, h.name, h.position, date(o.ordered_at);

-- name: dated
-- engine: polars
SELECT area, area_position, channel, channel_position,
       CAST(DATE_TRUNC('month', CAST(day AS DATE)) AS DATE) AS month,
       CAST(revenue AS BIGINT) AS revenue
FROM sales;

-- name: by_month
-- engine: polars
SELECT area, channel, month, SUM(revenue) AS revenue,
       MIN(area_position) AS area_position, MIN(channel_position) AS channel_position
FROM dated
GROUP BY area, channel, month
ORDER BY area_position, channel_position, month;

/*--- workbook
[[sheet]]
name   = { ko = "권역·채널×월", en = "Areas, channels, months" }
query  = "by_month"
pivot  = { rows = ["area", "channel"], columns = "month", values = "revenue", total = true }
freeze = { rows = 1, columns = 2 }

[sheet.columns]
area    = { title = { ko = "권역", en = "Area" }, width = 14 }
channel = { title = { ko = "채널", en = "Channel" }, width = 16 }
month   = { title = { ko = "월", en = "Month" }, format = "month" }
revenue = { title = { ko = "매출", en = "Revenue" }, format = "krw" }
---*/
