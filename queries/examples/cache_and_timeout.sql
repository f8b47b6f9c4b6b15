/*--- report
title = { ko = "예제: 잠시 기억하기와 시간제한", en = "Example: cache and timeout" }

[limits]
rows    = 100_000
runtime = "5 minutes"
---*/

-- cache: the same values within ten minutes get the staged answer again. timeout: this query may take a minute and
-- then fails with a clear message. [limits] holds for every query and for the whole run. A hint for the database's
-- optimiser, /*+ … */, is the only comment that is sent.

-- name: by_status
-- source: shop
-- cache: 10 minutes
-- timeout: 1 minute
SELECT /*+ MAX_EXECUTION_TIME(60000) */ o.status, COUNT(*) AS orders
FROM orders AS o
GROUP BY o.status
ORDER BY orders DESC;
