/*--- report
title = "x"
---*/
-- name: a
-- source: shop
SELECT 1 AS x
-- name: b
-- engine: polars
SELECT NTILE(4) OVER (ORDER BY x) AS part, DATE_TRUNC('week', x) AS week,
  DATE_TRUNC('month', x) AS month, AVG(x) OVER (ORDER BY x ROWS BETWEEN 6 PRECEDING AND CURRENT ROW) AS week_mean
FROM a
WHERE x > (SELECT AVG(x) FROM a) AND x < CAST('2026-02-01' AS TIMESTAMP)
-- name: c
-- engine: polars
SELECT x, COUNT(*) AS n FROM a GROUP BY ROLLUP (x)
