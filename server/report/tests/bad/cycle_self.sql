/*--- report
title = "x"
---*/
-- name: a
-- engine: polars
SELECT x FROM a
