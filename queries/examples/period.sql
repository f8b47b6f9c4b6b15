/*--- report
title = { ko = "예제: 기간", en = "Example: a period" }

[params.period]
label   = { ko = "기간", en = "Period" }
help    = { ko = "끝나는 날도 들어갑니다.", en = "The last day is included." }
type    = "period"
default = "last 30 days"
min     = "1 day"
max     = "2 years"
---*/

-- A period gives :period.from and :period.until. Compare times half open, from <= time < until, and no second is lost or
-- counted twice. For columns that hold days there are :period.first_day and :period.last_day, both included.
-- Defaults: last N days|weeks|months, this or previous week|month|quarter|year, or 2026-01-01 .. 2026-02-01.

-- name: targets
-- source: shop
SELECT g.month, SUM(g.amount) AS target
FROM target AS g
WHERE g.month BETWEEN :period.first_day AND :period.last_day
GROUP BY g.month;

-- name: days
-- source: shop
SELECT date(o.ordered_at) AS day, COUNT(*) AS orders
FROM orders AS o
WHERE o.ordered_at >= :period.from
  AND o.ordered_at <  :period.until
GROUP BY date(o.ordered_at)
ORDER BY day;

/*--- workbook
[[sheet]]
name  = { ko = "일별", en = "Days" }
query = "days"
empty = { ko = "이 기간에는 주문이 없습니다.", en = "There were no orders." }

[sheet.columns]
day = { title = { ko = "날짜", en = "Day" }, format = "date" }

[[sheet]]
name  = { ko = "목표", en = "Targets" }
query = "targets"
empty = { ko = "이 기간에 시작하는 달이 없습니다.", en = "No month begins in this period." }
---*/
