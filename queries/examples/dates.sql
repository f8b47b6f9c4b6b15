/*--- report
title    = { ko = "예제: 날짜와 시각", en = "Example: dates and moments" }
timezone = "Asia/Seoul"

[params.hired_before]
label   = { ko = "입사일이 이날보다 앞", en = "Hired before" }
type    = "date"
default = "start of year"
min     = "2000-01-01"
max     = "today"

[params.ordered_before]
label   = { ko = "주문이 이 시각보다 앞", en = "Ordered before" }
type    = "datetime"
default = "start of month - 1 day"
---*/

-- A date is a day, a datetime a moment typed as wall time of the report's zone. Both may be relative: today, yesterday,
-- start of week|month|quarter|year, each with + or - a span. They are resolved when the run is queued and then stay.

-- name: people
-- source: shop
SELECT s.employee_no, s.name, s.hired_on,
       (SELECT MAX(o.ordered_at) FROM orders AS o
        WHERE o.salesperson_id = s.id AND o.ordered_at < :ordered_before) AS last_order
FROM salesperson AS s
WHERE s.hired_on < :hired_before
ORDER BY s.hired_on;

/*--- workbook
[[sheet]]
name  = { ko = "영업사원", en = "People" }
query = "people"

[sheet.columns]
last_order = { format = "datetime", width = 18 }
---*/
