-- GROUP BY and HAVING.

-- by a column
SELECT region, COUNT(*) AS n, SUM(qty) AS q FROM sales GROUP BY region ORDER BY region;
-- SUM(1) counts
SELECT region, SUM(1) AS orders, COUNT(*) AS same FROM orders GROUP BY region ORDER BY region;
-- NULL is one group
SELECT customer, COUNT(*) AS n FROM sales GROUP BY customer ORDER BY customer NULLS FIRST;
-- by two columns
SELECT region, product, COUNT(*) AS n FROM sales GROUP BY region, product ORDER BY region, product;
-- by position
SELECT region, product, SUM(price) AS p FROM sales GROUP BY 1, 2 ORDER BY 1, 2;
-- by alias
SELECT UPPER(region) AS r, COUNT(*) AS n FROM sales GROUP BY r ORDER BY r;
-- a column wins over an alias in GROUP BY
SELECT UPPER(region) AS region, COUNT(*) AS n FROM sales GROUP BY sales.region ORDER BY region, n;
-- by an expression
SELECT qty % 2 AS odd, COUNT(*) AS n FROM sales GROUP BY qty % 2 ORDER BY odd;
-- an expression over the group's expression
SELECT (qty % 2) + 1 AS odd, COUNT(*) AS n FROM sales GROUP BY qty % 2 ORDER BY odd;
-- by a column that is not selected
SELECT SUM(qty) AS q FROM sales GROUP BY region ORDER BY q NULLS FIRST;
-- a group of a constant
SELECT 1 AS one, COUNT(*) AS n FROM sales GROUP BY region ORDER BY n;
-- no group, no rows
SELECT COUNT(*) AS n, SUM(qty) AS s, MAX(region) AS m FROM nothing;
-- groups, no rows
SELECT region, COUNT(*) AS n FROM nothing GROUP BY region;
-- no rows after WHERE
SELECT COUNT(*) AS n, AVG(qty) AS a FROM sales WHERE id > 100;
-- an aggregate without a table
SELECT COUNT(*) AS n, SUM(3) AS s;
-- constants beside aggregates
SELECT 'all' AS label, COUNT(*) AS n FROM sales;
-- constants beside aggregates of no rows
SELECT 'all' AS label, COUNT(*) AS n FROM nothing;
-- arithmetic over aggregates
SELECT region, SUM(price) / NULLIF(SUM(qty), 0) AS each, MAX(qty) - MIN(qty) AS spread FROM sales GROUP BY region ORDER BY region;
-- aggregates of expressions
SELECT region, SUM(price * qty) AS revenue, SUM(price * rate) AS fee FROM sales GROUP BY region ORDER BY region;
-- HAVING
SELECT region, COUNT(*) AS n FROM sales GROUP BY region HAVING COUNT(*) > 2 ORDER BY region;
-- HAVING over another aggregate
SELECT region FROM sales GROUP BY region HAVING SUM(qty) > 3 AND MIN(day) < DATE '2024-06-01' ORDER BY region;
-- HAVING over a group's column
SELECT region, COUNT(*) AS n FROM sales GROUP BY region HAVING region <> 'A' ORDER BY region;
-- HAVING with NULL drops the group
SELECT region, SUM(units) AS s FROM sales GROUP BY region HAVING SUM(units) > NULL;
-- HAVING without groups
SELECT COUNT(*) AS n FROM sales HAVING COUNT(*) > 3;
-- HAVING without groups that does not hold
SELECT COUNT(*) AS n FROM sales HAVING COUNT(*) > 300;
-- HAVING TRUE without aggregates
SELECT 1 AS one FROM sales HAVING TRUE;
-- GROUP BY without aggregates
SELECT region FROM sales GROUP BY region ORDER BY region;
-- ORDER BY an aggregate that is not selected
SELECT region FROM sales GROUP BY region ORDER BY COUNT(*) DESC, region;
-- ORDER BY an aggregate
SELECT region, SUM(qty) AS q FROM orders GROUP BY region ORDER BY SUM(qty) DESC, region;
-- ORDER BY an expression over an aggregate
SELECT region, SUM(qty) AS q FROM sales GROUP BY region ORDER BY -SUM(qty) NULLS LAST, region;
-- by decimals
SELECT amount, COUNT(*) AS n FROM orders GROUP BY amount ORDER BY amount;
-- by decimals with duplicates
SELECT price, COUNT(*) AS n FROM sales GROUP BY price ORDER BY price;
-- by unsigned keys
SELECT key, SUM(amount) AS a FROM lines GROUP BY key ORDER BY key;
-- by doubles, with not a number
SELECT ratio, COUNT(*) AS n FROM extremes GROUP BY ratio ORDER BY ratio;
-- by booleans
SELECT paid, COUNT(*) AS n FROM sales GROUP BY paid ORDER BY paid;
-- by dates
SELECT day, SUM(price) AS p FROM sales GROUP BY day ORDER BY day;
-- by timestamps and times
SELECT sold_at, opened, COUNT(*) AS n FROM sales GROUP BY sold_at, opened ORDER BY sold_at, opened;
-- by texts that differ in case, blanks and emptiness
SELECT word, COUNT(*) AS n FROM words GROUP BY word ORDER BY word;
-- by CASE
SELECT CASE WHEN price >= 10 THEN 'dear' WHEN price > 0 THEN 'cheap' END AS class, COUNT(*) AS n, AVG(price) AS a FROM sales GROUP BY 1 ORDER BY 1;
-- a whole row by DISTINCT and GROUP BY
SELECT DISTINCT COUNT(*) AS n FROM sales GROUP BY region ORDER BY n;
-- LIMIT over groups
SELECT region, COUNT(*) AS n FROM sales GROUP BY region ORDER BY n DESC, region LIMIT 2;
-- groups over a join
SELECT c.region, SUM(s.qty) AS q, COUNT(DISTINCT s.id) AS n FROM sales AS s JOIN customers AS c ON s.customer = c.id GROUP BY c.region ORDER BY c.region;
-- groups over a left join count NULL as nothing
SELECT o.id, COUNT(r.reason) AS n, COUNT(*) AS rows, SUM(r.amount) AS a FROM orders AS o LEFT JOIN refunds AS r ON r.order_id = o.id GROUP BY o.id ORDER BY o.id;
-- groups over groups
SELECT n, COUNT(*) AS regions FROM (SELECT region, COUNT(*) AS n FROM sales GROUP BY region) AS x GROUP BY n ORDER BY n;
-- an alias of an aggregate is not seen by HAVING
-- refused
SELECT region, COUNT(*) AS n FROM sales GROUP BY region HAVING n > 2;
-- refused: group
SELECT region, qty FROM sales GROUP BY region;
-- refused: group
SELECT region, SUM(qty) + units AS a FROM sales GROUP BY region;
-- refused: group
SELECT region, COUNT(*) AS n FROM sales;
-- refused: group
SELECT * FROM sales GROUP BY region;
-- refused: group
SELECT region FROM sales GROUP BY region ORDER BY qty;
-- refused: group
SELECT region FROM sales GROUP BY region HAVING qty > 1;
-- refused: where
SELECT region FROM sales WHERE SUM(qty) > 1 GROUP BY region;
-- refused: aggregate
SELECT SUM(COUNT(*)) AS a FROM sales;
-- refused: group by
SELECT region FROM sales GROUP BY SUM(qty);
-- refused: aggregate
SELECT region, SUM(qty) AS q FROM sales GROUP BY 1, 2;
-- refused: position
SELECT region, SUM(qty) AS q FROM sales GROUP BY 3;
-- refused: window
SELECT region FROM sales GROUP BY region HAVING ROW_NUMBER() OVER () > 1;
-- refused: window
SELECT COUNT(*) AS n FROM sales GROUP BY ROW_NUMBER() OVER ();
-- GROUP BY ALL is another database's
-- refused
SELECT region, COUNT(*) AS n FROM sales GROUP BY ALL;
-- parentheses around group columns
SELECT region, paid, COUNT(*) AS n FROM sales GROUP BY (region, paid) ORDER BY region, paid;
-- qualified and unqualified names are one
SELECT sales.region, COUNT(*) AS n FROM sales GROUP BY region ORDER BY sales.region;
-- the same column twice
SELECT region, region AS again, COUNT(*) AS n FROM sales GROUP BY region, region ORDER BY region;
-- a function of a group's column
SELECT LOWER(region) AS r, COUNT(*) AS n FROM sales GROUP BY region ORDER BY r, n;
-- refused: ambiguous
SELECT o.status AS status, COUNT(*) AS n FROM orders AS o JOIN refunds AS r ON o.id = r.order_id GROUP BY status;
