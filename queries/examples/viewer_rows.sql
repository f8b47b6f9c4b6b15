/*--- report
title = { ko = "예제: 자기 권역의 줄만", en = "Example: everybody sees their own rows" }

[params.areas]
type = "choices"
from = "viewer.areas"
---*/

-- The value comes from the person's attribute `areas`. It is never shown and never sent by the browser. Somebody
-- without the attribute is refused, and it may not stand in an /*if*/: dropping it would drop the filter.

-- name: teams
-- source: shop
SELECT t.name AS team, COUNT(*) AS people
FROM team AS t
JOIN salesperson AS s ON s.team_id = t.id
WHERE t.area_code = ANY(:areas)
GROUP BY t.name
ORDER BY t.name;
