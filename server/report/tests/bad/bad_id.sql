/*--- report
title = "x"
formerly = ["Finance/Check"]
---*/
-- name: a
-- source: shop
SELECT 1 AS x
