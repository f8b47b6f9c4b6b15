/*--- report
title = { ko = "예제: 이어지는 선택", en = "Example: a choice that follows another" }

[params.area]
label   = { ko = "권역", en = "Area" }
type    = "choice"
default = "yeongnam"
options = { query = "areas", value = "code", label = "name" }

[params.region]
label    = { ko = "시·도", en = "Region" }
type     = "choice"
required = false
options  = { query = "regions", value = "code", label = "name" }
---*/

-- The query behind the regions uses :area, so the form asks for them again when the area changes, keeps a choice
-- that is still there, and says what it dropped.

-- name: areas
-- source: shop
-- cache: 1 hour
SELECT code, name
FROM sales_area
ORDER BY position;

-- name: regions
-- source: shop
-- cache: 1 hour
SELECT code, name
FROM region
WHERE area_code = :area
ORDER BY position;

-- name: customers
-- source: shop
SELECT r.name AS region, COUNT(*) AS customers
FROM customer AS c
JOIN region AS r ON r.code = c.region_code
WHERE r.area_code = :area
  /*if region*/ AND r.code = :region /*end*/
GROUP BY r.name
ORDER BY customers DESC;
