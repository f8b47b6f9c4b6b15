/*--- report
title       = { ko = "고객 명부", en = "Customer list" }
description = { ko = "고객의 연락처, 등급, 최근 주문과 누적 매출입니다. 한 줄은 고객 하나입니다.", en = "Contact data, grade, last order and revenue of every customer. One row is one customer." }
owner       = "crm@example.com"
timezone    = "Asia/Seoul"
file_name   = { ko = "고객명부_{date}.xlsx", en = "customers_{date}.xlsx" }
formerly    = ["crm/customers"]

[access]
view = ["sales"]
run  = ["sales"]

[limits]
rows    = 1_000_000
runtime = "10 minutes"

[params.areas]
type = "choices"
from = "viewer.areas"

[params.search]
label    = { ko = "이름에 들어 있는 말", en = "Name contains" }
type     = "text"
required = false
min      = 1
max      = 60

[params.grades]
label   = { ko = "등급", en = "Grades" }
type    = "choices"
options = ["VIP", "우수", "일반"]

[params.joined_since]
label    = { ko = "가입일이 이날부터", en = "Joined since" }
type     = "date"
required = false
max      = "today"

[params.with_consent]
label   = { ko = "마케팅 동의 고객만", en = "Only with marketing consent" }
type    = "boolean"
default = false

[params.minimum_revenue]
label   = { ko = "누적 매출 하한(원)", en = "Revenue from (KRW)" }
type    = "decimal"
default = 0
min     = 0
---*/

-- name: customers
-- source: shop
-- incremental: updated_at key customer_id lookback 1 day
-- Kept between runs; only customers changed since the last run are read again.
SELECT c.id AS customer_id, c.code, c.name, c.name_en, c.kind, c.grade,
       a.name AS area, a.code AS area_code, r.name AS region,
       c.phone, c.email, c.business_no, c.external_no, c.marketing_consent,
       c.credit_limit, c.joined_on, c.memo, c.updated_at
FROM customer AS c
JOIN region AS r ON r.code = c.region_code
JOIN sales_area AS a ON a.code = r.area_code
WHERE c.updated_at >= :incremental.since
  AND r.area_code = ANY(:areas);

-- name: bought
-- source: shop
-- cache: 10 minutes
-- One row per customer who ever bought.
SELECT o.customer_id,
       COUNT(*)            AS orders,
       SUM(o.total_amount) AS revenue,
       MAX(o.ordered_at)   AS last_order
FROM orders AS o
JOIN customer AS c ON c.id = o.customer_id
JOIN region AS r ON r.code = c.region_code
WHERE o.status <> 'cancelled'
  AND r.area_code = ANY(:areas)
GROUP BY o.customer_id;

-- name: list
-- engine: polars
-- Customers with what they bought; those who never did stay in the list.
SELECT c.code, c.name, c.name_en,
       CASE WHEN c.kind = 'business' THEN '기업' ELSE '개인' END AS kind,
       c.grade, c.area, c.region, c.phone, c.email, c.business_no, c.external_no,
       c.marketing_consent, c.credit_limit, c.joined_on,
       COALESCE(CAST(b.orders AS BIGINT), 0)  AS orders,
       COALESCE(CAST(b.revenue AS BIGINT), 0) AS revenue,
       b.last_order,
       c.memo, c.updated_at
FROM customers AS c
LEFT JOIN bought AS b ON b.customer_id = c.customer_id
WHERE COALESCE(CAST(b.revenue AS BIGINT), 0) >= :minimum_revenue
  AND (c.marketing_consent = TRUE OR NOT :with_consent)
  /*if grades*/ AND c.grade IN (:grades) /*end*/
  /*if joined_since*/ AND c.joined_on >= :joined_since /*end*/
  /*if search*/ AND (STRPOS(LOWER(c.name), LOWER(:search)) > 0 OR STRPOS(LOWER(c.name_en), LOWER(:search)) > 0) /*end*/
ORDER BY revenue DESC, c.code;

-- name: without_contact
-- engine: polars
-- check: warn
-- 많이 사지만 전화도 이메일도 없는 고객입니다. Good customers without phone and mail.
SELECT c.code, c.name, c.area, b.revenue
FROM customers AS c
JOIN bought AS b ON b.customer_id = c.customer_id
WHERE c.phone IS NULL AND c.email IS NULL AND CAST(b.revenue AS BIGINT) >= 10000000
ORDER BY b.revenue DESC;

/*--- workbook
[[sheet]]
name   = { ko = "고객", en = "Customers" }
query  = "list"
freeze = { rows = 1, columns = 2 }
empty  = { ko = "조건에 맞는 고객이 없습니다.", en = "No customer matches." }

[sheet.columns]
code              = { title = { ko = "고객 코드", en = "Code" }, format = "text", width = 11, total = "count" }
name              = { title = { ko = "이름", en = "Name" }, width = 28 }
name_en           = { title = { ko = "영문 이름", en = "Name in English" }, width = 28 }
kind              = { title = { ko = "종류", en = "Kind" }, width = 8 }
grade             = { title = { ko = "등급", en = "Grade" }, width = 8 }
area              = { title = { ko = "권역", en = "Area" }, width = 12 }
region            = { title = { ko = "시·도", en = "Region" }, width = 9 }
phone             = { title = { ko = "전화", en = "Phone" }, format = "text", width = 19 }
email             = { title = { ko = "이메일", en = "Mail" }, width = 28 }
business_no       = { title = { ko = "사업자 번호", en = "Business number" }, format = "text", width = 14 }
external_no       = { title = { ko = "외부 번호", en = "External number" }, format = "text", width = 23 }
marketing_consent = { title = { ko = "마케팅 동의", en = "Marketing consent" }, width = 12 }
credit_limit      = { title = { ko = "여신 한도", en = "Credit limit" }, format = "krw" }
joined_on         = { title = { ko = "가입일", en = "Joined" }, format = "date", width = 12 }
orders            = { title = { ko = "주문 수", en = "Orders" }, format = "int", total = "sum" }
revenue           = { title = { ko = "누적 매출", en = "Revenue" }, format = "krw", total = "sum" }
last_order        = { title = { ko = "최근 주문", en = "Last order" }, format = "datetime", width = 18 }
memo              = { title = { ko = "메모", en = "Memo" }, width = 40 }
updated_at        = { title = { ko = "고친 시각", en = "Changed" }, format = "datetime", width = 18 }

[[sheet.rule]]
column = "grade"
when   = "= 'VIP'"
style  = "good"

[[sheet.rule]]
column = "orders"
when   = "= 0"
style  = "muted"
---*/
