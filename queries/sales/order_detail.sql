/*--- report
title       = { ko = "주문 상세", en = "Order details" }
description = { ko = "주문의 모든 상품을 한 줄씩 보여 줍니다. 고객 문의와 정산 확인에 씁니다. 한 줄은 주문 상품 하나입니다.", en = "Every line of every order, for customer questions and settlements. One row is one product of an order." }
owner       = "sales-ops@example.com"
timezone    = "Asia/Seoul"
file_name   = { ko = "주문상세_{period}_{date}.xlsx", en = "order-details_{period}_{date}.xlsx" }

[access]
view = ["sales", "finance"]
run  = ["sales", "finance"]

[limits]
rows    = 12_000_000
runtime = "1 hour"

[params.period]
label   = { ko = "주문일", en = "Ordered" }
help    = { ko = "세 해까지 고를 수 있습니다. 한 해는 약 40만 줄입니다.", en = "Up to three years. A year has about 400,000 rows." }
type    = "period"
grain   = "day"
default = "previous month"
max     = "3 years"

[params.areas]
label   = { ko = "권역", en = "Sales areas" }
type    = "choices"
options = { query = "areas", value = "code", label = "name" }

[params.regions]
label   = { ko = "배송 시·도", en = "Delivered to" }
help    = { ko = "권역을 고르면 그 권역의 시·도만 나옵니다.", en = "Choosing areas narrows this list." }
type    = "choices"
options = { query = "regions", value = "code", label = "name" }

[params.channels]
label   = { ko = "채널", en = "Channels" }
type    = "choices"
options = { online = { ko = "온라인몰", en = "Online shop" }, store = { ko = "매장", en = "Store" }, partner = { ko = "제휴·대리점", en = "Partner" }, phone = { ko = "전화 주문", en = "Phone" }, live = { ko = "라이브 커머스", en = "Live commerce" } }

[params.category]
label    = { ko = "상품 분류", en = "Category" }
type     = "choice"
required = false
options  = { query = "categories", value = "code", label = "name" }

[params.customer]
label    = { ko = "고객 이름에 들어 있는 말", en = "Customer name contains" }
help     = { ko = "한글이나 영문 이름의 일부를 적습니다.", en = "Part of the Korean or English name." }
type     = "text"
required = false
max      = 60

[params.order_no]
label    = { ko = "주문 번호", en = "Order number" }
help     = { ko = "숫자 20자리입니다.", en = "Twenty digits." }
type     = "text"
required = false
pattern  = "[0-9]{20}"

[params.minimum_amount]
label    = { ko = "주문액 하한(원)", en = "Order amount from (KRW)" }
type     = "decimal"
required = false
min      = 0

[params.minimum_quantity]
label    = { ko = "상품 수량 하한", en = "Quantity from" }
type     = "integer"
required = false
min      = 1
max      = 1000

[params.ordered_after]
label    = { ko = "이 시각 뒤의 주문만", en = "Only ordered after" }
help     = { ko = "방송이나 행사가 시작된 시각을 적습니다.", en = "For example when a live broadcast began." }
type     = "datetime"
required = false

[params.gifts_only]
label   = { ko = "선물 주문만", en = "Gifts only" }
help    = { ko = "고객이 사는 시·도가 아닌 곳으로 보낸 주문입니다.", en = "Orders sent to another region than the customer's own." }
type    = "boolean"
default = false

[params.with_cancelled]
label   = { ko = "취소 주문 포함", en = "With cancelled orders" }
type    = "boolean"
default = false
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
-- Fills the regions of the form; chosen areas narrow them.
SELECT code, name
FROM region
/*if areas*/ WHERE area_code = ANY(:areas) /*end*/
ORDER BY position;

-- name: categories
-- source: shop
-- cache: 1 day
-- Fills the categories of the form.
SELECT code, name
FROM category
ORDER BY position;

-- name: lines
-- source: shop
-- timeout: 40 minutes
-- One row per product of an order, straight from the database into the workbook.
SELECT
    o.order_no,
    l.line_no,
    o.ordered_at,
    CASE o.status
        WHEN 'pending'   THEN '입금 대기'
        WHEN 'paid'      THEN '결제 완료'
        WHEN 'shipped'   THEN '배송 중'
        WHEN 'delivered' THEN '배송 완료'
        ELSE '취소'
    END AS status,
    a.name  AS area,
    r.name  AS region,
    h.name  AS channel,
    c.code  AS customer_code,
    c.name  AS customer,
    c.name_en AS customer_en,
    c.external_no,
    c.phone,
    t.name  AS team,
    s.name  AS salesperson,
    p.code  AS product_code,
    p.barcode,
    p.name  AS product,
    g.name  AS category,
    l.quantity,
    l.unit_price,
    l.discount_rate,
    l.discount_amount,
    l.amount,
    o.coupon_code,
    o.is_gift,
    o.paid_at,
    o.memo
