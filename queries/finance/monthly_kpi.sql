/*--- report
title       = { ko = "월간 KPI 북", en = "Monthly KPI book" }
description = { ko = "월례 회의 자료입니다. 핵심 지표, 2년 추이, 채널과 권역, 상품 분류, 큰 고객을 시트마다 담았습니다.", en = "The book for the monthly meeting: key figures, two years of trend, channels, areas, categories and the largest customers, a sheet each." }
owner       = "finance@example.com"
timezone    = "Asia/Seoul"
file_name   = { ko = "월간KPI_{month}.xlsx", en = "monthly-kpi_{month}.xlsx" }
formerly    = ["finance/kpi", "sales/kpi_book"]

[access]
view = ["finance", "sales"]
run  = ["finance", "sales"]

[limits]
rows    = 2_000_000
runtime = "20 minutes"

[params.month]
label   = { ko = "기준 월", en = "Month" }
help    = { ko = "전월, 전년 같은 달과 비교합니다.", en = "Compared with the month before and the same month a year ago." }
type    = "period"
grain   = "month"
default = "previous month"
max     = "1 month"

[params.top]
label   = { ko = "큰 고객 수", en = "Largest customers" }
type    = "integer"
default = 30
min     = 5
max     = 500
---*/

-- name: orders
-- source: shop
-- timeout: 5 minutes
-- One row per order, for this month and the 24 before it.
SELECT o.customer_id, o.salesperson_id, o.ordered_at, o.channel_code, o.region_code, o.total_amount, o.discount_amount
FROM orders AS o
WHERE o.ordered_at >= :month.before_24_months
  AND o.ordered_at <  :month.until
  AND o.status <> 'cancelled';

-- name: customers
-- source: shop
-- Who they are and when they first bought.
SELECT c.id AS customer_id, c.code, c.name, c.grade, r.name AS region, c.joined_on
FROM customer AS c
JOIN region AS r ON r.code = c.region_code;

-- name: channels
-- source: shop
-- cache: 1 day
-- Names the channels.
SELECT code AS channel_code, name AS channel, position AS channel_position
FROM channel;

-- name: areas
-- source: shop
-- cache: 1 day
-- Names the areas of the regions.
SELECT r.code AS region_code, a.name AS area, a.position AS area_position
FROM region AS r
JOIN sales_area AS a ON a.code = r.area_code;

-- name: refunded
-- source: shop
-- One row per refund: what was given back.
SELECT f.refunded_at, f.amount
FROM refund AS f
WHERE f.refunded_at >= :month.before_24_months
  AND f.refunded_at <  :month.until;

-- name: targets
-- source: shop
-- One row per person and month: what was to be sold.
SELECT g.salesperson_id, g.month, g.amount
FROM target AS g
WHERE g.month <= :month.last_day;

-- name: categories
-- source: shop
-- One row per category: revenue and what the goods cost.
SELECT g.name AS category,
       SUM(l.quantity)               AS quantity,
       SUM(l.amount)                 AS revenue,
       SUM(l.quantity * p.unit_cost) AS cost
FROM orders AS o
JOIN order_line AS l ON l.order_id = o.id
JOIN product AS p ON p.id = l.product_id
JOIN category AS g ON g.code = p.category_code
WHERE o.ordered_at >= :month.from
  AND o.ordered_at <  :month.until
  AND o.status <> 'cancelled'
GROUP BY g.name;

-- name: dated
-- engine: polars
-- Every order with its month.
SELECT CAST(DATE_TRUNC('month', ordered_at) AS DATE) AS month,
       customer_id, salesperson_id, channel_code, region_code, total_amount, discount_amount
FROM orders;

-- name: sums
-- engine: polars
-- One row per month, customer, channel and region: everything below adds these up.
SELECT month, customer_id, channel_code, region_code,
       COUNT(*)             AS orders,
       SUM(total_amount)    AS revenue,
       SUM(discount_amount) AS discount
FROM dated
GROUP BY month, customer_id, channel_code, region_code;

-- name: joined
-- engine: polars
-- When customers bought for the first time.
SELECT customer_id, CAST(DATE_TRUNC('month', joined_on) AS DATE) AS joined
FROM customers;

-- name: monthly
-- engine: polars
-- One row per month.
SELECT s.month,
       SUM(s.orders)                 AS orders,
       COUNT(DISTINCT s.customer_id) AS customers,
       COUNT(DISTINCT CASE WHEN s.month = j.joined THEN s.customer_id END) AS new_customers,
       SUM(s.revenue)                AS revenue,
       SUM(CASE WHEN s.month = j.joined THEN s.revenue ELSE 0 END) AS new_revenue,
       SUM(s.discount)               AS discount
