/*--- report
title = "x"
---*/
-- name: many
-- source: shop
-- split: id of orders into 400
SELECT id FROM orders WHERE id >= :split.from AND id < :split.until

-- name: pasted
-- source: shop
-- split: id of (SELECT into 4
SELECT id FROM orders WHERE id >= :split.from AND id < :split.until

-- name: kept
-- source: shop
-- split: id of orders into 4
-- cache: 1 hour
SELECT id FROM orders WHERE id >= :split.from AND id < :split.until

-- name: undeclared
-- source: shop
SELECT id FROM orders WHERE id >= :split.from
