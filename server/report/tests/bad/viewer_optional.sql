/*--- report
title = "x"
[params.companies]
type = "choices"
from = "viewer.companies"
required = false
---*/
-- name: a
-- source: shop
SELECT 1 AS x FROM t WHERE c = ANY(:companies)