FROM sums AS s
JOIN joined AS j ON j.customer_id = s.customer_id
GROUP BY s.month;

-- name: returned
-- engine: polars
-- Every refund with its month.
SELECT CAST(DATE_TRUNC('month', refunded_at) AS DATE) AS month, amount
FROM refunded;

-- name: refunds
-- engine: polars
-- Refunds per month.
SELECT month, SUM(amount) AS refunded
FROM returned
GROUP BY month;

-- name: sold_by_person
-- engine: polars
-- One row per person and month: what was sold.
SELECT salesperson_id, month, SUM(total_amount) AS sold
FROM dated
WHERE salesperson_id IS NOT NULL
GROUP BY salesperson_id, month;

-- name: planned
-- engine: polars
-- One row per month: targets, and what the people with a target sold.
SELECT g.month,
       SUM(g.amount)            AS target,
       SUM(COALESCE(s.sold, 0)) AS sold_by_people
FROM targets AS g
LEFT JOIN sold_by_person AS s ON s.salesperson_id = g.salesperson_id AND s.month = g.month
GROUP BY g.month;

-- name: months
-- engine: polars
-- All monthly figures in one row; ago counts the months back from the chosen one.
SELECT m.month,
       (EXTRACT(YEAR FROM :month.first_day) - EXTRACT(YEAR FROM m.month)) * 12
           + EXTRACT(MONTH FROM :month.first_day) - EXTRACT(MONTH FROM m.month) AS ago,
       m.orders, m.customers, m.new_customers, m.revenue, m.new_revenue, m.discount,
       COALESCE(f.refunded, 0) AS refunded,
       p.target, p.sold_by_people
FROM monthly AS m
LEFT JOIN refunds AS f ON f.month = m.month
LEFT JOIN planned AS p ON p.month = m.month;

-- name: figures
-- engine: polars
-- The key figures of every month, one below the other.
SELECT 1 AS position, '매출 (Revenue)' AS figure, '원' AS unit, ago, revenue AS value FROM months
UNION ALL
SELECT 2 AS position, '주문 수 (Orders)' AS figure, '건' AS unit, ago, orders AS value FROM months
UNION ALL
SELECT 3 AS position, '평균 주문액 (Average basket)' AS figure, '원' AS unit, ago, revenue * 1.0 / orders AS value FROM months
UNION ALL
SELECT 4 AS position, '구매 고객 (Customers)' AS figure, '명' AS unit, ago, customers AS value FROM months
UNION ALL
SELECT 5 AS position, '신규 고객 (New customers)' AS figure, '명' AS unit, ago, new_customers AS value FROM months
UNION ALL
SELECT 6 AS position, '신규 매출 비중 (New revenue)' AS figure, '%' AS unit, ago, 100.0 * new_revenue / NULLIF(revenue, 0) AS value FROM months
UNION ALL
SELECT 7 AS position, '할인율 (Discount)' AS figure, '%' AS unit, ago, 100.0 * discount / NULLIF(revenue + discount, 0) AS value FROM months
UNION ALL
SELECT 8 AS position, '환불률 (Refund rate)' AS figure, '%' AS unit, ago, 100.0 * refunded / NULLIF(revenue, 0) AS value FROM months
UNION ALL
SELECT 9 AS position, '목표 달성률 (Target reached)' AS figure, '%' AS unit, ago, 100.0 * sold_by_people / NULLIF(target, 0) AS value FROM months;

-- name: summary
-- engine: polars
-- One row per key figure: this month, the month before, the same month a year ago.
SELECT position, figure, unit,
       SUM(value) FILTER (WHERE ago = 0)  AS this_month,
       SUM(value) FILTER (WHERE ago = 1)  AS month_before,
       SUM(value) FILTER (WHERE ago = 12) AS year_before,
       SUM(value) FILTER (WHERE ago = 0) / NULLIF(SUM(value) FILTER (WHERE ago = 1), 0) - 1  AS change,
       SUM(value) FILTER (WHERE ago = 0) / NULLIF(SUM(value) FILTER (WHERE ago = 12), 0) - 1 AS change_year
FROM figures
GROUP BY position, figure, unit
ORDER BY position;

-- name: trend
-- engine: polars
-- Two years, month by month.
SELECT month, revenue, orders, revenue * 1.0 / orders AS average_basket, customers, new_customers,
       refunded * 1.0 / NULLIF(revenue, 0)      AS refund_rate,
       sold_by_people * 1.0 / NULLIF(target, 0) AS attainment
