/*--- report
title = "x"
[params.companies]
type = "choices"
from = "viewer.companies"
---*/
-- name: a
-- source: shop
SELECT 1 AS x
