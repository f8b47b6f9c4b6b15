/*--- report
title = "x"
---*/
-- name: a
-- engine: polars
SELECT x FROM b
-- name: b
-- engine: polars
SELECT x FROM c
-- name: c
-- engine: polars
SELECT x FROM a
