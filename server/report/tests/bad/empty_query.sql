/*--- report
title = "x"
---*/
-- name: regions
-- source: shop
-- Nothing yet.
;
