/*--- report
title = { ko = "예제: 열 고르기와 틀 고정", en = "Example: choosing columns, freezing panes" }
---*/

-- Listed columns come first, in this order; the rest follow unless others = false. Columns that are not shown still
-- serve charts, rules and pivots. freeze keeps rows and columns in view; the header row is frozen anyway.

-- name: products
-- source: shop
SELECT p.id, p.barcode, p.category_code, p.name, p.code, p.list_price, p.launched_on, p.description
FROM product AS p
ORDER BY p.code;

/*--- workbook
[[sheet]]
name   = { ko = "고른 열만", en = "Chosen columns" }
query  = "products"
others = false
freeze = { rows = 1, columns = 2 }

[sheet.columns]
code       = { title = { ko = "상품 코드", en = "Code" } }
name       = { title = { ko = "상품", en = "Product" }, width = 30 }
list_price = { title = { ko = "판매가", en = "Price" }, format = "krw" }

[[sheet]]
name  = { ko = "모든 열", en = "All columns" }
query = "products"

[sheet.columns]
name = { title = { ko = "상품", en = "Product" }, width = 30 }
---*/
