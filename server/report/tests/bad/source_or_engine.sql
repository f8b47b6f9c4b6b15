/*--- report
title = "x"
---*/
-- name: by_day
SELECT 1 AS x
