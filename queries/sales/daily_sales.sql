/*--- report
title       = { ko = "일별 매출", en = "Daily sales" }
description = { ko = "하루하루의 주문 수와 매출, 지난주 같은 요일과의 비교, 누적 매출입니다. 한 줄은 하루입니다.", en = "Orders and revenue of every day, against the same weekday a week earlier, and the running total. One row is one day." }
owner       = "sales-ops@example.com"
timezone    = "Asia/Seoul"
file_name   = { ko = "일별매출_{period}.xlsx", en = "daily-sales_{period}.xlsx" }
formerly    = ["sales/daily", "sales/sales_per_day"]

[access]
view = ["sales", "finance"]
run  = ["sales", "finance"]

[params.period]
label   = { ko = "기간", en = "Days" }
type    = "period"
grain   = "day"
default = "previous month"
max     = "1 year"

[params.channels]
label   = { ko = "채널", en = "Channels" }
help    = { ko = "비워 두면 모든 채널입니다.", en = "Leave empty for all channels." }
type    = "choices"
options = { query = "channels", value = "code", label = "name" }
---*/

-- name: channels
-- source: shop
-- cache: 1 day
-- Fills the channels of the form and names those of the orders.
SELECT code, name, position
FROM channel
ORDER BY position;

-- name: orders
-- source: shop
-- partition: ordered_at by day over period lookback 3 days
-- One row per order. Days older than three days are read once and kept.
SELECT o.id AS order_id, o.ordered_at, o.customer_id, o.channel_code, o.total_amount
FROM orders AS o
WHERE o.ordered_at >= :partition.from
  AND o.ordered_at <  :partition.until
  AND o.status <> 'cancelled';

-- name: wanted
-- engine: polars
-- The orders of the wanted channels with their day.
SELECT CAST(o.ordered_at AS DATE) AS day,
       c.name     AS channel,
       c.position AS channel_position,
       o.order_id, o.customer_id, o.total_amount
FROM orders AS o
JOIN channels AS c ON c.code = o.channel_code
WHERE o.order_id > 0
  /*if channels*/ AND o.channel_code IN (:channels) /*end*/;

-- name: days
-- engine: polars
-- Sums per day.
SELECT day,
       EXTRACT(ISODOW FROM day)    AS weekday_number,
       COUNT(*)                    AS orders,
       COUNT(DISTINCT customer_id) AS customers,
       SUM(total_amount)           AS revenue
FROM wanted
GROUP BY day;

-- name: by_day
-- engine: polars
-- One row per day, with the week before and the sum so far.
SELECT day,
       CASE weekday_number
           WHEN 1 THEN '월' WHEN 2 THEN '화' WHEN 3 THEN '수' WHEN 4 THEN '목'
           WHEN 5 THEN '금' WHEN 6 THEN '토' ELSE '일'
       END AS weekday,
       orders,
       customers,
       revenue,
       revenue * 1.0 / orders AS average_basket,
       revenue * 1.0 / NULLIF(LAG(revenue, 7) OVER (ORDER BY day), 0) - 1 AS change,
       SUM(revenue) OVER (ORDER BY day) AS running_total
FROM days
ORDER BY day;

-- name: by_channel
-- engine: polars
-- One row per day and channel.
SELECT day, channel,
       COUNT(*)          AS orders,
       SUM(total_amount) AS revenue,
       MIN(channel_position) AS position
FROM wanted
GROUP BY day, channel
ORDER BY day, position;

-- name: by_weekday
-- engine: polars
-- An average day of each weekday.
SELECT weekday_number,
       CASE weekday_number
           WHEN 1 THEN '월요일' WHEN 2 THEN '화요일' WHEN 3 THEN '수요일' WHEN 4 THEN '목요일'
           WHEN 5 THEN '금요일' WHEN 6 THEN '토요일' ELSE '일요일'
       END AS weekday,
       COUNT(*) AS days,
       AVG(orders)  AS orders,
       AVG(revenue) AS revenue
FROM days
GROUP BY weekday_number
ORDER BY weekday_number;

/*--- workbook
[[sheet]]
name   = { ko = "일별", en = "Days" }
query  = "by_day"
freeze = { rows = 1, columns = 2 }
empty  = { ko = "이 기간에는 주문이 없습니다.", en = "There were no orders in this period." }

[sheet.columns]
day            = { title = { ko = "날짜", en = "Day" }, format = "date", width = 12 }
weekday        = { title = { ko = "요일", en = "Weekday" }, width = 9 }
orders         = { title = { ko = "주문 수", en = "Orders" }, format = "int", total = "sum" }
customers      = { title = { ko = "구매 고객", en = "Customers" }, format = "int" }
revenue        = { title = { ko = "매출", en = "Revenue" }, format = "krw", total = "sum" }
average_basket = { title = { ko = "평균 주문액", en = "Average basket" }, format = "krw" }
change         = { title = { ko = "전주 동요일 대비", en = "Against a week earlier" }, format = "percent1" }
running_total  = { title = { ko = "누적 매출", en = "Running total" }, format = "krw" }

[[sheet.rule]]
column = "weekday"
when   = "= '일'"
style  = "muted"

[[sheet.rule]]
column = "change"
when   = "< -0.3"
style  = "bad"

[[sheet.rule]]
column = "change"
when   = "> 0.3"
style  = "good"

[[sheet.chart]]
type  = "line"
title = { ko = "일별 매출", en = "Revenue per day" }
x     = "day"
y     = ["revenue"]
at    = "J2"

[[sheet]]
name   = { ko = "채널별", en = "Channels" }
query  = "by_channel"
others = false
empty  = { ko = "이 기간에는 주문이 없습니다.", en = "There were no orders in this period." }

[sheet.columns]
day     = { title = { ko = "날짜", en = "Day" }, format = "date", width = 12 }
channel = { title = { ko = "채널", en = "Channel" }, width = 16 }
orders  = { title = { ko = "주문 수", en = "Orders" }, format = "int", total = "sum" }
revenue = { title = { ko = "매출", en = "Revenue" }, format = "krw", total = "sum" }

[[sheet.chart]]
type   = "area"
title  = { ko = "채널별 매출 구성", en = "Revenue by channel" }
x      = "day"
y      = ["revenue"]
series = "channel"
at     = "F2"

[[sheet]]
name   = { ko = "요일 평균", en = "Weekdays" }
query  = "by_weekday"
others = false

[sheet.columns]
weekday = { title = { ko = "요일", en = "Weekday" }, width = 12 }
days    = { title = { ko = "일수", en = "Days" }, format = "int" }
orders  = { title = { ko = "하루 평균 주문", en = "Orders a day" }, format = { excel = "#,##0.0" } }
revenue = { title = { ko = "하루 평균 매출", en = "Revenue a day" }, format = "krw" }

[[sheet.chart]]
type  = "column"
title = { ko = "요일별 하루 평균 매출", en = "Average revenue by weekday" }
x     = "weekday"
y     = ["revenue"]
at    = "F2"
---*/
