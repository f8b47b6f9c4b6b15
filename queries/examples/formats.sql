/*--- report
title = { ko = "예제: 표시 형식", en = "Example: formats" }
---*/

-- Formats are words, not Excel codes. What no word says is a raw code. Without a format the column's type decides;
-- numbers of more than 15 digits and codes with leading zeros stay text by themselves.

-- name: orders
-- source: shop
SELECT o.order_no, o.id,
       o.total_amount    AS won,
       o.discount_amount AS exact,
       o.total_amount / 1400.0 AS dollars,
       o.total_amount / 1600.0 AS euros,
       o.discount_amount / o.goods_amount AS share,
       o.total_amount / 1000.0 AS raw,
       o.ordered_at      AS moment,
       o.ordered_at      AS day,
       o.ordered_at      AS month,
       o.is_gift
FROM orders AS o
ORDER BY o.id DESC
LIMIT 50;

/*--- workbook
[[sheet]]
name  = { ko = "형식", en = "Formats" }
query = "orders"

[sheet.columns]
order_no = { title = "text", format = "text", width = 23 }
id       = { title = "int", format = "int" }
exact    = { title = "decimal2", format = "decimal2" }
share    = { title = "percent1", format = "percent1" }
won      = { title = "krw", format = "krw" }
dollars  = { title = "usd", format = "usd" }
euros    = { title = "eur", format = "eur" }
day      = { title = "date", format = "date" }
moment   = { title = "datetime", format = "datetime", width = 18 }
month    = { title = "month", format = "month" }
raw      = { title = "{ excel = \"0.00E+00\" }", format = { excel = "0.00E+00" }, width = 24 }
---*/
