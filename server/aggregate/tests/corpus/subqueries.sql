-- Subqueries: scalar, IN, EXISTS, correlated, in FROM, common table expressions.

-- a scalar subquery in SELECT
SELECT id, amount - (SELECT AVG(amount) FROM orders) AS off FROM orders ORDER BY id;
-- a scalar subquery in WHERE
SELECT id FROM sales WHERE qty > (SELECT AVG(qty) FROM sales) ORDER BY id;
-- a scalar subquery without rows is NULL
SELECT id, (SELECT qty FROM nothing) AS a FROM orders ORDER BY id;
-- a scalar subquery of an aggregate without rows
SELECT id, (SELECT SUM(qty) FROM nothing) AS a, (SELECT COUNT(*) FROM nothing) AS b FROM orders ORDER BY id;
-- fails: a scalar subquery of several rows
SELECT id, (SELECT qty FROM orders) AS a FROM orders;
-- a scalar subquery without a table
SELECT (SELECT 1) AS a, (SELECT 1 + (SELECT 2)) AS b;
-- a scalar subquery with LIMIT
SELECT id, (SELECT product FROM sales ORDER BY id LIMIT 1) AS a FROM orders ORDER BY id;
-- a scalar subquery in CASE
SELECT id, CASE WHEN amount > (SELECT AVG(amount) FROM orders) THEN 'above' ELSE 'below' END AS a FROM orders ORDER BY id;
-- a scalar subquery in HAVING
SELECT region, SUM(qty) AS q FROM sales GROUP BY region HAVING SUM(qty) > (SELECT AVG(qty) FROM sales) ORDER BY region;
-- a scalar subquery in arithmetic over aggregates
SELECT region, 100.0 * SUM(qty) / (SELECT SUM(qty) FROM sales) AS share FROM sales GROUP BY region ORDER BY region;
-- a scalar subquery in ORDER BY
SELECT id FROM orders ORDER BY (SELECT MAX(amount) FROM refunds) - amount, id;
-- a scalar subquery in LIMIT's place is not
SELECT id FROM orders WHERE qty = (SELECT MAX(qty) FROM orders) ORDER BY id;
-- IN
SELECT id FROM orders WHERE id IN (SELECT order_id FROM refunds) ORDER BY id;
-- NOT IN
SELECT id FROM orders WHERE id NOT IN (SELECT order_id FROM refunds) ORDER BY id;
-- NOT IN with NULL finds nothing
SELECT id FROM orders WHERE id NOT IN (SELECT customer FROM sales);
-- NOT IN of NULL
SELECT id FROM sales WHERE customer NOT IN (SELECT order_id FROM refunds) ORDER BY id;
-- NOT IN of nothing keeps all
SELECT id FROM sales WHERE customer NOT IN (SELECT id FROM nothing) ORDER BY id;
-- IN of nothing keeps none
SELECT id FROM sales WHERE customer IN (SELECT id FROM nothing);
-- IN as a value
SELECT id, customer IN (SELECT id FROM customers) AS a, customer NOT IN (SELECT order_id FROM refunds) AS b FROM sales ORDER BY id;
-- IN as a value without NULLs
SELECT id, id IN (SELECT order_id FROM refunds) AS a, id NOT IN (SELECT order_id FROM refunds) AS b FROM orders ORDER BY id;
-- IN of decimals and whole numbers
SELECT id FROM sales WHERE price IN (SELECT qty * 10 FROM sales) ORDER BY id;
-- IN of expressions
SELECT id FROM sales WHERE UPPER(region) IN (SELECT region FROM customers WHERE active) ORDER BY id;
-- IN with groups
SELECT id FROM sales WHERE region IN (SELECT region FROM sales GROUP BY region HAVING COUNT(*) > 3) ORDER BY id;
-- IN in CASE
SELECT id, CASE WHEN id IN (SELECT order_id FROM refunds) THEN 'back' ELSE 'kept' END AS a FROM orders ORDER BY id;
-- IN in an aggregate
SELECT COUNT(CASE WHEN id IN (SELECT order_id FROM refunds) THEN 1 END) AS a FROM orders;
-- EXISTS
SELECT id FROM orders AS o WHERE EXISTS (SELECT 1 FROM refunds AS r WHERE r.order_id = o.id) ORDER BY id;
-- NOT EXISTS
SELECT id FROM orders AS o WHERE NOT EXISTS (SELECT 1 FROM refunds AS r WHERE r.order_id = o.id) ORDER BY id;
-- EXISTS with further conditions
SELECT id FROM orders AS o WHERE EXISTS (SELECT * FROM refunds AS r WHERE r.order_id = o.id AND r.status = 'open' AND r.amount > 1) ORDER BY id;
-- EXISTS with a range between the tables
SELECT id FROM orders AS o WHERE EXISTS (SELECT 1 FROM bands AS b WHERE b.region = o.region AND o.amount BETWEEN b.lo AND b.hi) ORDER BY id;
-- EXISTS with <> between the tables
SELECT id FROM orders AS o WHERE EXISTS (SELECT 1 FROM refunds AS r WHERE r.order_id = o.id AND r.status <> o.status) ORDER BY id;
-- EXISTS that has nothing to do with the row
SELECT id FROM orders WHERE EXISTS (SELECT 1 FROM nothing) ORDER BY id;
-- NOT EXISTS that has nothing to do with the row
SELECT id FROM orders WHERE NOT EXISTS (SELECT 1 FROM nothing) ORDER BY id;
-- EXISTS of an aggregate is always true
SELECT id FROM orders AS o WHERE EXISTS (SELECT COUNT(*) FROM nothing) ORDER BY id;
-- EXISTS as a value
SELECT id, EXISTS (SELECT 1 FROM refunds AS r WHERE r.order_id = o.id) AS a FROM orders AS o ORDER BY id;
-- EXISTS and another condition by OR
SELECT id FROM orders AS o WHERE qty > 2 OR EXISTS (SELECT 1 FROM refunds AS r WHERE r.order_id = o.id AND r.status = 'open') ORDER BY id;
-- a correlated aggregate
SELECT id, (SELECT SUM(r.amount) FROM refunds AS r WHERE r.order_id = o.id) AS back FROM orders AS o ORDER BY id;
-- a correlated count of nothing is zero
SELECT id, (SELECT COUNT(*) FROM refunds AS r WHERE r.order_id = o.id) AS n FROM orders AS o ORDER BY id;
-- a correlated aggregate in an expression
SELECT id, amount - COALESCE((SELECT SUM(r.amount) FROM refunds AS r WHERE r.order_id = o.id), 0) AS net FROM orders AS o ORDER BY id;
-- arithmetic within a correlated count
SELECT id, (SELECT COUNT(*) + 1 FROM refunds AS r WHERE r.order_id = o.id) AS n FROM orders AS o ORDER BY id;
-- COALESCE within a correlated sum
SELECT id, (SELECT COALESCE(SUM(r.amount), -1) FROM refunds AS r WHERE r.order_id = o.id) AS n FROM orders AS o ORDER BY id;
-- a correlated aggregate in WHERE
SELECT id FROM sales AS s WHERE qty > (SELECT AVG(t.qty) FROM sales AS t WHERE t.region = s.region) ORDER BY id;
-- a correlated aggregate with an own filter
SELECT id, (SELECT MAX(t.qty) FROM sales AS t WHERE t.region = s.region AND t.paid) AS m FROM sales AS s ORDER BY id;
-- a correlated aggregate with a range
SELECT id, (SELECT COUNT(*) FROM sales AS t WHERE t.day < s.day) AS earlier FROM sales AS s ORDER BY id;
-- a correlated value without an aggregate
SELECT id, (SELECT c.name FROM customers AS c WHERE c.id = s.customer AND c.id <> 3) AS name FROM sales AS s ORDER BY id;
-- fails: a correlated value of several rows
SELECT id, (SELECT c.name FROM customers AS c WHERE c.id = s.customer) AS name FROM sales AS s ORDER BY id;
-- the latest row of each region
SELECT id FROM sales AS s WHERE day = (SELECT MAX(day) FROM sales AS t WHERE t.region = s.region) ORDER BY id;
-- a correlated IN
SELECT id FROM orders AS o WHERE 'open' IN (SELECT status FROM refunds AS r WHERE r.order_id = o.id) ORDER BY id;
-- a correlated NOT IN
SELECT id FROM orders AS o WHERE status NOT IN (SELECT status FROM refunds AS r WHERE r.order_id = o.id) ORDER BY id;
-- a subquery inside a subquery
SELECT id FROM orders WHERE id IN (SELECT order_id FROM refunds WHERE amount > (SELECT AVG(amount) FROM refunds)) ORDER BY id;
-- an inner name wins
SELECT id FROM orders WHERE EXISTS (SELECT 1 FROM refunds WHERE status = 'done' AND order_id = id) ORDER BY id;
-- a select in FROM
SELECT x.region, x.q FROM (SELECT region, SUM(qty) AS q FROM sales GROUP BY region) AS x WHERE x.q > 2 ORDER BY x.region;
-- column aliases of a select in FROM
SELECT a, b FROM (SELECT region, COUNT(*) FROM sales GROUP BY region) AS x (a, b) ORDER BY a;
-- a select in a select in FROM
SELECT MAX(n) AS m FROM (SELECT region, n FROM (SELECT region, COUNT(*) AS n FROM sales GROUP BY region) AS x WHERE region IS NOT NULL) AS y;
-- LIMIT in FROM
SELECT SUM(qty) AS q FROM (SELECT qty FROM sales ORDER BY id LIMIT 3) AS x;
-- a common table expression
WITH totals AS (SELECT region, SUM(qty) AS q FROM sales GROUP BY region) SELECT region, q FROM totals WHERE q > 2 ORDER BY region;
-- one used twice
WITH t AS (SELECT region, SUM(qty) AS q FROM sales GROUP BY region) SELECT a.region, b.region AS more FROM t AS a JOIN t AS b ON a.q < b.q ORDER BY a.region, more;
-- one after another
WITH a AS (SELECT region, qty FROM sales WHERE qty > 0), b AS (SELECT region, SUM(qty) AS q FROM a GROUP BY region) SELECT * FROM b ORDER BY region;
-- one with column names
WITH t (r, n) AS (SELECT region, COUNT(*) FROM sales GROUP BY region) SELECT r, n FROM t ORDER BY r;
-- one that shadows a table
WITH orders AS (SELECT id, qty FROM sales) SELECT COUNT(*) AS n, SUM(qty) AS q FROM orders;
-- one that shadows a table it reads
WITH orders AS (SELECT id, qty * 2 AS qty FROM orders) SELECT id, qty FROM orders ORDER BY id;
-- an inner one shadows an outer one
WITH t AS (SELECT 1 AS n) SELECT x.n, t.n AS outer_n FROM (WITH t AS (SELECT 2 AS n) SELECT n FROM t) AS x CROSS JOIN t;
-- one in a subquery
SELECT id FROM orders WHERE id IN (WITH t AS (SELECT order_id FROM refunds WHERE status = 'open') SELECT order_id FROM t) ORDER BY id;
-- one that is not used
WITH unused AS (SELECT 1 AS n) SELECT COUNT(*) AS n FROM orders;
-- one that is not used and would fail
WITH unused AS (SELECT 1 / 0 AS n) SELECT COUNT(*) AS n FROM orders;
-- MATERIALIZED
WITH t AS MATERIALIZED (SELECT region FROM orders) SELECT COUNT(*) AS n FROM t;
-- refused: recursive
WITH RECURSIVE g (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM g WHERE i < 3) SELECT i FROM g;
-- refused: recursive
WITH RECURSIVE t AS (SELECT 1 AS n) SELECT n FROM t;
-- refused
WITH b AS (SELECT n FROM a), a AS (SELECT 1 AS n) SELECT n FROM b;
-- refused
WITH t AS (SELECT 1 AS n), t AS (SELECT 2 AS n) SELECT n FROM t;
-- refused
SELECT id, (SELECT qty, units FROM sales) AS a FROM orders;
-- refused
SELECT id FROM orders WHERE id IN (SELECT order_id, amount FROM refunds);
-- refused
SELECT id FROM orders WHERE id IN (SELECT status FROM refunds);
-- refused: aggregate
SELECT id FROM orders AS o WHERE (SELECT SUM(o.amount)) > 1;
-- refused
SELECT x.id FROM (SELECT region FROM orders) AS x;
-- refused: lateral
SELECT o.id, x.n FROM orders AS o, LATERAL (SELECT COUNT(*) AS n FROM refunds AS r WHERE r.order_id = o.id) AS x;
-- > ALL and > ANY of a subquery
SELECT id FROM orders WHERE amount > ALL (SELECT amount FROM refunds) ORDER BY id;
-- = ANY of a subquery
SELECT id FROM orders WHERE id = ANY (SELECT order_id FROM refunds) ORDER BY id;
-- a row of columns IN a subquery
SELECT id FROM orders WHERE (id, status) IN (SELECT order_id, status FROM refunds) ORDER BY id;
-- a correlated subquery in a grouped select
SELECT region, COUNT(*) AS n, (SELECT COUNT(*) FROM customers AS c WHERE c.region = s.region) AS customers FROM sales AS s GROUP BY region ORDER BY region;
-- a correlated subquery over a sub-select
SELECT x.region, (SELECT MAX(b.hi) FROM bands AS b WHERE b.region = x.region) AS top FROM (SELECT DISTINCT region FROM sales) AS x ORDER BY x.region;
-- a correlated subquery two levels up
-- refused: subquer
SELECT o.id FROM orders AS o WHERE EXISTS (SELECT 1 FROM refunds AS r WHERE r.order_id = o.id AND EXISTS (SELECT 1 FROM bands AS b WHERE b.region = o.region)) ORDER BY o.id;
-- a row of values in a subquery
SELECT id, (region, qty) IN (SELECT region, qty FROM orders) AS a, (region, qty) NOT IN (SELECT region, qty FROM orders) AS b FROM sales ORDER BY id;
-- a row of values among rows with NULLs
SELECT id, (region, customer) IN (SELECT region, parent FROM customers) AS a, (customer, region) NOT IN (SELECT id, region FROM customers) AS b FROM sales ORDER BY id;
-- a row of values in WHERE
SELECT id FROM sales WHERE (region, product) IN (SELECT region, product FROM sales WHERE qty > 2) ORDER BY id;
-- a row of values not in a subquery in WHERE
SELECT id FROM sales WHERE (region, customer) NOT IN (SELECT region, id FROM customers WHERE id IS NOT NULL) ORDER BY id;
-- a row of values in nothing
SELECT id, (region, qty) IN (SELECT region, qty FROM nothing) AS a, (region, NULL) NOT IN (SELECT region, qty FROM nothing) AS b FROM sales ORDER BY id;
-- a row of constants and expressions
SELECT id, (1, UPPER(region)) IN (SELECT id, region FROM orders) AS a, (qty + 1, 'A') IN (SELECT qty, region FROM orders) AS b FROM sales ORDER BY id;
-- a row of three values of several types
SELECT id FROM sales WHERE (day, price, paid) IN (SELECT day, price, paid FROM sales WHERE id IN (1, 2, 5, 6)) ORDER BY id;
-- a row of values in a correlated subquery
SELECT id, (qty, units) IN (SELECT t.qty, t.units FROM sales AS t WHERE t.region = s.region AND t.id <> 1) AS a FROM sales AS s ORDER BY id;
-- a row of values not in a correlated subquery
SELECT id, (qty, customer) NOT IN (SELECT t.qty, t.customer FROM sales AS t WHERE t.region = s.region) AS a FROM sales AS s ORDER BY id;
-- a row of aggregates in a subquery
SELECT region, (region, MAX(qty)) IN (SELECT region, qty FROM sales) AS a, (region, COUNT(*)) IN (SELECT region, qty FROM orders) AS b FROM sales GROUP BY region ORDER BY region;
-- a row of values = ANY and <> ALL
SELECT id, (region, qty) = ANY (SELECT region, qty FROM orders) AS a, (region, qty) <> ALL (SELECT region, qty FROM orders) AS b FROM sales ORDER BY id;
-- refused: columns
SELECT id FROM sales WHERE (region, qty) IN (SELECT region FROM orders);
-- refused: exists
SELECT id FROM sales AS s WHERE (qty, units) IN (SELECT t.qty, t.units FROM sales AS t WHERE t.id < s.id);
-- ANY of every comparison
SELECT id, qty > ANY (SELECT qty FROM orders) AS a, qty >= ANY (SELECT qty FROM orders) AS b, qty < ANY (SELECT qty FROM orders) AS c, qty <= ANY (SELECT qty FROM orders) AS d, qty = ANY (SELECT qty FROM orders) AS e, qty <> ANY (SELECT qty FROM orders) AS f FROM sales ORDER BY id;
-- ALL of every comparison
SELECT id, qty > ALL (SELECT qty FROM orders) AS a, qty >= ALL (SELECT qty FROM orders) AS b, qty < ALL (SELECT qty FROM orders) AS c, qty <= ALL (SELECT qty FROM orders) AS d, qty = ALL (SELECT qty FROM orders) AS e, qty <> ALL (SELECT qty FROM orders) AS f FROM sales ORDER BY id;
-- ANY and ALL of rows with NULL
SELECT id, qty > ANY (SELECT qty FROM sales) AS a, qty < ALL (SELECT qty FROM sales) AS b, qty <> ANY (SELECT qty FROM sales WHERE qty = 2 OR qty IS NULL) AS c, qty = ALL (SELECT qty FROM sales WHERE qty = 2 OR qty IS NULL) AS d FROM sales ORDER BY id;
-- ANY and ALL of NULL alone
SELECT id, qty > ANY (SELECT qty FROM sales WHERE id = 6) AS a, qty <= ALL (SELECT qty FROM sales WHERE id = 6) AS b FROM sales ORDER BY id;
-- ANY and ALL of nothing
SELECT id, qty > ANY (SELECT qty FROM nothing) AS a, qty > ALL (SELECT qty FROM nothing) AS b, NULL > ALL (SELECT qty FROM nothing) AS c, qty <> ANY (SELECT qty FROM nothing) AS d FROM sales ORDER BY id;
-- ANY and ALL in WHERE
SELECT id FROM sales WHERE price >= ALL (SELECT price FROM sales WHERE price IS NOT NULL) OR price < ANY (SELECT amount FROM orders) ORDER BY id;
-- ANY of texts, dates, truth values and doubles
SELECT id, region < ANY (SELECT region FROM orders) AS a, day > ALL (SELECT joined FROM customers) AS b, paid >= ALL (SELECT active FROM customers WHERE active IS NOT NULL) AS c, weight < SOME (SELECT amount FROM orders) AS d, weight > ALL (SELECT ratio FROM extremes WHERE id <> 8) AS e, weight < ALL (SELECT ratio FROM extremes WHERE id = 8) AS f FROM sales ORDER BY id;
-- ANY of decimals and whole numbers
SELECT id, price > ANY (SELECT qty FROM orders) AS a, qty >= ALL (SELECT rate FROM orders) AS b, 2.5 <> ANY (SELECT amount FROM orders) AS c FROM sales ORDER BY id;
-- correlated ANY and ALL
SELECT id, qty >= ALL (SELECT t.qty FROM sales AS t WHERE t.region = s.region) AS a, qty > ANY (SELECT t.qty FROM sales AS t WHERE t.region = s.region) AS b, qty <> ALL (SELECT t.qty FROM sales AS t WHERE t.region = s.region AND t.id <> 1) AS c FROM sales AS s ORDER BY id;
-- ANY with a range between the tables
SELECT id, price < ANY (SELECT t.price FROM sales AS t WHERE t.id < s.id) AS a, price >= ALL (SELECT t.price FROM sales AS t WHERE t.id < s.id) AS b FROM sales AS s ORDER BY id;
-- ANY of an aggregate
SELECT region, SUM(qty) > ANY (SELECT SUM(qty) FROM orders GROUP BY region) AS a, MAX(qty) >= ALL (SELECT qty FROM orders) AS b FROM sales GROUP BY region ORDER BY region;
-- ANY of one row of an aggregate
SELECT id, qty > ANY (SELECT MAX(o.qty) FROM orders AS o WHERE o.region = s.region) AS a, qty > ALL (SELECT COUNT(*) FROM orders AS o WHERE o.region = s.region) AS b FROM sales AS s ORDER BY id;
-- ANY in HAVING
SELECT region FROM sales GROUP BY region HAVING SUM(qty) > ALL (SELECT qty FROM orders) ORDER BY region;
-- a subquery in the ON of an inner join
SELECT o.id, r.reason FROM orders AS o JOIN refunds AS r ON r.order_id = o.id AND r.amount = (SELECT MAX(amount) FROM refunds) ORDER BY o.id, r.reason;
-- IN and EXISTS in the ON of an inner join
SELECT o.id, r.reason FROM orders AS o JOIN refunds AS r ON r.order_id = o.id AND o.region IN (SELECT region FROM bands) AND NOT EXISTS (SELECT 1 FROM sales AS s WHERE s.id = r.order_id AND s.qty = 2) ORDER BY o.id, r.reason;
-- a subquery in the ON of an inner join before an outer one
SELECT o.id, r.reason, b.name FROM orders AS o JOIN refunds AS r ON r.order_id = o.id AND r.amount < (SELECT AVG(amount) FROM refunds AS x WHERE x.status = r.status) LEFT JOIN bands AS b ON b.region = o.region ORDER BY o.id, r.reason, b.name;
-- a subquery in ON is the whole condition
SELECT o.id, r.reason FROM orders AS o JOIN refunds AS r ON o.qty > ALL (SELECT qty FROM orders WHERE id = r.order_id) ORDER BY o.id, r.reason;
-- a correlated subquery with an uncorrelated one
SELECT id, (SELECT MAX(r.amount) FROM refunds AS r WHERE r.order_id = o.id AND r.amount < (SELECT MAX(amount) FROM refunds)) AS a FROM orders AS o ORDER BY id;
-- EXISTS with IN inside
SELECT id FROM orders AS o WHERE EXISTS (SELECT 1 FROM refunds AS r WHERE r.order_id = o.id AND r.status IN (SELECT status FROM orders WHERE qty > 1)) ORDER BY id;
-- EXISTS in EXISTS
SELECT id FROM orders AS o WHERE EXISTS (SELECT 1 FROM refunds AS r WHERE r.order_id = o.id AND NOT EXISTS (SELECT 1 FROM refunds AS x WHERE x.order_id = r.order_id AND x.amount > r.amount)) ORDER BY id;
-- NOT IN with EXISTS inside
SELECT id, amount NOT IN (SELECT b.lo FROM bands AS b WHERE b.region = o.region AND EXISTS (SELECT 1 FROM sales AS s WHERE s.region = b.region)) AS a FROM orders AS o ORDER BY id;
-- a correlated count with a correlated subquery inside
SELECT id, (SELECT COUNT(*) FROM sales AS s WHERE s.region = o.region AND s.qty >= (SELECT AVG(t.qty) FROM sales AS t WHERE t.product = s.product)) AS a FROM orders AS o ORDER BY id;
-- a correlated range with a correlated subquery inside
SELECT id, (SELECT SUM(s.qty) FROM sales AS s WHERE s.id > o.id AND s.qty >= (SELECT MIN(t.qty) FROM sales AS t WHERE t.id < s.id)) AS a FROM orders AS o ORDER BY id;
-- a correlated subquery with ON inside
SELECT id, (SELECT COUNT(*) FROM refunds AS r JOIN sales AS s ON s.id = r.order_id AND s.qty < (SELECT MAX(qty) FROM sales) WHERE r.order_id = o.id) AS a FROM orders AS o ORDER BY id;
-- a subquery that reads the queries around both
-- refused: reads them
SELECT id FROM orders AS o WHERE EXISTS (SELECT 1 FROM refunds AS r WHERE r.order_id = o.id AND EXISTS (SELECT 1 FROM sales AS s WHERE s.id = r.order_id AND s.region = o.region)) ORDER BY id;

