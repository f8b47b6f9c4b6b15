/*--- report
title = "x"
[params.n]
type = "choice"
options = []
[params.m]
type = "choice"
options = ["a", "a"]
[params.o]
type = "choice"
options = { query = "b", value = "x" }
---*/
-- name: a
-- source: shop
SELECT 1 AS x FROM t WHERE n = :n AND m = :m AND o = :o
