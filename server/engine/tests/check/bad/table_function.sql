/*--- report
title = "x"
---*/
-- name: a
-- engine: polars
SELECT x FROM read_csv('/etc/passwd')
