/*--- report
title       = { ko = "환불 현황", en = "Refunds" }
description = { ko = "환불 금액과 사유, 매출 대비 환불률, 눈여겨볼 환불의 목록입니다. 한 줄은 환불 하나입니다.", en = "What was refunded and why, the refund rate, and the list of refunds. One row is one refund." }
owner       = "finance@example.com"
timezone    = "Asia/Seoul"
file_name   = { ko = "환불현황_{period}.xlsx", en = "refunds_{period}.xlsx" }

[access]
view = ["finance", "sales"]
run  = ["finance"]

[limits]
rows    = 500_000
runtime = "10 minutes"

[params.period]
label   = { ko = "환불일", en = "Refunded" }
type    = "period"
grain   = "month"
default = "last 12 months"
max     = "3 years"

[params.reasons]
label   = { ko = "사유", en = "Reasons" }
help    = { ko = "비워 두면 사유가 없는 환불도 모두 나옵니다.", en = "Leave empty for all, those without a reason included." }
type    = "choices"
options = { query = "reasons", value = "code", label = "name" }

[params.minimum_amount]
label   = { ko = "이 금액부터 목록에 표시(원)", en = "List refunds from (KRW)" }
type    = "decimal"
default = 100000
min     = 0
max     = 100_000_000
---*/

-- name: reasons
-- source: shop
-- cache: 1 day
-- Fills the reasons of the form and names those of the refunds.
SELECT code, name
FROM refund_reason
ORDER BY position;

-- name: refunds
-- source: shop
-- partition: refunded_at by month over period lookback 30 days
-- One row per refund with its order.
SELECT f.id AS refund_id, f.refunded_at, f.reason_code, f.amount, f.note,
       o.order_no, o.ordered_at, o.total_amount AS order_amount,
       c.code AS customer_code, c.name AS customer,
       r.name AS region, h.name AS channel,
       s.name AS handled_by
FROM refund AS f
JOIN orders AS o ON o.id = f.order_id
JOIN customer AS c ON c.id = o.customer_id
JOIN region AS r ON r.code = o.region_code
JOIN channel AS h ON h.code = o.channel_code
LEFT JOIN salesperson AS s ON s.id = f.handled_by
WHERE f.refunded_at >= :partition.from
  AND f.refunded_at <  :partition.until;

-- name: sales
-- source: shop
-- One row per day: what was sold.
SELECT date(o.ordered_at)  AS day,
       SUM(o.total_amount) AS revenue
FROM orders AS o
WHERE o.ordered_at >= :period.from
  AND o.ordered_at <  :period.until
  AND o.status <> 'cancelled'
GROUP BY date(o.ordered_at);

-- name: named
-- engine: polars
-- The wanted refunds with the name of their reason.
SELECT f.refund_id, f.refunded_at,
       CAST(DATE_TRUNC('month', f.refunded_at) AS DATE) AS month,
       COALESCE(n.name, '사유 없음') AS reason,
       f.amount, f.order_amount, f.order_no, f.ordered_at,
       CAST(f.refunded_at AS DATE) - CAST(f.ordered_at AS DATE) AS days,
       f.customer_code, f.customer, f.region, f.channel, f.handled_by, f.note
FROM refunds AS f
LEFT JOIN reasons AS n ON n.code = f.reason_code
WHERE f.amount > 0
  /*if reasons*/ AND f.reason_code IN (:reasons) /*end*/;

-- name: by_reason
-- engine: polars
-- One row per reason.
SELECT reason,
       COUNT(*)    AS refunds,
       SUM(amount) AS amount,
       AVG(amount) AS average_amount,
       PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY days) AS usual_days
FROM named
GROUP BY reason
ORDER BY amount DESC;

-- name: by_month_reason
-- engine: polars
-- One row per month and reason, for the chart.
SELECT month, reason, COUNT(*) AS refunds, SUM(amount) AS amount
FROM named
GROUP BY month, reason
ORDER BY month, reason;

-- name: sums
-- engine: polars
-- Refunds per month.
SELECT month, COUNT(*) AS refunds, SUM(amount) AS amount
FROM named
GROUP BY month;

-- name: dated
-- engine: polars
-- The sales with their month.
SELECT CAST(DATE_TRUNC('month', CAST(day AS DATE)) AS DATE) AS month, CAST(revenue AS BIGINT) AS revenue
FROM sales;

-- name: sold
-- engine: polars
-- Sales per month.
SELECT month, SUM(revenue) AS revenue
FROM dated
GROUP BY month;

-- name: by_month
-- engine: polars
-- One row per month with the refund rate.
SELECT s.month,
       s.revenue,
       COALESCE(m.refunds, 0) AS refunds,
       COALESCE(m.amount, 0)  AS amount,
       COALESCE(m.amount, 0) * 1.0 / NULLIF(s.revenue, 0) AS rate
FROM sold AS s
LEFT JOIN sums AS m ON m.month = s.month
ORDER BY s.month;

-- name: large
-- engine: polars
-- The refunds worth a look, the largest first.
SELECT refunded_at, order_no, ordered_at, days, customer_code, customer, region, channel,
       reason, order_amount, amount,
       amount * 1.0 / NULLIF(order_amount, 0) AS share,
       handled_by, note
