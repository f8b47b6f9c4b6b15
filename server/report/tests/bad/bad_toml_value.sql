/*--- report
title = "x
[access]
view = [sales]
---*/
-- name: a
-- source: shop
SELECT 1 AS x
