/*--- report
title       = { ko = "신규 고객 코호트", en = "New customer cohorts" }
description = { ko = "같은 달에 처음 산 고객이 몇 달 뒤에도 다시 사는지 봅니다. 한 줄은 가입한 달입니다.", en = "How many of the customers who first bought in a month buy again in the months after. One row is one month of first orders." }
owner       = "crm@example.com"
timezone    = "Asia/Seoul"
file_name   = { ko = "고객코호트_{period}.xlsx", en = "customer-cohorts_{period}.xlsx" }

[access]
view = ["sales", "finance"]
run  = ["sales"]

[params.period]
label   = { ko = "기간", en = "Period" }
help    = { ko = "이 기간에 처음 산 고객과 이 기간의 구매를 봅니다.", en = "Customers who first bought in these months, and what they bought in them." }
type    = "period"
grain   = "month"
default = "last 12 months"
max     = "3 years"

[params.kind]
label    = { ko = "고객 종류", en = "Kind of customer" }
type     = "choice"
required = false
options  = { person = { ko = "개인", en = "Persons" }, business = { ko = "기업", en = "Businesses" } }
---*/

-- name: bought
-- source: shop
-- timeout: 10 minutes
-- One row per order.
SELECT o.customer_id, c.joined_on, o.ordered_at, o.total_amount
FROM orders AS o
JOIN customer AS c ON c.id = o.customer_id
WHERE o.ordered_at >= :period.from
  AND o.ordered_at <  :period.until
  AND o.status <> 'cancelled'
  /*if kind*/ AND c.kind = :kind /*end*/;

-- name: dated
-- engine: polars
-- Every order with its month and the month of the customer's first.
SELECT customer_id, total_amount,
       CAST(DATE_TRUNC('month', ordered_at) AS DATE) AS month,
       CAST(DATE_TRUNC('month', joined_on) AS DATE)  AS cohort
FROM bought;

-- name: months
-- engine: polars
-- One row per customer and month in which the customer bought.
SELECT customer_id, cohort, month,
       COUNT(*)                          AS orders,
       CAST(SUM(total_amount) AS BIGINT) AS revenue
FROM dated
GROUP BY customer_id, cohort, month;

-- name: aged
-- engine: polars
-- Months since the first order.
SELECT customer_id, orders, revenue, month, cohort,
       (EXTRACT(YEAR FROM month) - EXTRACT(YEAR FROM cohort)) * 12
           + EXTRACT(MONTH FROM month) - EXTRACT(MONTH FROM cohort) AS age
FROM months;

-- name: sizes
-- engine: polars
-- How many customers each cohort has.
SELECT cohort, COUNT(DISTINCT customer_id) AS customers
FROM aged
WHERE cohort >= :period.first_day
GROUP BY cohort;

-- name: bought_again
-- engine: polars
-- How many customers of each cohort bought in each month since.
SELECT cohort, age, COUNT(DISTINCT customer_id) AS customers
FROM aged
GROUP BY cohort, age;

-- name: retention
-- engine: polars
-- One row per cohort and month since; the share is of the whole cohort.
SELECT b.cohort, s.customers AS size, b.age, b.customers,
       b.customers * 1.0 / s.customers AS share
FROM bought_again AS b
JOIN sizes AS s ON s.cohort = b.cohort
ORDER BY b.cohort, b.age;

-- name: curve
-- engine: polars
-- How many customers stay, over all cohorts old enough to tell.
SELECT age,
       COUNT(*)       AS cohorts,
       SUM(size)      AS started,
       SUM(customers) AS stayed,
       SUM(customers) * 1.0 / SUM(size) AS share
FROM retention
GROUP BY age
ORDER BY age;

