/*--- report
title       = "Invoice reconciliation"
description = """
Compares what the shop sold with what billing invoiced and what was paid,
per customer and month, and lists every order without an invoice."""
owner       = "finance@example.com"
timezone    = "Asia/Seoul"
formerly    = ["finance/billing_check"]   # old ids keep their schedules and links

[access]
view = ["finance"]
run  = ["finance"]

[params.month]
label   = "Month"
type    = "period"
grain   = "month"
default = "previous month"

[params.minimum_difference]
label   = "Ignore differences below (KRW)"
type    = "decimal"
default = 0.01
min     = 0

[params.companies]
type = "choices"
from = "viewer.companies"          # never shown, never sent by the browser

[limits]
rows    = 5_000_000                # per query, after which the run fails
runtime = "30 minutes"
---*/

-- name: orders
-- source: shop
-- partition: ordered_at by day over month lookback 7 days
SELECT o.id AS order_id, o.customer_id, o.company_id, o.ordered_at,
       o.total_cents
FROM orders AS o
WHERE o.ordered_at >= :partition.from
  AND o.ordered_at <  :partition.until
  AND o.company_id = ANY(:companies);

-- name: customers
-- source: crm
-- incremental: updated_at key customer_id
-- Kept between runs; :incremental.since is the newest updated_at seen so far.
SELECT c.id AS customer_id, c.name AS customer, c.updated_at
FROM customer AS c
WHERE c.updated_at >= :incremental.since;

-- name: invoices
-- source: billing
-- timeout: 10 minutes
SELECT invoice_id, order_id, amount_cents, paid_at
FROM invoice
WHERE issued_at >= :month.from
  AND issued_at <  :month.until
  AND company_id IN (:companies);

-- name: matched
-- engine: polars
-- One row per order with whatever billing knows about it.
SELECT o.order_id, o.customer_id, o.ordered_at,
       o.total_cents                                    AS sold_cents,
       COALESCE(i.amount_cents, 0)                      AS invoiced_cents,
       CASE WHEN i.paid_at IS NULL THEN 0 ELSE i.amount_cents END AS paid_cents,
       i.invoice_id
FROM orders AS o
LEFT JOIN invoices AS i ON i.order_id = o.order_id;

-- name: by_customer
-- engine: polars
SELECT c.customer,
       COUNT(*)                            AS orders,
       SUM(m.sold_cents) / 100.0           AS sold,
       SUM(m.invoiced_cents) / 100.0       AS invoiced,
       SUM(m.paid_cents) / 100.0           AS paid,
       (SUM(m.sold_cents) - SUM(m.invoiced_cents)) / 100.0 AS difference
FROM matched AS m
JOIN customers AS c ON c.customer_id = m.customer_id
GROUP BY c.customer
HAVING ABS(SUM(m.sold_cents) - SUM(m.invoiced_cents)) / 100.0 >= :minimum_difference
ORDER BY difference DESC;

-- name: not_invoiced
-- engine: polars
SELECT m.order_id, c.customer, m.ordered_at, m.sold_cents / 100.0 AS sold
FROM matched AS m
JOIN customers AS c ON c.customer_id = m.customer_id
WHERE m.invoice_id IS NULL
ORDER BY m.ordered_at;

-- name: orders_without_a_customer
-- engine: polars
-- check: fail
-- Rows here mean the CRM copy is stale and every sum below would be wrong.
SELECT m.order_id, m.customer_id
FROM matched AS m
LEFT JOIN customers AS c ON c.customer_id = m.customer_id
WHERE c.customer_id IS NULL;

/*--- workbook
[[sheet]]
name  = "By customer"
query = "by_customer"

[sheet.columns]
customer   = { title = "Customer", width = 32 }
orders     = { title = "Orders",     format = "int", total = "sum" }
sold       = { title = "Sold",       format = "krw", total = "sum" }
invoiced   = { title = "Invoiced",   format = "krw", total = "sum" }
paid       = { title = "Paid",       format = "krw", total = "sum" }
difference = { title = "Difference", format = "krw", total = "sum" }

[[sheet.rule]]
column = "difference"
when   = "> 1000"
style  = "bad"

[[sheet.chart]]
type  = "bar"
title = "Largest differences"
x     = "customer"
y     = ["difference"]
rows  = 10
at    = "H2"

[[sheet]]
name  = "Not invoiced"
query = "not_invoiced"
empty = "Every order has an invoice."

[sheet.columns]
order_id   = { title = "Order" }
customer   = { title = "Customer", width = 32 }
ordered_at = { title = "Ordered",  format = "datetime" }
sold       = { title = "Value",    format = "krw", total = "sum" }
---*/
