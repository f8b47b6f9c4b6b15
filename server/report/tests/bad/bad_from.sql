/*--- report
title = "x"
[params.n]
type = "text"
from = "session.name"
---*/
-- name: a
-- source: shop
SELECT 1 AS x FROM t WHERE n = :n
