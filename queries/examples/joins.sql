/*--- report
title = { ko = "예제: 질의 잇기", en = "Example: joining queries" }
---*/

-- Queries with a source run first; each may name another database. Aggregations read them, and each other, by
-- name and in any order without a circle. This is what the hand-made Excel did with VLOOKUP.

-- name: teams
-- source: shop
SELECT id AS team_id, name AS team
FROM team;

-- name: people
-- source: shop
SELECT id AS salesperson_id, team_id, name, left_on
FROM salesperson;

-- name: staffed
-- engine: polars
SELECT t.team,
       COUNT(*) AS people,
       SUM(CASE WHEN p.left_on IS NULL THEN 1 ELSE 0 END) AS at_work
FROM people AS p
JOIN teams AS t ON t.team_id = p.team_id
GROUP BY t.team
ORDER BY people DESC, t.team;
