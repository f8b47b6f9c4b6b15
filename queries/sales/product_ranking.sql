/*--- report
title       = { ko = "상품 순위", en = "Product ranking" }
description = { ko = "한 달 동안 많이 팔린 상품의 순위, 매출 비중, 전월 대비 증감과 ABC 등급입니다. 한 줄은 상품 하나입니다.", en = "The best-selling products of a month: rank, share, change against the month before, and ABC class. One row is one product." }
owner       = "merchandising@example.com"
timezone    = "Asia/Seoul"
file_name   = { ko = "상품순위_{month}.xlsx", en = "product-ranking_{month}.xlsx" }

[access]
view = ["sales", "finance"]
run  = ["sales", "finance"]

[params.month]
label   = { ko = "월", en = "Month" }
type    = "period"
grain   = "month"
default = "previous month"
max     = "1 month"

[params.category]
label    = { ko = "상품 분류", en = "Category" }
help     = { ko = "비워 두면 모든 분류입니다.", en = "Leave empty for all categories." }
type     = "choice"
required = false
options  = { query = "categories", value = "code", label = "name" }

[params.top]
label   = { ko = "몇 위까지", en = "Down to rank" }
type    = "integer"
default = 40
min     = 3
max     = 100
---*/

-- name: categories
-- source: shop
-- cache: 1 day
-- Fills the categories of the form.
SELECT code, name
FROM category
ORDER BY position;

-- name: products
-- source: shop
-- cache: 1 hour
-- Names and groups the products.
SELECT p.id AS product_id, p.code, p.name AS product, g.name AS category, p.category_code,
       p.launched_on, p.unit_cost
FROM product AS p
JOIN category AS g ON g.code = p.category_code;

-- name: sold
-- source: shop
-- One row per product and day, for the month and the one before.
SELECT l.product_id,
       date(o.ordered_at) AS day,
       SUM(l.quantity)    AS quantity,
       SUM(l.amount)      AS revenue
FROM orders AS o
JOIN order_line AS l ON l.order_id = o.id
WHERE o.ordered_at >= :month.before_1_month
  AND o.ordered_at <  :month.until
  AND o.status <> 'cancelled'
GROUP BY l.product_id, date(o.ordered_at);

-- name: typed
-- engine: polars
-- The same with types: an answer without rows would not know them.
SELECT product_id,
       CASE WHEN CAST(day AS DATE) >= :month.first_day THEN 0 ELSE 1 END AS months_ago,
       CAST(quantity AS BIGINT)        AS quantity,
       CAST(revenue AS NUMERIC(14, 2)) AS revenue
FROM sold;

-- name: by_product
-- engine: polars
-- One row per product and month, in whole won.
SELECT product_id, months_ago,
       SUM(quantity)       AS quantity,
       ROUND(SUM(revenue)) AS revenue
FROM typed
GROUP BY product_id, months_ago;

-- name: compared
-- engine: polars
-- This month and the month before in one row per product.
SELECT p.product_id, p.code, p.product, p.category, p.launched_on,
       SUM(CASE WHEN s.months_ago = 0 THEN s.quantity ELSE 0 END) AS quantity,
       SUM(CASE WHEN s.months_ago = 0 THEN s.revenue ELSE 0 END)  AS revenue,
       SUM(CASE WHEN s.months_ago = 1 THEN s.revenue ELSE 0 END)  AS revenue_before
FROM by_product AS s
JOIN products AS p ON p.product_id = s.product_id
WHERE s.months_ago <= 1
  /*if category*/ AND p.category_code = :category /*end*/
GROUP BY p.product_id, p.code, p.product, p.category, p.launched_on;

-- name: ranked
-- engine: polars
-- Ranks, shares and the sum of the shares so far; nothing has a share of a month without sales.
SELECT code, product, category, launched_on, quantity, revenue, revenue_before,
       RANK() OVER (ORDER BY revenue DESC)        AS place,
       RANK() OVER (ORDER BY revenue_before DESC) AS place_before,
       revenue * 1.0 / NULLIF(SUM(revenue) OVER (), 0) AS share,
       SUM(revenue) OVER (ORDER BY revenue DESC) * 1.0 / NULLIF(SUM(revenue) OVER (), 0) AS share_so_far
FROM compared;

