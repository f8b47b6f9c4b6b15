-- ORDER BY, LIMIT, OFFSET and VALUES.

-- NULLs are last upwards
SELECT qty, id FROM sales ORDER BY qty, id;
-- NULLs are first downwards
SELECT qty, id FROM sales ORDER BY qty DESC, id;
-- NULLS FIRST and LAST
SELECT region, id FROM sales ORDER BY region NULLS FIRST, id DESC;
-- NULLS LAST downwards
SELECT region, id FROM sales ORDER BY region DESC NULLS LAST, id;
-- by position
SELECT region, id FROM sales ORDER BY 1, 2 DESC;
-- by alias
SELECT qty * 2 AS twice, id FROM sales ORDER BY twice, id;
-- an alias wins over a column
SELECT -qty AS qty, id FROM sales ORDER BY qty, id;
-- a column wins in an expression
SELECT -qty AS qty, id FROM sales ORDER BY qty + 0, id;
-- by an expression
SELECT id FROM sales ORDER BY qty % 2 NULLS FIRST, -id;
-- by a column that is not selected
SELECT product FROM sales ORDER BY id DESC;
-- by CASE
SELECT id, region FROM sales ORDER BY CASE region WHEN 'C' THEN 0 WHEN 'A' THEN 1 ELSE 2 END, id;
-- texts by bytes
SELECT word, id FROM words ORDER BY word, id;
-- texts by bytes downwards
SELECT note, id FROM words ORDER BY note DESC, id;
-- booleans
SELECT paid, id FROM sales ORDER BY paid, id;
-- decimals of 38 digits
SELECT vast, id FROM extremes ORDER BY vast DESC NULLS LAST, id;
-- doubles with not a number
SELECT ratio, id FROM extremes ORDER BY ratio, id;
-- doubles with not a number downwards
SELECT ratio, id FROM extremes ORDER BY ratio DESC, id;
-- dates and times
SELECT day, moment, clock FROM extremes ORDER BY day, moment, clock;
-- quotients
SELECT id, amount / 3 AS q FROM orders ORDER BY amount / 3 DESC;
-- a constant in ORDER BY is a position
SELECT id, region FROM orders ORDER BY 2 DESC, 1;
-- LIMIT
SELECT id FROM sales ORDER BY id LIMIT 3;
-- LIMIT and OFFSET
SELECT id FROM sales ORDER BY id LIMIT 3 OFFSET 2;
-- OFFSET alone
SELECT id FROM sales ORDER BY id OFFSET 10;
-- OFFSET beyond the end
SELECT id FROM sales ORDER BY id OFFSET 100;
-- LIMIT 0
SELECT id FROM sales ORDER BY id LIMIT 0;
-- LIMIT beyond the end
SELECT id FROM orders ORDER BY id LIMIT 100;
-- LIMIT ALL
SELECT id FROM orders ORDER BY id LIMIT ALL;
-- LIMIT NULL
SELECT id FROM orders ORDER BY id LIMIT NULL;
-- FETCH FIRST
SELECT id FROM sales ORDER BY id FETCH FIRST 2 ROWS ONLY;
-- FETCH FIRST with an OFFSET
SELECT id FROM sales ORDER BY id OFFSET 1 ROWS FETCH NEXT 2 ROWS ONLY;
-- FETCH WITH TIES
-- refused: ties
SELECT id, qty FROM sales ORDER BY qty FETCH FIRST 2 ROWS WITH TIES;
-- LIMIT by arithmetic
SELECT id FROM sales ORDER BY id LIMIT 1 + 2;
-- fails: LIMIT below zero
SELECT id FROM sales LIMIT -1;
-- LIMIT over no rows
SELECT id FROM nothing ORDER BY id LIMIT 5;
-- ORDER BY in a sub-select with LIMIT
SELECT COUNT(*) AS n, MAX(id) AS m FROM (SELECT id FROM sales ORDER BY id LIMIT 4) AS x;
-- refused: position
SELECT id FROM sales ORDER BY 2;
-- refused: position
SELECT id FROM sales ORDER BY 0;
-- refused
SELECT id FROM sales ORDER BY 'id';
-- refused
SELECT id FROM sales ORDER BY missing;
-- refused: several columns
SELECT id, qty AS id FROM sales ORDER BY id;
-- refused
SELECT id FROM sales LIMIT qty;
-- refused
SELECT id FROM sales ORDER BY ALL;
-- the same column twice under one name
SELECT id, id AS again FROM orders ORDER BY id, id DESC;
-- USING an operator
-- refused: using
SELECT id FROM orders ORDER BY id USING >;
-- VALUES
VALUES (1, 'a'), (2, 'b'), (3, NULL);
-- VALUES with ORDER BY and LIMIT
VALUES (3), (1), (2) ORDER BY 1 LIMIT 2;
-- VALUES of whole numbers and decimals
VALUES (1), (2.5), (NULL);
-- VALUES in FROM
SELECT * FROM (VALUES (1, 'one'), (2, 'two')) AS v (n, word) ORDER BY n;
-- VALUES without column names
SELECT column1, column2 FROM (VALUES (1, 'one'), (2, 'two')) AS v ORDER BY column1;
-- VALUES with expressions
SELECT n FROM (VALUES (1 + 1), (2 * 3)) AS v (n) ORDER BY n;
-- VALUES with dates in quotes
SELECT d FROM (VALUES (DATE '2024-01-01'), ('2023-01-01'), (NULL)) AS v (d) ORDER BY d;
-- VALUES in a CTE
WITH v (a, b) AS (VALUES (1, 'x'), (2, 'y')) SELECT a, b FROM v ORDER BY a;
-- refused
VALUES (1, 2), (3);
-- refused
VALUES (1), (CURRENT_USER);
-- SELECT without a table
SELECT 1 AS a, 'x' AS b, NULL AS c, TRUE AS d, 1.50 AS e;
-- SELECT without a table with WHERE
SELECT 1 AS a WHERE 1 = 2;
-- comments inside
SELECT id /* the key */ FROM orders -- the table
ORDER BY id;
