/*--- report
title = "x"
---*/
-- name: a
-- source: shp
SELECT 1 AS x
