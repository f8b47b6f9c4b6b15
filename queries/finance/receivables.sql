/*--- report
title       = { ko = "미수금 연령", en = "Receivables by age" }
description = { ko = "기준일까지 결제되지 않은 주문과 지난 일수입니다. 한 줄은 주문 하나입니다.", en = "Orders not paid by a day, and for how long. One row is one order." }
owner       = "finance@example.com"
timezone    = "Asia/Seoul"
file_name   = { ko = "미수금_{as_of}.xlsx", en = "receivables_{as_of}.xlsx" }

[access]
view = ["finance"]
run  = ["finance"]

[params.as_of]
label   = { ko = "기준일", en = "As of" }
help    = { ko = "이날 하루가 끝났을 때의 미수금입니다.", en = "What was open when this day ended." }
type    = "date"
default = "start of month - 1 day"
min     = "2020-01-01"
max     = "today"

[params.closing_time]
label   = { ko = "마감 시각", en = "Closing time" }
help    = { ko = "이 시각까지 들어온 돈을 셉니다.", en = "Money that came in before this moment counts as paid." }
type    = "datetime"
default = "start of month"

[params.minimum_days]
label   = { ko = "지난 일수 하한", en = "Open for at least (days)" }
type    = "integer"
default = 1
min     = 0
max     = 365
---*/

-- name: open
-- source: shop
-- One row per order that was not paid in time.
SELECT o.order_no, o.ordered_at, o.total_amount, o.channel_code,
       c.code AS customer_code, c.name AS customer, c.phone, c.credit_limit,
       s.name AS salesperson
FROM orders AS o
JOIN customer AS c ON c.id = o.customer_id
LEFT JOIN salesperson AS s ON s.id = o.salesperson_id
WHERE date(o.ordered_at) <= :as_of
  AND o.status <> 'cancelled'
  AND (o.paid_at IS NULL OR o.paid_at >= :closing_time);

-- name: aged
-- engine: polars
-- The same with the days since the order.
SELECT customer_code, customer, phone, salesperson, order_no, ordered_at,
       :as_of - CAST(ordered_at AS DATE) AS days,
       total_amount, credit_limit
FROM open;

-- name: orders
-- engine: polars
-- One row per open order, the oldest first. Unpaid orders older than half a year are written off.
SELECT customer_code, customer, phone, salesperson, order_no, ordered_at, days,
       CASE WHEN days < 8 THEN '1. 7일까지'
            WHEN days < 31 THEN '2. 8–30일'
            WHEN days < 91 THEN '3. 31–90일'
            ELSE '4. 90일 초과' END AS age,
       total_amount AS amount
FROM aged
WHERE days >= :minimum_days AND days <= 180
ORDER BY days DESC, amount DESC, order_no;

-- name: by_age
-- engine: polars
-- One row per age class.
SELECT age, COUNT(*) AS orders, COUNT(DISTINCT customer_code) AS customers, SUM(amount) AS amount
FROM orders
GROUP BY age
ORDER BY age;

-- name: by_customer
-- engine: polars
-- One row per open order with what its customer owes in all, for the pivot.
SELECT customer_code, customer, age, amount,
       SUM(amount) OVER (PARTITION BY customer_code) AS open_amount
FROM orders
ORDER BY open_amount DESC, customer_code, age, amount;

/*--- workbook
[[sheet]]
name  = { ko = "연령별", en = "By age" }
query = "by_age"
empty = { ko = "미수금이 없습니다.", en = "Nothing is open." }

[sheet.columns]
age       = { title = { ko = "지난 기간", en = "Age" }, width = 16 }
orders    = { title = { ko = "주문 수", en = "Orders" }, format = "int", total = "sum" }
customers = { title = { ko = "고객 수", en = "Customers" }, format = "int" }
amount    = { title = { ko = "미수금", en = "Open" }, format = "krw", total = "sum" }

[[sheet.chart]]
type  = "bar"
title = { ko = "지난 기간별 미수금", en = "Open amounts by age" }
x     = "age"
y     = ["amount"]
at    = "F2"

[[sheet]]
name   = { ko = "고객별", en = "By customer" }
query  = "by_customer"
pivot  = { rows = ["customer_code", "customer"], columns = "age", values = "amount", total = true }
freeze = { rows = 1, columns = 2 }
empty  = { ko = "미수금이 없습니다.", en = "Nothing is open." }

[sheet.columns]
customer_code = { title = { ko = "고객 코드", en = "Customer code" }, format = "text", width = 11 }
customer      = { title = { ko = "고객", en = "Customer" }, width = 26 }
amount        = { title = { ko = "미수금", en = "Open" }, format = "krw" }

[[sheet]]
name   = { ko = "주문별", en = "Orders" }
query  = "orders"
freeze = { rows = 1, columns = 2 }
empty  = { ko = "미수금이 없습니다.", en = "Nothing is open." }

[sheet.columns]
customer_code = { title = { ko = "고객 코드", en = "Customer code" }, format = "text", width = 11 }
customer      = { title = { ko = "고객", en = "Customer" }, width = 26 }
phone         = { title = { ko = "전화", en = "Phone" }, format = "text", width = 19 }
salesperson   = { title = { ko = "담당자", en = "Sales person" }, width = 11 }
order_no      = { title = { ko = "주문 번호", en = "Order number" }, format = "text", width = 23 }
ordered_at    = { title = { ko = "주문 시각", en = "Ordered" }, format = "datetime", width = 18 }
days          = { title = { ko = "지난 일수", en = "Days" }, format = "int" }
age           = { title = { ko = "지난 기간", en = "Age" }, width = 14 }
amount        = { title = { ko = "미수금", en = "Open" }, format = "krw", total = "sum" }

[[sheet.rule]]
column = "days"
when   = "> 90"
style  = "bad"

[[sheet.rule]]
column = "days"
when   = "> 30"
style  = "warn"
---*/
