-- UNION, INTERSECT and EXCEPT, their types and their order.

-- UNION ALL
SELECT id, status FROM orders UNION ALL SELECT order_id, status FROM refunds ORDER BY id, status;
-- UNION drops duplicates
SELECT region FROM sales UNION SELECT region FROM customers ORDER BY region;
-- UNION of a table with itself drops duplicates
SELECT region, paid FROM sales UNION SELECT region, paid FROM sales ORDER BY region, paid;
-- INTERSECT
SELECT region FROM sales INTERSECT SELECT region FROM customers ORDER BY region;
-- INTERSECT ALL
SELECT region FROM sales INTERSECT ALL SELECT region FROM customers ORDER BY region;
-- EXCEPT
SELECT region FROM sales EXCEPT SELECT region FROM customers ORDER BY region;
-- EXCEPT ALL
SELECT region FROM sales EXCEPT ALL SELECT region FROM customers ORDER BY region;
-- EXCEPT takes NULL away
SELECT customer FROM sales EXCEPT SELECT id FROM customers ORDER BY customer;
-- UNION of integer and bigint
SELECT qty AS n FROM sales UNION SELECT units FROM sales ORDER BY n;
-- UNION of whole numbers and decimals
SELECT qty AS n FROM sales UNION ALL SELECT price FROM sales ORDER BY n;
-- UNION of decimals of two scales
SELECT price AS n FROM sales UNION SELECT rate FROM sales ORDER BY n;
-- UNION of decimals and doubles
SELECT price AS n FROM sales WHERE id < 4 UNION ALL SELECT weight FROM sales WHERE id < 4 ORDER BY n;
-- UNION of dates and timestamps
SELECT day AS t FROM sales UNION SELECT sold_at FROM sales ORDER BY t;
-- UNION with quoted texts beside dates
SELECT day FROM sales WHERE id < 3 UNION ALL SELECT '2000-01-01' ORDER BY day;
-- UNION with NULL
SELECT qty FROM sales WHERE id < 3 UNION ALL SELECT NULL ORDER BY qty;
-- NULL first, then numbers
SELECT NULL AS n UNION ALL SELECT 1 ORDER BY n;
-- NULL beside NULL is text
SELECT NULL AS n UNION SELECT NULL;
-- the names of the first select
SELECT id AS number, region AS place FROM orders UNION ALL SELECT order_id, reason FROM refunds ORDER BY number, place;
-- three of them
SELECT region FROM orders UNION SELECT region FROM bands UNION SELECT region FROM customers ORDER BY region;
-- UNION ALL and UNION from left to right
SELECT 1 AS n UNION ALL SELECT 1 UNION SELECT 2 ORDER BY n;
-- UNION and UNION ALL from left to right
SELECT 1 AS n UNION SELECT 1 UNION ALL SELECT 1 ORDER BY n;
-- INTERSECT binds tighter
SELECT 1 AS n UNION SELECT 2 INTERSECT SELECT 2 ORDER BY n;
-- parentheses change it
(SELECT 1 AS n UNION SELECT 2) INTERSECT SELECT 2 ORDER BY n;
-- EXCEPT from left to right
SELECT 1 AS n EXCEPT SELECT 1 EXCEPT SELECT 1;
-- EXCEPT in parentheses
SELECT 1 AS n EXCEPT (SELECT 1 EXCEPT SELECT 1);
-- LIMIT over a union
SELECT id FROM orders UNION ALL SELECT order_id FROM refunds ORDER BY id DESC LIMIT 3;
-- LIMIT inside
(SELECT id FROM sales ORDER BY id LIMIT 2) UNION ALL (SELECT id FROM sales ORDER BY id DESC LIMIT 2) ORDER BY id;
-- ORDER BY a position over a union
SELECT region, id FROM orders UNION ALL SELECT region, id FROM sales ORDER BY 2, 1;
-- a union in a sub-select
SELECT region, COUNT(*) AS n FROM (SELECT region FROM orders UNION ALL SELECT region FROM sales) AS x GROUP BY region ORDER BY region;
-- a union in a CTE
WITH all_rows AS (SELECT id, amount FROM orders UNION ALL SELECT order_id, -amount FROM refunds) SELECT id, SUM(amount) AS net FROM all_rows GROUP BY id ORDER BY id;
-- a union of groups
SELECT region, SUM(qty) AS q FROM sales GROUP BY region UNION ALL SELECT 'all', SUM(qty) FROM sales ORDER BY region, q;
-- a union of VALUES
SELECT id FROM orders UNION VALUES (7), (8) ORDER BY id;
-- a union with no rows
SELECT id, qty FROM nothing UNION ALL SELECT id, qty FROM orders ORDER BY id;
-- a union of nothing with nothing
SELECT id FROM nothing UNION SELECT id FROM nothing;
-- INTERSECT of decimals of two scales
SELECT price FROM sales INTERSECT SELECT share FROM extremes ORDER BY price;
-- EXCEPT of whole rows
SELECT region, product FROM sales EXCEPT SELECT region, product FROM sales WHERE paid ORDER BY region, product;
-- doubles with not a number
SELECT ratio FROM extremes UNION SELECT ratio FROM extremes ORDER BY ratio;
-- unsigned keys
SELECT id FROM keys INTERSECT SELECT key FROM lines ORDER BY id;
-- keys and whole numbers
SELECT id FROM keys UNION SELECT id FROM orders ORDER BY id;
-- texts and quoted texts
SELECT region FROM orders UNION SELECT 'Z' ORDER BY region;
-- refused: columns
SELECT id, region FROM orders UNION SELECT id FROM orders;
-- refused: one query
SELECT id FROM orders UNION SELECT region FROM orders;
-- refused: one query
SELECT day FROM sales UNION SELECT qty FROM sales;
-- refused
SELECT id FROM orders UNION SELECT order_id FROM refunds ORDER BY amount;
-- refused
SELECT id FROM orders UNION SELECT order_id FROM refunds ORDER BY id + 1;
-- refused
SELECT id FROM orders UNION BY NAME SELECT order_id AS id FROM refunds;
-- refused
SELECT id FROM orders MINUS SELECT order_id FROM refunds;
-- fails: a quoted text beside numbers that is none
SELECT id FROM orders UNION SELECT 'x';
-- quoted numbers beside numbers
SELECT id FROM orders UNION SELECT '9' ORDER BY id;
-- UNION DISTINCT
SELECT region FROM orders UNION DISTINCT SELECT region FROM bands ORDER BY region;
-- refused: ambiguous
SELECT id AS a, qty AS a FROM sales UNION ALL SELECT id, qty FROM orders ORDER BY a;