-- name: ranking
-- engine: polars
-- The ranking as people read it.
SELECT place, code, product, category, quantity, revenue, share, share_so_far,
       CASE WHEN share_so_far - share < 0.7 THEN 'A' WHEN share_so_far - share < 0.9 THEN 'B' ELSE 'C' END AS class,
       CASE WHEN revenue_before > 0 THEN revenue_before END AS revenue_before,
       CASE WHEN revenue_before > 0 THEN revenue * 1.0 / revenue_before - 1 END AS change,
       CASE WHEN revenue_before > 0 THEN place_before - place END AS climbed,
       launched_on
FROM ranked
WHERE place <= :top AND revenue > 0
ORDER BY place, code;

-- name: by_category
-- engine: polars
-- One row per category.
SELECT category,
       COUNT(*)            AS products,
       SUM(quantity)       AS quantity,
       SUM(revenue)        AS revenue,
       SUM(revenue_before) AS revenue_before,
       CASE WHEN SUM(revenue_before) > 0 THEN SUM(revenue) * 1.0 / SUM(revenue_before) - 1 END AS change
FROM compared
GROUP BY category
ORDER BY revenue DESC;

/*--- workbook
[[sheet]]
name   = { ko = "순위", en = "Ranking" }
query  = "ranking"
freeze = { rows = 1, columns = 3 }
empty  = { ko = "이 달에는 팔린 상품이 없습니다.", en = "Nothing was sold in this month." }

[sheet.columns]
place          = { title = { ko = "순위", en = "Rank" }, format = "int", width = 7 }
code           = { title = { ko = "상품 코드", en = "Code" }, format = "text", width = 11 }
product        = { title = { ko = "상품", en = "Product" }, width = 28 }
category       = { title = { ko = "분류", en = "Category" }, width = 12 }
quantity       = { title = { ko = "판매 수량", en = "Sold" }, format = "int", total = "sum" }
revenue        = { title = { ko = "매출", en = "Revenue" }, format = "krw", total = "sum" }
share          = { title = { ko = "비중", en = "Share" }, format = "percent1", total = "sum" }
share_so_far   = { title = { ko = "누적 비중", en = "Share so far" }, format = "percent1" }
class          = { title = { ko = "등급", en = "Class" }, width = 8 }
revenue_before = { title = { ko = "전월 매출", en = "Month before" }, format = "krw", total = "sum" }
change         = { title = { ko = "전월 대비", en = "Change" }, format = "percent1" }
climbed        = { title = { ko = "순위 변동", en = "Climbed" }, format = { excel = "▲0;▼0;–" }, width = 11 }
launched_on    = { title = { ko = "출시일", en = "Launched" }, format = "date", width = 12 }

[[sheet.rule]]
column = "change"
when   = ">= 0.2"
style  = "good"

[[sheet.rule]]
column = "change"
when   = "<= -0.2"
style  = "bad"

[[sheet.rule]]
column = "class"
when   = "= 'C'"
style  = "muted"

[[sheet.chart]]
type  = "bar"
title = { ko = "매출 상위 10개 상품", en = "Top ten products" }
x     = "product"
y     = ["revenue", "revenue_before"]
rows  = 10
at    = "O2"

[[sheet.chart]]
type  = "scatter"
title = { ko = "수량과 매출", en = "Quantity and revenue" }
x     = "quantity"
y     = ["revenue"]
at    = "O24"

[[sheet]]
name  = { ko = "분류별", en = "Categories" }
query = "by_category"

[sheet.columns]
category       = { title = { ko = "분류", en = "Category" }, width = 14 }
products       = { title = { ko = "상품 수", en = "Products" }, format = "int", total = "sum" }
quantity       = { title = { ko = "판매 수량", en = "Sold" }, format = "int", total = "sum" }
revenue        = { title = { ko = "매출", en = "Revenue" }, format = "krw", total = "sum" }
revenue_before = { title = { ko = "전월 매출", en = "Month before" }, format = "krw", total = "sum" }
change         = { title = { ko = "전월 대비", en = "Change" }, format = "percent1" }

[[sheet.chart]]
type  = "pie"
title = { ko = "분류별 매출 비중", en = "Revenue by category" }
x     = "category"
y     = ["revenue"]
at    = "H2"
---*/
