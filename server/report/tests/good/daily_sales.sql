/*--- report
title       = "Daily sales by region"
description = "Orders, revenue and average basket per day and region, with a trend chart."
owner       = "sales-ops@example.com"
timezone    = "Asia/Seoul"      # all dates below are dates in this zone
file_name   = "daily-sales_{period.from}_{period.last_day}.xlsx"

[access]                           # empty or absent means administrators only
view = ["sales", "finance"]
run  = ["sales", "finance"]

[params.period]
label   = "Days"
type    = "period"                 # gives :period.from and :period.until, half open
default = "last 30 days"
max     = "2 years"

[params.regions]
label   = "Regions"
type    = "choices"
options = { query = "regions", value = "code", label = "name" }
help    = "Leave empty for all regions."
---*/

-- name: regions
-- source: shop
-- cache: 1 hour
-- Fills the Regions field of the form and names the regions below.
SELECT code, name
FROM region
ORDER BY name;

-- name: orders
-- source: shop
-- partition: ordered_at by day over period lookback 3 days
-- One row per order. Days older than three days are read once and kept.
SELECT o.id AS order_id, o.ordered_at, o.region_code, o.total_cents
FROM orders AS o
WHERE o.ordered_at >= :partition.from
  AND o.ordered_at <  :partition.until
  AND o.status <> 'cancelled'
  /*if regions*/ AND o.region_code = ANY(:regions) /*end*/;

-- name: by_day
-- engine: polars
SELECT
    CAST(o.ordered_at AS DATE)        AS day,
    r.name                            AS region,
    COUNT(*)                          AS orders,
    SUM(o.total_cents) / 100.0        AS revenue,
    SUM(o.total_cents) / 100.0 / COUNT(*) AS average_basket
FROM orders AS o
JOIN regions AS r ON r.code = o.region_code
GROUP BY CAST(o.ordered_at AS DATE), r.name
ORDER BY day, region;

/*--- workbook
[[sheet]]
name   = "Daily sales"
query  = "by_day"
freeze = { rows = 1, columns = 2 }

[sheet.columns]
day            = { title = "Day",            format = "date",   width = 12 }
region         = { title = "Region",         width = 18 }
orders         = { title = "Orders",         format = "int",    total = "sum" }
revenue        = { title = "Revenue",        format = "krw",    total = "sum" }
average_basket = { title = "Average basket", format = "krw" }

[[sheet.chart]]
type   = "line"
title  = "Revenue per day"
x      = "day"
y      = ["revenue"]
series = "region"
at     = "G2"
---*/
