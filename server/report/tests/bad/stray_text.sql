/*--- report
title = "x"
---*/
SELECT 1;
-- name: a
-- source: shop
SELECT 1 AS x
