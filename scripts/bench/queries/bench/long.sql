/*--- report
title = "A run that waits"

[access]
run = ["sales"]

[params.steps]
type = "integer"
---*/

-- name: counted
-- source: bench
-- Far more than anybody waits for; it is stopped from outside.
WITH RECURSIVE step(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM step WHERE n < :steps)
SELECT COUNT(*) AS steps FROM step;