FROM months
ORDER BY month;

-- name: by_channel
-- engine: polars
-- One row per month and channel.
SELECT o.month, c.channel, SUM(o.orders) AS orders, SUM(o.revenue) AS revenue,
       MIN(c.channel_position) AS position
FROM sums AS o
JOIN channels AS c ON c.channel_code = o.channel_code
GROUP BY o.month, c.channel
ORDER BY o.month, position;

-- name: by_area
-- engine: polars
-- One row per month and area.
SELECT o.month, a.area, SUM(o.orders) AS orders, SUM(o.revenue) AS revenue,
       MIN(a.area_position) AS position
FROM sums AS o
JOIN areas AS a ON a.region_code = o.region_code
GROUP BY o.month, a.area
ORDER BY o.month, position;

-- name: margins
-- engine: polars
-- Categories of the month with their margin.
SELECT category, quantity, revenue, revenue - cost AS margin,
       (revenue - cost) * 1.0 / NULLIF(revenue, 0)     AS margin_rate,
       revenue * 1.0 / NULLIF(SUM(revenue) OVER (), 0) AS share
FROM (
    SELECT category,
           CAST(quantity AS BIGINT)               AS quantity,
           ROUND(CAST(revenue AS NUMERIC(14, 2))) AS revenue,
           ROUND(CAST(cost AS NUMERIC(14, 2)))    AS cost
    FROM categories
) AS typed
ORDER BY revenue DESC;

-- name: buyers
-- engine: polars
-- What each customer bought in the month.
SELECT customer_id, SUM(orders) AS orders, SUM(revenue) AS revenue
FROM sums
WHERE month >= :month.first_day
GROUP BY customer_id;

-- name: ranked
-- engine: polars
-- Ranks and shares of all customers of the month.
SELECT customer_id, orders, revenue,
       RANK() OVER (ORDER BY revenue DESC) AS place,
       revenue * 1.0 / NULLIF(SUM(revenue) OVER (), 0) AS share,
       SUM(revenue) OVER (ORDER BY revenue DESC) * 1.0 / NULLIF(SUM(revenue) OVER (), 0) AS share_so_far
FROM buyers;

-- name: largest
-- engine: polars
-- The largest customers of the month and how much of the revenue they are.
SELECT b.place, c.code, c.name, c.grade, c.region, b.orders, b.revenue, b.share, b.share_so_far
FROM ranked AS b
JOIN customers AS c ON c.customer_id = b.customer_id
WHERE b.place <= :top
ORDER BY b.place, c.code;

-- name: missing_targets
-- engine: polars
-- check: warn
-- 목표가 없는 달이 있어 그달의 달성률이 비어 있습니다. Months without targets have no attainment.
SELECT month
FROM months
WHERE ago <= 12 AND target IS NULL;