-- an item of IN that reads the query around it, and no condition does
SELECT o.id, o.status NOT IN (SELECT CASE WHEN o.id > 1 THEN r.status ELSE r.reason END FROM refunds AS r) AS a FROM orders AS o ORDER BY o.id;
-- counts of a correlated subquery without rows are 0
SELECT id, (SELECT REGR_COUNT(o.qty, o.cost) FROM orders AS o WHERE o.region = s.region) AS a, (SELECT COUNT(o.qty) + COALESCE(MAX(o.qty), 100) FROM orders AS o WHERE o.region = s.region) AS b FROM sales AS s ORDER BY id;
-- rows looked for in subqueries, with NULLs on both sides, beside each other and again in HAVING
SELECT COUNT(*) FILTER (WHERE (region, id) NOT IN (SELECT region, id FROM sales)) AS a, COUNT(*) FILTER (WHERE (status, id) NOT IN (SELECT status, order_id FROM refunds)) AS b, COUNT(*) FILTER (WHERE (cost, qty) NOT IN (SELECT customer, qty FROM sales)) AS c, COUNT(*) FILTER (WHERE (qty, cost) IN (SELECT qty, units FROM sales)) AS d FROM orders FULL JOIN bands USING (region) HAVING COUNT(*) FILTER (WHERE (region, id) NOT IN (SELECT region, id FROM sales)) IS NOT DISTINCT FROM COUNT(*) FILTER (WHERE (region, id) NOT IN (SELECT region, id FROM sales));
-- queries of WITH that read each other twice
WITH a AS (SELECT region, SUM(qty) AS q FROM sales GROUP BY region), b AS (SELECT x.region, x.q + y.q AS q FROM a AS x LEFT JOIN a AS y ON x.q >= y.q), c AS (SELECT x.region, MAX(y.q) AS q FROM b AS x JOIN b AS y USING (region) GROUP BY x.region), d AS (SELECT x.region, x.q, y.q AS p FROM c AS x JOIN c AS y ON x.q <= y.q), e AS (SELECT x.region, x.p, y.q FROM d AS x JOIN d AS y USING (region, p)) SELECT region, COUNT(*) AS n, SUM(p) AS p, SUM(q) AS q FROM e GROUP BY region ORDER BY region NULLS FIRST;
-- correlated subqueries of a query that reads many tables
WITH w AS (SELECT o.id, o.qty, o.status FROM orders AS o WHERE EXISTS (SELECT 1 FROM refunds AS r WHERE r.order_id = o.id) OR o.qty > (SELECT AVG(s.qty) FROM sales AS s WHERE s.region = o.region) OR o.id IN (SELECT s.id FROM sales AS s WHERE s.region > o.region)) SELECT a.id, (SELECT COUNT(*) FROM w AS b WHERE b.qty <= a.qty AND b.status IN (SELECT c.status FROM w AS c WHERE c.id <> 2)) AS n, (SELECT SUM(b.qty) FROM w AS b WHERE b.id >= a.id) AS q FROM w AS a ORDER BY a.id;
-- grouping sets of a query with subqueries
SELECT region, status, SUM(qty) AS q, COUNT(*) AS n FROM (SELECT o.region, o.status, o.qty FROM orders AS o WHERE o.id IN (SELECT order_id FROM refunds) OR EXISTS (SELECT 1 FROM sales AS s WHERE s.qty = o.qty) OR o.qty < ANY (SELECT s.qty FROM sales AS s WHERE s.region = o.region)) AS x GROUP BY CUBE (region, status) ORDER BY region NULLS LAST, status NULLS LAST;
