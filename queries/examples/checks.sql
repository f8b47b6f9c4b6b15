/*--- report
title = { ko = "예제: 검사", en = "Example: checks" }
---*/

-- A query with `check` must return no rows. `fail` stops the run and no file is handed out; `warn` lets the file
-- through with a warning that shows the first twenty rows.

-- name: refunds
-- source: shop
SELECT f.id, f.amount, f.reason_code, o.total_amount, o.status
FROM refund AS f
JOIN orders AS o ON o.id = f.order_id;

-- name: more_than_paid
-- engine: polars
-- check: fail
-- Nobody gets back more than they paid.
SELECT id, amount, total_amount
FROM refunds
WHERE amount > total_amount;

-- name: without_reason
-- engine: polars
-- check: warn
-- Every refund should say why.
SELECT id, amount
FROM refunds
WHERE reason_code IS NULL AND amount > 1500000;

-- name: by_reason
-- engine: polars
SELECT COALESCE(reason_code, '–') AS reason, COUNT(*) AS refunds, SUM(amount) AS amount
FROM refunds
GROUP BY COALESCE(reason_code, '–')
ORDER BY reason;

/*--- workbook
[[sheet]]
name  = { ko = "사유", en = "Reasons" }
query = "by_reason"
---*/
