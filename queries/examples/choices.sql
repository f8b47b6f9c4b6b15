/*--- report
title = { ko = "예제: 고르기", en = "Example: choosing" }

[params.size]
label   = { ko = "목록", en = "List" }
type    = "choice"
default = "short"
options = { short = { ko = "짧게", en = "Short" }, long = { ko = "길게", en = "Long" } }

[params.kinds]
label   = { ko = "고객 종류", en = "Kinds" }
type    = "choices"
default = ["business"]
options = ["business", "person"]

[params.regions]
label   = { ko = "시·도", en = "Regions" }
help    = { ko = "비워 두면 모두입니다.", en = "Leave empty for all." }
type    = "choices"
options = { query = "regions", value = "code", label = "name" }
---*/

-- Options are a list, a table value = label, or the rows of a query. choice is one of them, choices any number.
-- choices may be empty (required = false is their default), so their condition stands in /*if*/.

-- name: regions
-- source: shop
-- cache: 1 hour
SELECT code, name
FROM region
ORDER BY position;

-- name: customers
-- source: shop
SELECT c.code, c.name, c.kind, r.name AS region
FROM customer AS c
JOIN region AS r ON r.code = c.region_code
WHERE c.id <= CASE WHEN :size = 'short' THEN 500 ELSE 100000 END
  /*if kinds*/ AND c.kind IN (:kinds) /*end*/
  /*if regions*/ AND c.region_code = ANY(:regions) /*end*/
ORDER BY c.code;
