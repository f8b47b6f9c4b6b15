/*--- report
title = "One row"

[access]
run = ["sales"]
---*/

-- name: one
-- source: shop
-- As little as a run can be: its process, one statement, one file.
SELECT 1 AS one;
