/*--- report
title = { ko = "예제: 숫자와 예·아니오", en = "Example: numbers and yes or no" }

[params.top]
label   = { ko = "몇 개까지", en = "How many" }
type    = "integer"
default = 10
min     = 1
max     = 40

[params.price_from]
label   = { ko = "가격 하한(원)", en = "Price from (KRW)" }
type    = "decimal"
default = 19_900.50
min     = 0

[params.on_sale]
label   = { ko = "지금 파는 상품만", en = "Only products on sale" }
type    = "boolean"
default = true
---*/

-- integer and decimal have min and max; decimals stay exact. A boolean always has a value, so it needs no /*if*/.

-- name: products
-- source: shop
SELECT p.code, p.name, p.list_price, p.ended_on
FROM product AS p
WHERE p.list_price >= :price_from
  AND (NOT :on_sale OR p.ended_on IS NULL)
ORDER BY p.list_price DESC
LIMIT :top;