-- name: new_and_returning
-- engine: polars
-- One row per month: who bought for the first time and who came back.
SELECT month,
       SUM(CASE WHEN age = 0 THEN 1 ELSE 0 END)       AS new_customers,
       SUM(CASE WHEN age = 0 THEN 0 ELSE 1 END)       AS returning_customers,
       SUM(CASE WHEN age = 0 THEN revenue ELSE 0 END) AS new_revenue,
       SUM(CASE WHEN age = 0 THEN 0 ELSE revenue END) AS returning_revenue,
       SUM(CASE WHEN age = 0 THEN revenue ELSE 0 END) * 1.0 / NULLIF(SUM(revenue), 0) AS new_share
FROM aged
GROUP BY month
ORDER BY month;

/*--- workbook
[[sheet]]
name   = { ko = "재구매율", en = "Retention" }
query  = "retention"
pivot  = { rows = ["cohort", "size"], columns = "age", values = "share" }
freeze = { rows = 1, columns = 2 }
empty  = { ko = "이 기간에 처음 산 고객이 없습니다.", en = "Nobody bought for the first time in this period." }

[sheet.columns]
cohort = { title = { ko = "첫 구매 월", en = "First order" }, format = "month", width = 13 }
size   = { title = { ko = "고객 수", en = "Customers" }, format = "int" }
age    = { title = { ko = "경과 개월", en = "Months since" }, format = { excel = "0" } }
share  = { title = { ko = "재구매율", en = "Retention" }, format = "percent1" }

[[sheet.rule]]
column = "share"
when   = ">= 0.99"
style  = "muted"

[[sheet.rule]]
column = "share"
when   = ">= 0.5"
style  = "good"

[[sheet.rule]]
column = "share"
when   = "< 0.3"
style  = "warn"

[[sheet]]
name   = { ko = "코호트 고객 수", en = "Cohort customers" }
query  = "retention"
pivot  = { rows = ["cohort"], columns = "age", values = "customers", total = false }
freeze = { rows = 1, columns = 1 }

[sheet.columns]
cohort    = { title = { ko = "첫 구매 월", en = "First order" }, format = "month", width = 13 }
age       = { title = { ko = "경과 개월", en = "Months since" }, format = { excel = "0" } }
customers = { title = { ko = "고객 수", en = "Customers" }, format = "int" }

[[sheet]]
name  = { ko = "유지 곡선", en = "Curve" }
query = "curve"

[sheet.columns]
age     = { title = { ko = "경과 개월", en = "Months since" }, format = "int", width = 11 }
cohorts = { title = { ko = "코호트 수", en = "Cohorts" }, format = "int" }
started = { title = { ko = "처음 고객", en = "Started" }, format = "int" }
stayed  = { title = { ko = "그달 구매", en = "Bought" }, format = "int" }
share   = { title = { ko = "재구매율", en = "Retention" }, format = "percent1" }

[[sheet.chart]]
type  = "line"
title = { ko = "첫 구매 뒤 재구매율", en = "Retention after the first order" }
x     = "age"
y     = ["share"]
at    = "G2"

[[sheet]]
name   = { ko = "신규·재구매", en = "New and returning" }
query  = "new_and_returning"
freeze = { rows = 1, columns = 1 }

[sheet.columns]
month               = { title = { ko = "월", en = "Month" }, format = "month", width = 11 }
new_customers       = { title = { ko = "신규 고객", en = "New customers" }, format = "int", total = "sum" }
returning_customers = { title = { ko = "재구매 고객", en = "Returning customers" }, format = "int" }
new_revenue         = { title = { ko = "신규 매출", en = "New revenue" }, format = "krw", total = "sum" }
returning_revenue   = { title = { ko = "재구매 매출", en = "Returning revenue" }, format = "krw", total = "sum" }
new_share           = { title = { ko = "신규 비중", en = "Share of new" }, format = "percent1" }

[[sheet.chart]]
type  = "column"
title = { ko = "신규 고객", en = "New customers" }
x     = "month"
y     = ["new_customers"]
at    = "H2"

[[sheet.chart]]
type  = "area"
title = { ko = "신규·재구매 매출", en = "New and returning revenue" }
x     = "month"
y     = ["returning_revenue", "new_revenue"]
at    = "H24"
---*/
