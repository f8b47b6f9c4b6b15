/*--- report
title = { ko = "예제: 누가 볼 수 있나", en = "Example: who may see and run it" }
owner = "sales-ops@example.com"

[access]
view = ["sales", "finance"]
run  = ["finance"]
---*/

-- Sales and finance find this report and see its finished runs; only finance starts one.
-- An empty or absent list means administrators only. There is no public.

-- name: teams
-- source: shop
SELECT t.name, a.name AS area
FROM team AS t
JOIN sales_area AS a ON a.code = t.area_code
ORDER BY t.id;
