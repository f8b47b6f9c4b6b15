/*--- report
title       = { ko = "목표 대비 실적", en = "Sales against target" }
description = { ko = "영업사원의 월 목표와 실적입니다. 자기 권역의 팀만 보입니다. 한 줄은 영업사원 한 사람입니다.", en = "What every sales person sold against the month's target. You see the teams of your own areas. One row is one person." }
owner       = "sales-lead@example.com"
timezone    = "Asia/Seoul"
file_name   = { ko = "목표대비실적_{month}.xlsx", en = "sales-against-target_{month}.xlsx" }

[access]
view = ["sales", "finance"]
run  = ["sales", "finance"]

[params.month]
label   = { ko = "월", en = "Month" }
type    = "period"
grain   = "month"
default = "previous month"
max     = "12 months"

[params.teams]
label   = { ko = "팀", en = "Teams" }
help    = { ko = "비워 두면 볼 수 있는 모든 팀입니다.", en = "Leave empty for every team you may see." }
type    = "choices"
options = { query = "teams", value = "id", label = "name" }

[params.areas]
type = "choices"
from = "viewer.areas"

[params.goal]
label   = { ko = "달성으로 보는 비율(%)", en = "Reached from (%)" }
type    = "integer"
default = 100
min     = 50
max     = 200
---*/

-- name: teams
-- source: shop
-- Fills the teams of the form; everybody sees those of their own areas.
SELECT t.id, t.name
FROM team AS t
WHERE t.area_code = ANY(:areas)
ORDER BY t.id;

-- name: people
-- source: shop
-- Who works, or worked, in the teams.
SELECT s.id AS salesperson_id, s.employee_no, s.name, s.name_en, s.hired_on, s.left_on,
       t.id AS team_id, t.name AS team, t.area_code
FROM salesperson AS s
JOIN team AS t ON t.id = s.team_id
WHERE t.area_code = ANY(:areas)
  /*if teams*/ AND t.id = ANY(:teams) /*end*/;

-- name: sold
-- source: shop
-- One row per person and day.
SELECT o.salesperson_id,
       date(o.ordered_at)  AS day,
       COUNT(*)            AS orders,
       COUNT(DISTINCT o.customer_id) AS customers,
       SUM(o.total_amount) AS revenue
FROM orders AS o
JOIN salesperson AS s ON s.id = o.salesperson_id
JOIN team AS t ON t.id = s.team_id
WHERE o.ordered_at >= :month.from
  AND o.ordered_at <  :month.until
  AND o.status <> 'cancelled'
  AND t.area_code = ANY(:areas)
GROUP BY o.salesperson_id, date(o.ordered_at);

-- name: targets
-- source: shop
-- Targets of the months; new people have none in their first two.
SELECT g.salesperson_id, SUM(g.amount) AS target
FROM target AS g
JOIN salesperson AS s ON s.id = g.salesperson_id
JOIN team AS t ON t.id = s.team_id
WHERE g.month >= :month.first_day
  AND g.month <= :month.last_day
  AND t.area_code = ANY(:areas)
GROUP BY g.salesperson_id;

-- name: totals
-- engine: polars
-- What each person sold.
SELECT salesperson_id,
       SUM(CAST(orders AS BIGINT))  AS orders,
       SUM(CAST(revenue AS BIGINT)) AS revenue
FROM sold
GROUP BY salesperson_id;

-- name: planned
-- engine: polars
-- The targets as whole won.
SELECT salesperson_id, CAST(target AS BIGINT) AS target
FROM targets;

-- name: by_person
-- engine: polars
-- One row per person who sold or should have sold, the best first within the team.
SELECT p.team, p.employee_no, p.name, p.hired_on,
       COALESCE(w.orders, 0)  AS orders,
       g.target,
       COALESCE(w.revenue, 0) AS revenue,
       COALESCE(w.revenue, 0) - g.target AS difference,
       COALESCE(w.revenue, 0) * 1.0 / NULLIF(g.target, 0) AS attainment,
       CASE WHEN g.target IS NULL THEN '목표 없음'
            WHEN COALESCE(w.revenue, 0) * 100 >= g.target * :goal THEN '달성'
            ELSE '미달' END AS result,
       p.left_on
FROM people AS p
LEFT JOIN totals AS w ON w.salesperson_id = p.salesperson_id
LEFT JOIN planned AS g ON g.salesperson_id = p.salesperson_id
WHERE w.revenue IS NOT NULL OR g.target IS NOT NULL
ORDER BY attainment DESC NULLS LAST, p.employee_no;

-- name: by_team
-- engine: polars
-- One row per team.
SELECT team,
       COUNT(*)     AS people,
       SUM(target)  AS target,
       SUM(revenue) AS revenue,
       SUM(revenue) * 1.0 / NULLIF(SUM(target), 0) AS attainment,
       SUM(CASE WHEN result = '달성' THEN 1 ELSE 0 END) AS reached
