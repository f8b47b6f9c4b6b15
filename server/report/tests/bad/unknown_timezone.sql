/*--- report
title = "x"
timezone = "Asia/Seul"
---*/
-- name: a
-- source: shop
SELECT 1 AS x