FROM orders AS o
JOIN order_line AS l ON l.order_id = o.id
JOIN product AS p ON p.id = l.product_id
JOIN category AS g ON g.code = p.category_code
JOIN customer AS c ON c.id = o.customer_id
JOIN region AS r ON r.code = o.region_code
JOIN sales_area AS a ON a.code = r.area_code
JOIN channel AS h ON h.code = o.channel_code
LEFT JOIN salesperson AS s ON s.id = o.salesperson_id
LEFT JOIN team AS t ON t.id = s.team_id
WHERE o.ordered_at >= :period.from
  AND o.ordered_at <  :period.until
  AND (:with_cancelled OR o.status <> 'cancelled')
  AND (NOT :gifts_only OR o.is_gift)
  /*if areas*/ AND r.area_code = ANY(:areas) /*end*/
  /*if regions*/ AND o.region_code = ANY(:regions) /*end*/
  /*if channels*/ AND o.channel_code = ANY(:channels) /*end*/
  /*if category*/ AND p.category_code = :category /*end*/
  /*if customer*/ AND (LOWER(c.name) LIKE CONCAT('%', LOWER(:customer), '%') OR LOWER(c.name_en) LIKE CONCAT('%', LOWER(:customer), '%')) /*end*/
  /*if order_no*/ AND o.order_no = :order_no /*end*/
  /*if minimum_amount*/ AND o.total_amount >= :minimum_amount /*end*/
  /*if minimum_quantity*/ AND l.quantity >= :minimum_quantity /*end*/
  /*if ordered_after*/ AND o.ordered_at >= :ordered_after /*end*/
ORDER BY o.ordered_at, o.id, l.line_no;

/*--- workbook
[[sheet]]
name   = { ko = "주문 상세", en = "Order lines" }
query  = "lines"
freeze = { rows = 1, columns = 2 }
empty  = { ko = "조건에 맞는 주문이 없습니다. 기간을 넓히거나 조건을 줄여 보세요.", en = "No order matches. Try a longer period or fewer conditions." }

[sheet.columns]
order_no        = { title = { ko = "주문 번호", en = "Order number" }, format = "text", width = 23 }
line_no         = { title = { ko = "행", en = "Line" }, format = "int", width = 6 }
ordered_at      = { title = { ko = "주문 시각", en = "Ordered" }, format = "datetime", width = 18 }
status          = { title = { ko = "상태", en = "Status" }, width = 11 }
area            = { title = { ko = "권역", en = "Area" }, width = 12 }
region          = { title = { ko = "배송지", en = "Delivered to" }, width = 9 }
channel         = { title = { ko = "채널", en = "Channel" }, width = 15 }
customer_code   = { title = { ko = "고객 코드", en = "Customer code" }, format = "text", width = 11 }
customer        = { title = { ko = "고객", en = "Customer" }, width = 26 }
customer_en     = { title = { ko = "고객(영문)", en = "Customer (English)" }, width = 28 }
external_no     = { title = { ko = "거래처 외부 번호", en = "External number" }, format = "text", width = 23 }
phone           = { title = { ko = "전화", en = "Phone" }, format = "text", width = 19 }
team            = { title = { ko = "팀", en = "Team" }, width = 15 }
salesperson     = { title = { ko = "담당자", en = "Sales person" }, width = 11 }
product_code    = { title = { ko = "상품 코드", en = "Product code" }, format = "text", width = 11 }
barcode         = { title = { ko = "바코드", en = "Barcode" }, format = "text", width = 16 }
product         = { title = { ko = "상품", en = "Product" }, width = 26 }
category        = { title = { ko = "분류", en = "Category" }, width = 12 }
quantity        = { title = { ko = "수량", en = "Quantity" }, format = "int", total = "sum" }
unit_price      = { title = { ko = "단가", en = "Unit price" }, format = "krw" }
discount_rate   = { title = { ko = "할인율(%)", en = "Discount (%)" }, format = "decimal2" }
discount_amount = { title = { ko = "할인액", en = "Discount" }, format = "decimal2", total = "sum" }
amount          = { title = { ko = "금액", en = "Amount" }, format = "decimal2", total = "sum", width = 18 }
coupon_code     = { title = { ko = "쿠폰", en = "Coupon" }, format = "text", width = 12 }
is_gift         = { title = { ko = "선물", en = "Gift" } }
paid_at         = { title = { ko = "결제 시각", en = "Paid" }, format = "datetime", width = 18 }
memo            = { title = { ko = "주문 메모", en = "Memo" }, width = 40 }

[[sheet.rule]]
column = "status"
when   = "= '취소'"
style  = "muted"

[[sheet.rule]]
column = "status"
when   = "= '입금 대기'"
style  = "warn"
---*/
