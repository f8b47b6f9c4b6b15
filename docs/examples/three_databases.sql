/*--- report
title       = { ko = "세 데이터베이스 잇기", en = "Three databases in one report" }
description = { ko = "주문은 PostgreSQL, 고객은 MariaDB, 지역은 SQLite에 있습니다. 한 줄은 지역과 등급입니다.", en = "Orders in PostgreSQL, customers in MariaDB, regions in SQLite. One row is one region and grade." }
timezone    = "Asia/Seoul"

[params.month]
label   = { ko = "월", en = "Month" }
type    = "period"
grain   = "month"
default = "previous month"
max     = "12 months"
---*/

-- Every query with a source names its own database; Polars joins what they answered. To try it, name the sources
-- sales, crm and shop in digger.toml, load the demo shop into the first two (`digger demo --into`), and copy this file
-- to queries/examples/.

-- name: orders
-- source: sales
-- One row per order, from PostgreSQL.
SELECT o.id AS order_id, o.customer_id, o.total_amount
FROM orders AS o
WHERE o.ordered_at >= :month.from
  AND o.ordered_at <  :month.until
  AND o.status <> 'cancelled';

-- name: customers
-- source: crm
-- One row per customer, from MariaDB.
SELECT c.id AS customer_id, COALESCE(c.grade, '–') AS grade, c.region_code
FROM customer AS c;

-- name: regions
-- source: shop
-- The regions, from SQLite.
SELECT r.code AS region_code, r.name AS region, r.position
FROM region AS r;

-- name: by_region
-- engine: polars
-- One row per region and grade.
SELECT r.region, c.grade,
       COUNT(*)            AS orders,
       SUM(o.total_amount) AS revenue,
       MIN(r.position)     AS position
FROM orders AS o
JOIN customers AS c ON c.customer_id = o.customer_id
JOIN regions AS r ON r.region_code = c.region_code
GROUP BY r.region, c.grade
ORDER BY position, c.grade;

-- name: orders_without_a_customer
-- engine: polars
-- check: fail
-- 고객이 없는 주문이 있습니다. 두 데이터베이스가 서로 맞지 않습니다. Orders without a customer: the databases do not agree.
SELECT o.order_id
FROM orders AS o
LEFT JOIN customers AS c ON c.customer_id = o.customer_id
WHERE c.customer_id IS NULL;

/*--- workbook
[[sheet]]
name   = { ko = "지역·등급", en = "Regions and grades" }
query  = "by_region"
others = false
empty  = { ko = "이 달에는 주문이 없습니다.", en = "There were no orders in this month." }

[sheet.columns]
region  = { title = { ko = "시·도", en = "Region" }, width = 9 }
grade   = { title = { ko = "등급", en = "Grade" }, width = 8 }
orders  = { title = { ko = "주문 수", en = "Orders" }, format = "int", total = "sum" }
revenue = { title = { ko = "매출", en = "Revenue" }, format = "krw", total = "sum" }
---*/
