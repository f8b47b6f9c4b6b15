/*--- report
title = { ko = "예제: 합계", en = "Example: totals" }
---*/

-- total is sum, average, count, min or max. It is written as a formula that follows the filter, and it is a control
-- total: the run keeps it, the About sheet prints it, and the run page compares it with the period before.

-- name: people
-- source: shop
SELECT s.name, s.hired_on,
       COUNT(*)            AS orders,
       SUM(o.total_amount) AS revenue,
       MAX(o.total_amount) AS largest
FROM salesperson AS s
JOIN orders AS o ON o.salesperson_id = s.id
GROUP BY s.id, s.name, s.hired_on
ORDER BY revenue DESC;

/*--- workbook
[[sheet]]
name  = { ko = "영업사원", en = "People" }
query = "people"

[sheet.columns]
name     = { title = { ko = "이름", en = "Name" }, total = "count" }
hired_on = { title = { ko = "입사일", en = "Hired" }, format = "date", total = "min" }
orders   = { title = { ko = "주문 수", en = "Orders" }, format = "int", total = "average" }
revenue  = { title = { ko = "매출", en = "Revenue" }, format = "krw", total = "sum" }
largest  = { title = { ko = "가장 큰 주문", en = "Largest order" }, format = "krw", total = "max" }
---*/
