/*--- report
title = { ko = "예제: 조각으로 읽기", en = "Example: reading in slices" }

[params.period]
label   = { ko = "기간", en = "Period" }
type    = "period"
grain   = "month"
default = "last 6 months"
max     = "3 years"
---*/

-- One statement per month of the period. Months that ended more than seven days ago are read once and kept, so a
-- rerun next month reads one month. by hour, day, week or month; without lookback every run reads all.
-- Put optional filters into the aggregation, else each choice keeps its own copy.

-- name: orders
-- source: shop
-- partition: ordered_at by month over period lookback 7 days
SELECT o.ordered_at, o.channel_code, o.total_amount
FROM orders AS o
WHERE o.ordered_at >= :partition.from
  AND o.ordered_at <  :partition.until
  AND o.status <> 'cancelled';

-- name: by_channel
-- engine: polars
SELECT channel_code, COUNT(*) AS orders, SUM(total_amount) AS revenue
FROM orders
GROUP BY channel_code
ORDER BY revenue DESC;
