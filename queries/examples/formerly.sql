/*--- report
title    = { ko = "예제: 옮긴 보고서", en = "Example: a report that moved" }
formerly = ["examples/old_name", "archive/areas"]
---*/

-- This file was once examples/old_name.sql. Links, schedules and tokens for the old ids go on working.

-- name: areas
-- source: shop
SELECT code, name, name_en
FROM sales_area
ORDER BY position;
