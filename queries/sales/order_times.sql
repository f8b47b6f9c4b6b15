/*--- report
title       = { ko = "요일·시간대별 주문", en = "Orders by weekday and hour" }
description = { ko = "주문이 몰리는 요일과 시간을 보여 줍니다. 상담 인원과 방송 시간을 정할 때 씁니다. 한 줄은 한 요일·한 시간입니다.", en = "When orders come in, for staffing the phones and choosing broadcast times. One row is one weekday and hour." }
owner       = "contact-center@example.com"
timezone    = "Asia/Seoul"
file_name   = { ko = "시간대별주문_{period}.xlsx", en = "order-times_{period}.xlsx" }

[access]
view = ["sales"]
run  = ["sales"]

[params.period]
label   = { ko = "주", en = "Weeks" }
help    = { ko = "월요일부터 일요일까지 온전한 주만 고릅니다.", en = "Whole weeks from Monday to Sunday." }
type    = "period"
grain   = "week"
default = "last 8 weeks"
max     = "1 year"

[params.area]
label   = { ko = "권역", en = "Sales area" }
type    = "choice"
default = "capital"
options = { query = "areas", value = "code", label = "name" }

[params.region]
label    = { ko = "시·도", en = "Region" }
help     = { ko = "권역을 바꾸면 목록도 바뀝니다. 비워 두면 권역 전체입니다.", en = "Follows the area. Leave empty for the whole area." }
type     = "choice"
required = false
options  = { query = "regions", value = "code", label = "name" }

[params.measure]
label   = { ko = "무엇을 볼까요", en = "Show" }
type    = "choice"
default = "orders"
options = { orders = { ko = "주문 수", en = "Number of orders" }, revenue = { ko = "매출", en = "Revenue" } }
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
-- The regions of the chosen area; the form asks again when the area changes.
SELECT code, name
FROM region
WHERE area_code = :area
ORDER BY position;

-- name: orders
-- source: shop
-- partition: ordered_at by week over period lookback 1 day
-- One row per order of the area.
SELECT o.ordered_at, o.channel_code, o.total_amount
FROM orders AS o
JOIN region AS r ON r.code = o.region_code
WHERE o.ordered_at >= :partition.from
  AND o.ordered_at <  :partition.until
  AND o.status <> 'cancelled'
  AND r.area_code = :area
  /*if region*/ AND o.region_code = :region /*end*/;

-- name: moments
-- engine: polars
-- Weekday and hour of every order, and what is counted.
SELECT EXTRACT(ISODOW FROM ordered_at) AS weekday_number,
       EXTRACT(HOUR FROM ordered_at)   AS hour,
       CASE WHEN channel_code IN ('online', 'live') THEN '온라인' ELSE '오프라인' END AS side,
       CASE WHEN :measure = 'revenue' THEN total_amount ELSE 1 END AS measure
FROM orders;

-- name: heat
-- engine: polars
-- One row per weekday and hour.
SELECT weekday_number,
       CASE weekday_number
           WHEN 1 THEN '월' WHEN 2 THEN '화' WHEN 3 THEN '수' WHEN 4 THEN '목'
           WHEN 5 THEN '금' WHEN 6 THEN '토' ELSE '일'
       END AS weekday,
       hour,
       SUM(measure) AS measure
FROM moments
GROUP BY weekday_number, hour
ORDER BY weekday_number, hour;

-- name: by_hour
-- engine: polars
-- One row per hour, online and offline beside each other.
SELECT hour,
       SUM(CASE WHEN side = '온라인' THEN measure ELSE 0 END)   AS online,
       SUM(CASE WHEN side = '오프라인' THEN measure ELSE 0 END) AS offline
FROM moments
GROUP BY hour
ORDER BY hour;

/*--- workbook
[[sheet]]
name   = { ko = "요일×시간", en = "Weekday and hour" }
query  = "heat"
pivot  = { rows = ["weekday"], columns = "hour", values = "measure", total = true }
freeze = { rows = 1, columns = 1 }
empty  = { ko = "이 기간에는 주문이 없습니다.", en = "There were no orders in these weeks." }

[sheet.columns]
weekday = { title = { ko = "요일", en = "Weekday" }, width = 10 }
hour    = { title = { ko = "시", en = "Hour" }, format = { excel = "00" } }
measure = { title = { ko = "값", en = "Value" }, format = "int" }

[[sheet]]
name  = { ko = "시간대", en = "Hours" }
query = "by_hour"
empty = { ko = "이 기간에는 주문이 없습니다.", en = "There were no orders in these weeks." }

[sheet.columns]
hour    = { title = { ko = "시", en = "Hour" }, format = { excel = "00\"시\"" }, width = 9 }
online  = { title = { ko = "온라인·라이브", en = "Online and live" }, format = "int", total = "sum", width = 16 }
offline = { title = { ko = "매장·제휴·전화", en = "Store, partner, phone" }, format = "int", total = "sum", width = 18 }

[[sheet.chart]]
type  = "column"
title = { ko = "시간대별", en = "By hour of the day" }
x     = "hour"
y     = ["online", "offline"]
at    = "E2"
---*/
