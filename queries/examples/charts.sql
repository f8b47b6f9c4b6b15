/*--- report
title = { ko = "예제: 차트 여섯 가지", en = "Example: the six kinds of chart" }
---*/

-- Charts are native and editable. x is the axis, y the columns drawn; series makes one line per value of a column;
-- rows draws only the first rows; at is the cell of the upper left corner, by default right of the rows.

-- name: sales
-- source: shop
SELECT date(o.ordered_at) AS day, h.name AS channel, h.position,
       COUNT(*)            AS orders,
       SUM(o.total_amount) AS revenue
FROM orders AS o
JOIN channel AS h ON h.code = o.channel_code
WHERE o.status <> 'cancelled'
GROUP BY date(o.ordered_at), h.name, h.position;

-- name: products
-- source: shop
SELECT p.name, SUM(l.quantity) AS quantity, ROUND(SUM(l.amount)) AS revenue
FROM order_line AS l
JOIN product AS p ON p.id = l.product_id
GROUP BY p.id, p.name
ORDER BY revenue DESC;

-- name: dated
-- engine: polars
SELECT CAST(DATE_TRUNC('month', CAST(day AS DATE)) AS DATE) AS month, channel, position,
       CAST(orders AS BIGINT)  AS orders,
       CAST(revenue AS BIGINT) AS revenue
FROM sales;

-- name: months
-- engine: polars
SELECT month, SUM(orders) AS orders, SUM(revenue) AS revenue
FROM dated
GROUP BY month
ORDER BY month;

-- name: channels
-- engine: polars
SELECT month, channel, SUM(revenue) AS revenue, MIN(position) AS position
FROM dated
GROUP BY month, channel
ORDER BY month, position;

/*--- workbook
[[sheet]]
name  = { ko = "선", en = "Line" }
query = "months"

[sheet.columns]
month   = { title = { ko = "월", en = "Month" }, format = "month" }
orders  = { title = { ko = "주문 수", en = "Orders" }, format = "int" }
revenue = { title = { ko = "매출", en = "Revenue" }, format = "krw" }

[[sheet.chart]]
type  = "line"
title = { ko = "월별 주문 수", en = "Orders per month" }
x     = "month"
y     = ["orders"]
at    = "E2"

[[sheet]]
name  = { ko = "세로 막대", en = "Column" }
query = "months"

[sheet.columns]
month   = { title = { ko = "월", en = "Month" }, format = "month" }
revenue = { title = { ko = "매출", en = "Revenue" }, format = "krw" }

[[sheet.chart]]
type  = "column"
title = { ko = "월별 매출", en = "Revenue per month" }
x     = "month"
y     = ["revenue"]
at    = "E2"

[[sheet]]
name  = { ko = "가로 막대", en = "Bar" }
query = "products"

[sheet.columns]
name    = { title = { ko = "상품", en = "Product" }, width = 28 }
revenue = { title = { ko = "매출", en = "Revenue" }, format = "krw" }

[[sheet.chart]]
type  = "bar"
title = { ko = "매출 상위 10개", en = "Top ten" }
x     = "name"
y     = ["revenue"]
rows  = 10
at    = "E2"

[[sheet]]
name   = { ko = "영역", en = "Area" }
query  = "channels"
others = false

[sheet.columns]
month   = { title = { ko = "월", en = "Month" }, format = "month" }
channel = { title = { ko = "채널", en = "Channel" }, width = 16 }
revenue = { title = { ko = "매출", en = "Revenue" }, format = "krw" }

[[sheet.chart]]
type   = "area"
title  = { ko = "채널별 매출", en = "Revenue by channel" }
x      = "month"
y      = ["revenue"]
series = "channel"
at     = "E2"

[[sheet]]
name  = { ko = "원", en = "Pie" }
query = "products"

[sheet.columns]
name    = { title = { ko = "상품", en = "Product" }, width = 28 }
revenue = { title = { ko = "매출", en = "Revenue" }, format = "krw" }

[[sheet.chart]]
type  = "pie"
title = { ko = "상위 8개 상품", en = "The top eight" }
x     = "name"
y     = ["revenue"]
rows  = 8
at    = "E2"

[[sheet]]
name  = { ko = "점", en = "Scatter" }
query = "products"

[sheet.columns]
name     = { title = { ko = "상품", en = "Product" }, width = 28 }
quantity = { title = { ko = "수량", en = "Quantity" }, format = "int" }
revenue  = { title = { ko = "매출", en = "Revenue" }, format = "krw" }

[[sheet.chart]]
type  = "scatter"
title = { ko = "수량과 매출", en = "Quantity and revenue" }
x     = "quantity"
y     = ["revenue"]
at    = "E2"
---*/
