/*--- report
title = { ko = "예제: 주·월·분기·연 단위", en = "Example: weeks, months, quarters, years" }

[params.weeks]
label   = { ko = "주 단위", en = "Weeks" }
type    = "period"
grain   = "week"
default = "last 4 weeks"

[params.months]
label   = { ko = "월 단위", en = "Months" }
type    = "period"
grain   = "month"
default = "previous month"

[params.quarters]
label   = { ko = "분기 단위", en = "Quarters" }
type    = "period"
grain   = "quarter"
default = "previous quarter"

[params.years]
label   = { ko = "연 단위", en = "Years" }
type    = "period"
grain   = "year"
default = "previous year"
---*/

-- grain keeps the picker to whole units: day, week (from Monday), month, quarter or year.

-- name: counts
-- source: shop
SELECT 'week' AS grain, COUNT(*) AS orders FROM orders WHERE ordered_at >= :weeks.from AND ordered_at < :weeks.until
UNION ALL
SELECT 'month', COUNT(*) FROM orders WHERE ordered_at >= :months.from AND ordered_at < :months.until
UNION ALL
SELECT 'quarter', COUNT(*) FROM orders WHERE ordered_at >= :quarters.from AND ordered_at < :quarters.until
UNION ALL
SELECT 'year', COUNT(*) FROM orders WHERE ordered_at >= :years.from AND ordered_at < :years.until;
