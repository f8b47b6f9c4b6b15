/*--- report
title     = { ko = "예제: 파일 이름", en = "Example: the file name" }
file_name = { ko = "{title}_{month}_{area}_{started}.xlsx", en = "{title}_{month}_{area}_{started}.xlsx" }

[params.month]
label   = { ko = "월", en = "Month" }
type    = "period"
grain   = "month"
default = "previous month"

[params.area]
label   = { ko = "권역", en = "Area" }
type    = "choice"
default = "capital"
options = { capital = { ko = "수도권", en = "Capital" }, honam = { ko = "호남", en = "Honam" }, yeongnam = { ko = "영남", en = "Yeongnam" } }
---*/

-- {title}, {date} (the day of the run), {started} (day and time) and every visible parameter may stand in the name.
-- A period is written short: 2026-10 for a month. {month.from}, {month.until} and {month.last_day} are its days.
-- Without file_name: title, period, choices, start.

-- name: orders
-- source: shop
SELECT COUNT(*) AS orders
FROM orders AS o
JOIN region AS r ON r.code = o.region_code
WHERE o.ordered_at >= :month.from
  AND o.ordered_at <  :month.until
  AND r.area_code = :area;
