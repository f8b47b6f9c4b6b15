/*--- report
title = { ko = "재무 전용", en = "Finance only" }
owner = "finance@example.com"

[access]
view = ["finance"]
run  = ["finance"]
---*/

-- name: regions
-- source: shop
SELECT code, name FROM region;
