/*--- report
title = { ko = "예제: 바뀐 것만 읽기", en = "Example: reading only what changed" }
---*/

-- The rows are kept between runs. :incremental.since is the newest updated_at seen so far, less the lookback; the
-- newest row per key wins. The first run reads everything. Deletions at the source are not seen.

-- name: customers
-- source: shop
-- incremental: updated_at key id lookback 1 hour
SELECT c.id, c.code, c.name, c.grade, c.updated_at
FROM customer AS c
WHERE c.updated_at >= :incremental.since;

-- name: by_grade
-- engine: polars
SELECT COALESCE(grade, '–') AS grade, COUNT(*) AS customers, MAX(updated_at) AS last_change
FROM customers
GROUP BY COALESCE(grade, '–')
ORDER BY customers DESC;
