/*--- report
title = { ko = "예제: 순위·비중·누적·전월", en = "Example: rank, share, running total, month before" }
---*/

-- No keys are needed for these: they are window functions. Whole numbers are divided without a rest, so a quotient
-- begins with `* 1.0`; NULLIF keeps a month without revenue from being divided by.

-- name: days
-- source: shop
SELECT date(o.ordered_at) AS day, SUM(o.total_amount) AS revenue
FROM orders AS o
WHERE o.status <> 'cancelled'
GROUP BY date(o.ordered_at);

-- name: dated
-- engine: polars
SELECT CAST(DATE_TRUNC('month', CAST(day AS DATE)) AS DATE) AS month, CAST(revenue AS BIGINT) AS revenue
FROM days;

-- name: months
-- engine: polars
SELECT month, SUM(revenue) AS revenue
FROM dated
GROUP BY month;

-- name: compared
-- engine: polars
SELECT month,
       revenue,
       RANK() OVER (ORDER BY revenue DESC) AS place,
       revenue * 1.0 / NULLIF(SUM(revenue) OVER (), 0) AS share,
       SUM(revenue) OVER (ORDER BY month)  AS running_total,
       LAG(revenue) OVER (ORDER BY month)  AS month_before,
       revenue * 1.0 / NULLIF(LAG(revenue) OVER (ORDER BY month), 0) - 1 AS change
FROM months
ORDER BY month;

/*--- workbook
[[sheet]]
name  = { ko = "월별", en = "Months" }
query = "compared"

[sheet.columns]
month         = { format = "month" }
revenue       = { format = "krw" }
place         = { format = "int" }
share         = { format = "percent1" }
running_total = { format = "krw" }
month_before  = { format = "krw" }
change        = { format = "percent1" }
---*/
