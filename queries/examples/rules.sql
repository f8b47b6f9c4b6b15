/*--- report
title = { ko = "예제: 색 규칙", en = "Example: colour rules" }
---*/

-- Styles are good, warn, bad and muted. The first rule that fits wins. Texts stand in single quotes.

-- name: products
-- source: shop
SELECT p.name, p.list_price, p.unit_cost,
       1 - p.unit_cost / p.list_price AS margin,
       CASE WHEN p.ended_on IS NULL THEN '판매 중' ELSE '단종' END AS status
FROM product AS p
ORDER BY margin;

/*--- workbook
[[sheet]]
name  = { ko = "상품", en = "Products" }
query = "products"

[sheet.columns]
name       = { title = { ko = "상품", en = "Product" }, width = 30 }
list_price = { title = { ko = "판매가", en = "Price" }, format = "krw" }
unit_cost  = { title = { ko = "원가", en = "Cost" }, format = "decimal2" }
margin     = { title = { ko = "이익률", en = "Margin" }, format = "percent1" }
status     = { title = { ko = "상태", en = "Status" } }

[[sheet.rule]]
column = "margin"
when   = "< 0.3"
style  = "bad"

[[sheet.rule]]
column = "margin"
when   = "< 0.4"
style  = "warn"

[[sheet.rule]]
column = "margin"
when   = ">= 0.5"
style  = "good"

[[sheet.rule]]
column = "status"
when   = "= '단종'"
style  = "muted"
---*/