/*--- workbook
[[sheet]]
name   = { ko = "요약", en = "Summary" }
query  = "summary"
others = false
empty  = { ko = "이 달에는 주문이 없습니다.", en = "There were no orders in this month." }

[sheet.columns]
figure       = { title = { ko = "지표", en = "Figure" }, width = 32 }
unit         = { title = { ko = "단위", en = "Unit" }, width = 7 }
this_month   = { title = { ko = "이번 달", en = "This month" }, format = { excel = "[<1000]#,##0.0;#,##0" }, width = 17 }
month_before = { title = { ko = "전월", en = "Month before" }, format = { excel = "[<1000]#,##0.0;#,##0" }, width = 17 }
year_before  = { title = { ko = "전년 같은 달", en = "Year before" }, format = { excel = "[<1000]#,##0.0;#,##0" }, width = 17 }
change       = { title = { ko = "전월 대비", en = "Against month before" }, format = { excel = "+0.0%;[Red]-0.0%;0.0%" } }
change_year  = { title = { ko = "전년 대비", en = "Against year before" }, format = { excel = "+0.0%;[Red]-0.0%;0.0%" } }

[[sheet.rule]]
column = "change"
when   = "<= -0.1"
style  = "bad"

[[sheet.rule]]
column = "change"
when   = ">= 0.1"
style  = "good"

[[sheet.rule]]
column = "change_year"
when   = "<= -0.1"
style  = "bad"

[[sheet.rule]]
column = "change_year"
when   = ">= 0.1"
style  = "good"

[[sheet]]
name   = { ko = "추이", en = "Trend" }
query  = "trend"
freeze = { rows = 1, columns = 1 }

[sheet.columns]
month          = { title = { ko = "월", en = "Month" }, format = "month", width = 11 }
revenue        = { title = { ko = "매출", en = "Revenue" }, format = "krw", total = "sum" }
orders         = { title = { ko = "주문 수", en = "Orders" }, format = "int", total = "sum" }
average_basket = { title = { ko = "평균 주문액", en = "Average basket" }, format = "krw" }
customers      = { title = { ko = "구매 고객", en = "Customers" }, format = "int" }
new_customers  = { title = { ko = "신규 고객", en = "New customers" }, format = "int", total = "sum" }
refund_rate    = { title = { ko = "환불률", en = "Refund rate" }, format = { excel = "0.00%" } }
attainment     = { title = { ko = "목표 달성률", en = "Target reached" }, format = "percent1" }

[[sheet.rule]]
column = "attainment"
when   = "< 0.8"
style  = "bad"

[[sheet.chart]]
type  = "column"
title = { ko = "월별 매출", en = "Revenue per month" }
x     = "month"
y     = ["revenue"]
at    = "J2"

[[sheet.chart]]
type  = "line"
title = { ko = "목표 달성률", en = "Target reached" }
x     = "month"
y     = ["attainment"]
at    = "J24"

[[sheet]]
name   = { ko = "채널", en = "Channels" }
query  = "by_channel"
pivot  = { rows = ["month"], columns = "channel", values = "revenue", total = true }
freeze = { rows = 1, columns = 1 }

[sheet.columns]
month   = { title = { ko = "월", en = "Month" }, format = "month", width = 11 }
revenue = { title = { ko = "매출", en = "Revenue" }, format = "krw" }

[[sheet.chart]]
type   = "area"
title  = { ko = "채널별 매출", en = "Revenue by channel" }
x      = "month"
y      = ["revenue"]
series = "channel"
at     = "I2"

[[sheet]]
name   = { ko = "권역", en = "Areas" }
query  = "by_area"
pivot  = { rows = ["month"], columns = "area", values = "revenue", total = true }
freeze = { rows = 1, columns = 1 }

[sheet.columns]
month   = { title = { ko = "월", en = "Month" }, format = "month", width = 11 }
revenue = { title = { ko = "매출", en = "Revenue" }, format = "krw" }

[[sheet.chart]]
type   = "line"
title  = { ko = "권역별 매출", en = "Revenue by area" }
x      = "month"
y      = ["revenue"]
series = "area"
at     = "I2"

[[sheet]]
name  = { ko = "분류", en = "Categories" }
query = "margins"

[sheet.columns]
category    = { title = { ko = "분류", en = "Category" }, width = 14 }
quantity    = { title = { ko = "판매 수량", en = "Sold" }, format = "int", total = "sum" }
revenue     = { title = { ko = "매출", en = "Revenue" }, format = "krw", total = "sum" }
margin      = { title = { ko = "매출 이익", en = "Margin" }, format = "krw", total = "sum" }
margin_rate = { title = { ko = "이익률", en = "Margin rate" }, format = "percent1" }
share       = { title = { ko = "비중", en = "Share" }, format = "percent1", total = "sum" }

[[sheet.rule]]
column = "margin_rate"
when   = "< 0.25"
style  = "warn"

[[sheet.chart]]
type  = "pie"
title = { ko = "분류별 매출 비중", en = "Revenue by category" }
x     = "category"
y     = ["revenue"]
at    = "H2"

[[sheet]]
name   = { ko = "큰 고객", en = "Largest customers" }
query  = "largest"
freeze = { rows = 1, columns = 3 }

[sheet.columns]
place        = { title = { ko = "순위", en = "Rank" }, format = "int", width = 7 }
code         = { title = { ko = "고객 코드", en = "Code" }, format = "text", width = 11 }
name         = { title = { ko = "고객", en = "Customer" }, width = 28 }
grade        = { title = { ko = "등급", en = "Grade" }, width = 8 }
region       = { title = { ko = "시·도", en = "Region" }, width = 9 }
orders       = { title = { ko = "주문 수", en = "Orders" }, format = "int", total = "sum" }
revenue      = { title = { ko = "매출", en = "Revenue" }, format = "krw", total = "sum" }
share        = { title = { ko = "비중", en = "Share" }, format = "percent1", total = "sum" }
share_so_far = { title = { ko = "누적 비중", en = "Share so far" }, format = "percent1" }

[[sheet.chart]]
type  = "bar"
title = { ko = "상위 15개 고객", en = "The fifteen largest" }
x     = "name"
y     = ["revenue"]
rows  = 15
at    = "K2"
---*/
