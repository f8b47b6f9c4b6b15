/*--- report
title = "매출"
---*/

-- name: rows
-- source: shop
SELECT day, revenue FROM sales