FROM by_person
GROUP BY team
ORDER BY attainment DESC NULLS LAST;

-- name: days
-- engine: polars
-- What each team had sold by the end of each day.
SELECT p.team, CAST(s.day AS DATE) AS day, SUM(CAST(s.revenue AS BIGINT)) AS revenue
FROM sold AS s
JOIN people AS p ON p.salesperson_id = s.salesperson_id
GROUP BY p.team, s.day;

-- name: so_far
-- engine: polars
-- The month as a race: the running total per team.
SELECT day, team, revenue,
       SUM(revenue) OVER (PARTITION BY team ORDER BY day) AS running_total
FROM days
ORDER BY day, team;

/*--- workbook
[[sheet]]
name   = { ko = "영업사원", en = "People" }
query  = "by_person"
freeze = { rows = 1, columns = 3 }
empty  = { ko = "볼 수 있는 팀의 실적이 없습니다.", en = "The teams you may see sold nothing." }

[sheet.columns]
team        = { title = { ko = "팀", en = "Team" }, width = 16 }
employee_no = { title = { ko = "사번", en = "Number" }, format = "text", width = 9 }
name        = { title = { ko = "이름", en = "Name" }, width = 11 }
orders      = { title = { ko = "주문 수", en = "Orders" }, format = "int", total = "sum" }
target      = { title = { ko = "목표", en = "Target" }, format = "krw", total = "sum" }
revenue     = { title = { ko = "실적", en = "Sold" }, format = "krw", total = "sum" }
difference  = { title = { ko = "차이", en = "Difference" }, format = { excel = "+#,##0;[Red]-#,##0;0" }, total = "sum", width = 16 }
attainment  = { title = { ko = "달성률", en = "Attainment" }, format = "percent1" }
result      = { title = { ko = "결과", en = "Result" }, width = 11 }
hired_on    = { title = { ko = "입사일", en = "Hired" }, format = "date", width = 12 }
left_on     = { title = { ko = "퇴사일", en = "Left" }, format = "date", width = 12 }

[[sheet.rule]]
column = "attainment"
when   = ">= 1"
style  = "good"

[[sheet.rule]]
column = "attainment"
when   = "< 0.8"
style  = "bad"

[[sheet.rule]]
column = "attainment"
when   = "< 1"
style  = "warn"

[[sheet.rule]]
column = "result"
when   = "= '목표 없음'"
style  = "muted"

[[sheet.chart]]
type  = "bar"
title = { ko = "달성률 상위 12명", en = "The twelve best" }
x     = "name"
y     = ["attainment"]
rows  = 12
at    = "M2"

[[sheet.chart]]
type  = "scatter"
title = { ko = "목표와 실적", en = "Target and sold" }
x     = "target"
y     = ["revenue"]
at    = "M24"

[[sheet]]
name  = { ko = "팀", en = "Teams" }
query = "by_team"
empty = { ko = "볼 수 있는 팀의 실적이 없습니다.", en = "The teams you may see sold nothing." }

[sheet.columns]
team       = { title = { ko = "팀", en = "Team" }, width = 16 }
people     = { title = { ko = "인원", en = "People" }, format = "int", total = "sum" }
target     = { title = { ko = "목표", en = "Target" }, format = "krw", total = "sum" }
revenue    = { title = { ko = "실적", en = "Sold" }, format = "krw", total = "sum" }
attainment = { title = { ko = "달성률", en = "Attainment" }, format = "percent1" }
reached    = { title = { ko = "달성 인원", en = "Reached" }, format = "int", total = "sum" }

[[sheet.rule]]
column = "attainment"
when   = ">= 1"
style  = "good"

[[sheet.rule]]
column = "attainment"
when   = "< 0.9"
style  = "bad"

[[sheet.chart]]
type  = "column"
title = { ko = "팀별 목표와 실적", en = "Target and sold, by team" }
x     = "team"
y     = ["target", "revenue"]
at    = "H2"

[[sheet]]
name   = { ko = "월중 누적", en = "Through the month" }
query  = "so_far"

[sheet.columns]
day           = { title = { ko = "날짜", en = "Day" }, format = "date", width = 12 }
team          = { title = { ko = "팀", en = "Team" }, width = 16 }
revenue       = { title = { ko = "그날 실적", en = "Sold that day" }, format = "krw", total = "sum" }
running_total = { title = { ko = "누적", en = "So far" }, format = "krw" }

[[sheet.chart]]
type   = "line"
title  = { ko = "팀별 누적 실적", en = "Running total by team" }
x      = "day"
y      = ["running_total"]
series = "team"
at     = "F2"
---*/
