/*--- report
title       = { ko = "모든 항목", en = "Every parameter" }
description = "Shows each type once."
timezone    = "Europe/Berlin"
file_name   = { ko = "모든항목_{period}_{region}.xlsx", en = "every_{period.from}_{period.last_day}_{started}.xlsx" }

[params.period]
label   = { ko = "기간", en = "Period" }
type    = "period"
grain   = "month"
default = "previous month"
min     = "1 month"
max     = "2 years"

[params.day]
type    = "date"
default = "today - 7 days"
max     = "today"

[params.moment]
type     = "datetime"
required = false

[params.name]
type     = "text"
required = false
pattern  = "[가-힣 ]+"
max      = 40

[params.least]
type    = "integer"
default = 1_000
min     = 0
max     = 1_000_000

[params.rate]
type    = "decimal"
default = 0.05

[params.open]
label   = { ko = "미결만", en = "Open only" }
type    = "boolean"
default = true

[params.region]
label   = { ko = "지역", en = "Region" }
type    = "choice"
default = "11"
[params.region.options]
11 = { ko = "서울", en = "Seoul" }
26 = { ko = "부산", en = "Busan" }

[params.cities]
type    = "choices"
options = { query = "cities", value = "code", label = "name" }

[params.channels]
type     = "choices"
options  = ["web", "shop"]
default  = ["web"]
required = true

[params.companies]
type = "choices"
from = "viewer.companies"
---*/

-- name: cities
-- source: crm
-- cache: 1 hour
-- 선택한 지역의 도시.
SELECT code, name FROM city WHERE region = :region ORDER BY name;

-- name: orders
-- source: shop
-- timeout: 10 minutes
/*+ INDEX(o) */ SELECT o.id, o.city, o.amount, ':not_one' AS text, o.at::date AS day
FROM orders AS o -- not :one either
WHERE o.at >= :period.from AND o.at < :period.until
  AND o.day BETWEEN :period.first_day AND :period.last_day
  AND o.day <= :day
  AND o.amount >= :least AND o.rate < :rate
  AND o.region = :region
  AND o.channel IN (:channels)
  AND o.company = ANY(:companies)
  /*if moment*/ AND o.at < :moment /*end*/
  /*if name*/ AND o.name = :name /*end*/
  /*if open*/ AND o.closed_at IS NULL /*end*/
  /*if cities*/ AND o.city <> ALL(:cities) /*end*/;

-- name: by_city
-- engine: polars
WITH orders AS (SELECT * FROM orders WHERE amount > :least)
SELECT c.name AS city, COUNT(*) AS orders, SUM(o.amount) AS amount
FROM orders AS o JOIN cities AS c ON c.code = o.city
WHERE o.day >= :period.from
GROUP BY c.name
