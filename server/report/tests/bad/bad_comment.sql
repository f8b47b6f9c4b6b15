/*--- report
title = "x"
---*/
-- name: a
-- source: shop
SELECT /*! STRAIGHT_JOIN */ 1 AS x /* a /* b */