FROM named
WHERE amount >= :minimum_amount
ORDER BY amount DESC, refunded_at, order_no;

-- name: more_than_the_order
-- engine: polars
-- check: fail
-- 주문보다 많이 환불했습니다. 돈이 두 번 나갔을 수 있습니다. More was refunded than paid.
SELECT refund_id, order_no, order_amount, amount
FROM named
WHERE amount > order_amount;

-- name: without_reason
-- engine: polars
-- check: warn
-- 사유를 적지 않은 큰 환불입니다. Large refunds without a reason.
SELECT refunded_at, order_no, customer, amount, handled_by
FROM named
WHERE reason = '사유 없음' AND amount >= 1000000
ORDER BY amount DESC;

/*--- workbook
[[sheet]]
name  = { ko = "사유별", en = "Reasons" }
query = "by_reason"
empty = { ko = "이 기간에는 환불이 없습니다.", en = "Nothing was refunded in this period." }

[sheet.columns]
reason         = { title = { ko = "사유", en = "Reason" }, width = 16 }
refunds        = { title = { ko = "건수", en = "Refunds" }, format = "int", total = "sum" }
amount         = { title = { ko = "환불액", en = "Refunded" }, format = "krw", total = "sum" }
average_amount = { title = { ko = "평균 환불액", en = "Average" }, format = "krw" }
usual_days     = { title = { ko = "주문 뒤 일수(중앙값)", en = "Days after the order (median)" }, format = { excel = "0.0" } }

[[sheet.chart]]
type  = "pie"
title = { ko = "환불 사유", en = "Why goods came back" }
x     = "reason"
y     = ["amount"]
at    = "G2"

[[sheet]]
name   = { ko = "월별 환불률", en = "Refund rate" }
query  = "by_month"
freeze = { rows = 1, columns = 1 }
empty  = { ko = "이 기간에는 매출이 없습니다.", en = "There were no sales in this period." }

[sheet.columns]
month   = { title = { ko = "월", en = "Month" }, format = "month", width = 11 }
revenue = { title = { ko = "매출", en = "Revenue" }, format = "krw", total = "sum" }
refunds = { title = { ko = "환불 건수", en = "Refunds" }, format = "int", total = "sum" }
amount  = { title = { ko = "환불액", en = "Refunded" }, format = "krw", total = "sum" }
rate    = { title = { ko = "환불률", en = "Refund rate" }, format = { excel = "0.00%" } }

[[sheet.rule]]
column = "rate"
when   = "> 0.03"
style  = "bad"

[[sheet.rule]]
column = "rate"
when   = "> 0.02"
style  = "warn"

[[sheet.chart]]
type  = "line"
title = { ko = "매출 대비 환불률", en = "Refund rate" }
x     = "month"
y     = ["rate"]
at    = "G2"

[[sheet]]
name  = { ko = "월별 사유", en = "Reasons by month" }
query = "by_month_reason"

[sheet.columns]
month   = { title = { ko = "월", en = "Month" }, format = "month", width = 11 }
reason  = { title = { ko = "사유", en = "Reason" }, width = 16 }
refunds = { title = { ko = "건수", en = "Refunds" }, format = "int", total = "sum" }
amount  = { title = { ko = "환불액", en = "Refunded" }, format = "krw", total = "sum" }

[[sheet.chart]]
type   = "area"
title  = { ko = "사유별 환불액", en = "Refunded, by reason" }
x      = "month"
y      = ["amount"]
series = "reason"
at     = "F2"

[[sheet]]
name   = { ko = "큰 환불", en = "Large refunds" }
query  = "large"
freeze = { rows = 1, columns = 2 }
empty  = { ko = "이 금액을 넘는 환불이 없습니다.", en = "No refund reached this amount." }

[sheet.columns]
refunded_at   = { title = { ko = "환불 시각", en = "Refunded" }, format = "datetime", width = 18 }
order_no      = { title = { ko = "주문 번호", en = "Order number" }, format = "text", width = 23 }
ordered_at    = { title = { ko = "주문 시각", en = "Ordered" }, format = "datetime", width = 18 }
days          = { title = { ko = "걸린 날", en = "Days" }, format = "int" }
customer_code = { title = { ko = "고객 코드", en = "Customer code" }, format = "text", width = 11 }
customer      = { title = { ko = "고객", en = "Customer" }, width = 26 }
region        = { title = { ko = "시·도", en = "Region" }, width = 9 }
channel       = { title = { ko = "채널", en = "Channel" }, width = 15 }
reason        = { title = { ko = "사유", en = "Reason" }, width = 13 }
order_amount  = { title = { ko = "주문액", en = "Order" }, format = "krw", total = "sum" }
amount        = { title = { ko = "환불액", en = "Refunded" }, format = "krw", total = "sum" }
share         = { title = { ko = "주문 대비", en = "Of the order" }, format = "percent1" }
handled_by    = { title = { ko = "처리", en = "Handled by" }, width = 11 }
note          = { title = { ko = "비고", en = "Note" }, width = 34 }

[[sheet.rule]]
column = "reason"
when   = "= '사유 없음'"
style  = "warn"

[[sheet.rule]]
column = "amount"
when   = ">= 1000000"
style  = "bad"

[[sheet.rule]]
column = "days"
when   = "> 14"
style  = "warn"
---*/
