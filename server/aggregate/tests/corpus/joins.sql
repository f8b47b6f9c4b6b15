-- Joins of all kinds: ON with anything, USING, NATURAL, self joins, comma joins.

-- an inner join on a key
SELECT s.id, c.name FROM sales AS s JOIN customers AS c ON s.customer = c.id ORDER BY s.id, c.name;
-- a left join keeps rows without a partner
SELECT s.id, c.name FROM sales AS s LEFT JOIN customers AS c ON s.customer = c.id ORDER BY s.id, c.name;
-- a right join
SELECT s.id, c.name FROM sales AS s RIGHT JOIN customers AS c ON s.customer = c.id ORDER BY s.id, c.name, c.joined;
-- a full join
SELECT s.id, c.id AS customer, c.name FROM sales AS s FULL JOIN customers AS c ON s.customer = c.id ORDER BY s.id, c.id, c.name;
-- a cross join
SELECT o.id, b.name FROM orders AS o CROSS JOIN bands AS b ORDER BY o.id, b.name;
-- a comma join with a condition in WHERE
SELECT s.id, c.name FROM sales s, customers c WHERE s.customer = c.id AND c.region = 'A' ORDER BY s.id, c.name;
-- a comma join of three tables
SELECT o.id, r.reason, b.name FROM orders o, refunds r, bands b WHERE o.id = r.order_id AND o.region = b.region ORDER BY o.id, r.reason, b.name;
-- a left join with a range in ON
SELECT o.id, b.name FROM orders AS o LEFT JOIN bands AS b ON o.region = b.region AND o.amount >= b.lo AND o.amount < b.hi ORDER BY o.id;
-- a right join with a range in ON
SELECT o.id, b.name FROM orders AS o RIGHT JOIN bands AS b ON o.region = b.region AND o.amount >= b.lo AND o.amount < b.hi ORDER BY b.name, o.id;
-- a full join with a key and a range
SELECT o.id, b.name FROM orders AS o FULL JOIN bands AS b ON o.region = b.region AND o.amount < b.hi ORDER BY o.id, b.name;
-- a join on a range alone
SELECT o.id, b.name FROM orders AS o JOIN bands AS b ON o.amount BETWEEN b.lo AND b.hi ORDER BY o.id, b.name;
-- a left join on a range alone
SELECT o.id, b.name FROM orders AS o LEFT JOIN bands AS b ON o.amount > b.hi AND b.lo > 0 ORDER BY o.id, b.name;
-- a left join with <>
SELECT o.id, r.reason FROM orders AS o LEFT JOIN refunds AS r ON r.order_id = o.id AND r.status <> o.status ORDER BY o.id, r.reason;
-- a join on <> alone
SELECT o.id, r.reason FROM orders AS o JOIN refunds AS r ON o.id <> r.order_id ORDER BY o.id, r.reason;
-- a left join on <> alone
SELECT b.name, o.id FROM bands AS b LEFT JOIN orders AS o ON o.region <> b.region ORDER BY b.name, o.id;
-- a constant in ON about the right table
SELECT o.id, r.reason FROM orders AS o LEFT JOIN refunds AS r ON r.order_id = o.id AND r.status = 'open' ORDER BY o.id, r.reason;
-- a constant in ON about the left table
SELECT o.id, r.reason FROM orders AS o LEFT JOIN refunds AS r ON r.order_id = o.id AND o.status = 'open' ORDER BY o.id, r.reason;
-- IN in ON
SELECT o.id, r.reason FROM orders AS o LEFT JOIN refunds AS r ON r.order_id = o.id AND r.reason IN ('x', 'w') ORDER BY o.id;
-- IS NULL in ON
SELECT s.id, c.name FROM sales AS s LEFT JOIN customers AS c ON s.customer = c.id AND c.parent IS NULL ORDER BY s.id, c.name;
-- OR in ON
SELECT s.id, c.name FROM sales AS s LEFT JOIN customers AS c ON s.customer = c.id OR s.region = c.region ORDER BY s.id, c.name, c.joined;
-- OR in the ON of a full join, which PostgreSQL cannot merge
-- refused: full
SELECT s.id, c.name FROM sales AS s FULL JOIN customers AS c ON s.customer = c.id OR s.region = c.region;
-- expressions in ON
SELECT s.id, c.name FROM sales AS s JOIN customers AS c ON s.customer + 1 = c.id * 1 ORDER BY s.id, c.name;
-- text expressions in ON
SELECT s.id, c.name FROM sales AS s LEFT JOIN customers AS c ON UPPER(s.region) = c.region ORDER BY s.id, c.name, c.joined;
-- CASE in ON
SELECT s.id, c.name FROM sales AS s LEFT JOIN customers AS c ON c.id = CASE WHEN s.paid THEN s.customer ELSE 2 END ORDER BY s.id, c.name;
-- COALESCE in ON meets NULL with NULL
SELECT s.id, c.name FROM sales AS s JOIN customers AS c ON COALESCE(s.region, '-') = COALESCE(c.region, '-') ORDER BY s.id, c.name, c.joined;
-- IS NOT DISTINCT FROM in ON
SELECT s.id, c.name FROM sales AS s JOIN customers AS c ON s.customer IS NOT DISTINCT FROM c.id ORDER BY s.id, c.name;
-- ON TRUE
SELECT o.id, r.reason FROM orders AS o LEFT JOIN refunds AS r ON TRUE ORDER BY o.id, r.reason;
-- ON FALSE
SELECT o.id, r.reason FROM orders AS o LEFT JOIN refunds AS r ON FALSE ORDER BY o.id;
-- ON 1 = 1
SELECT COUNT(*) AS n FROM orders AS o JOIN refunds AS r ON 1 = 1;
-- ON with a condition of one side only
SELECT o.id, r.reason FROM orders AS o LEFT JOIN refunds AS r ON o.qty > 2 ORDER BY o.id, r.reason;
-- ON with a boolean column
SELECT s.id, c.name FROM sales AS s LEFT JOIN customers AS c ON s.customer = c.id AND c.active ORDER BY s.id, c.name;
-- whole and decimal keys
SELECT l.line, k.name FROM lines AS l JOIN keys AS k ON l.key = k.id ORDER BY l.line, k.name;
-- unsigned keys without a partner
SELECT l.key, l.line, k.name FROM lines AS l LEFT JOIN keys AS k ON k.id = l.key ORDER BY l.key, l.line, k.name;
-- integer and bigint keys
SELECT s.id, x.whole FROM sales AS s JOIN extremes AS x ON s.id = x.big ORDER BY s.id;
-- integer and decimal keys
SELECT s.id, k.name FROM sales AS s JOIN keys AS k ON s.id = k.id ORDER BY s.id, k.name;
-- decimal keys of different scales
SELECT s.id, x.id AS other FROM sales AS s JOIN extremes AS x ON s.price = x.share ORDER BY s.id, other;
-- double keys
SELECT s.id, x.id AS other FROM sales AS s JOIN extremes AS x ON s.weight = x.ratio ORDER BY s.id, other;
-- date and timestamp keys
SELECT a.id AS one, b.id AS other FROM sales AS a JOIN sales AS b ON a.day = b.sold_at ORDER BY one, other;
-- time keys
SELECT a.id AS one, b.id AS other FROM sales AS a JOIN sales AS b ON a.opened = b.opened AND a.id < b.id ORDER BY one, other;
-- text keys with blanks are different
SELECT a.id AS one, b.id AS other FROM words AS a JOIN words AS b ON a.word = TRIM(b.word) ORDER BY one, other;
-- boolean keys
SELECT s.id, c.name FROM sales AS s JOIN customers AS c ON s.paid = c.active WHERE s.id < 3 ORDER BY s.id, c.name, c.region;
-- two keys
SELECT s.id, c.name FROM sales AS s LEFT JOIN customers AS c ON s.customer = c.id AND s.region = c.region ORDER BY s.id, c.name;
-- USING
SELECT id, s.qty, o.qty AS other FROM sales AS s JOIN orders AS o USING (id) ORDER BY id;
-- USING merges its column in a full join
SELECT id, s.region, o.region AS other FROM sales AS s FULL JOIN orders AS o USING (id) ORDER BY id;
-- USING in a right join
SELECT id, region, s.qty, o.qty AS other FROM orders AS o RIGHT JOIN sales AS s USING (id, region) ORDER BY id, region;
-- all columns of a join with USING
SELECT * FROM refunds AS r JOIN (SELECT lo + 1 AS amount, name FROM bands) AS b USING (amount);
-- refused
SELECT * FROM refunds AS r JOIN bands AS b USING (lo);
-- all columns of USING come once
SELECT * FROM (SELECT id, name FROM customers) AS a LEFT JOIN (SELECT id, qty FROM sales) AS b USING (id) ORDER BY id, name, qty;
-- NATURAL JOIN
SELECT * FROM (SELECT id, region FROM orders) AS a NATURAL JOIN (SELECT id, region, qty FROM sales) AS b ORDER BY id;
-- NATURAL LEFT JOIN
SELECT * FROM (SELECT id, region FROM customers) AS a NATURAL LEFT JOIN (SELECT region, name FROM bands) AS b ORDER BY id, region, name;
-- the same column of three tables: the last join decides what it is
SELECT id, o.qty, e.whole, w.word FROM orders AS o LEFT JOIN extremes AS e USING (id) FULL JOIN words AS w USING (id) ORDER BY id;
-- the same column of three tables, the last one kept
SELECT id, o.id AS a, e.id AS b, w.id AS c FROM orders AS o FULL JOIN extremes AS e USING (id) RIGHT JOIN words AS w USING (id) ORDER BY id;
-- one column of two tables, another one of the third
SELECT * FROM (SELECT id, region FROM orders) AS o JOIN (SELECT id, qty FROM sales) AS s USING (id) LEFT JOIN (SELECT region, name FROM bands) AS b USING (region) ORDER BY id, name;
-- NATURAL joins of three tables
SELECT * FROM (SELECT id, region FROM orders) AS a NATURAL FULL JOIN (SELECT id, product FROM sales) AS b NATURAL JOIN (SELECT id, word FROM words) AS c ORDER BY id;
-- NATURAL JOIN without a column in common
SELECT * FROM (SELECT id FROM orders) AS a NATURAL JOIN (SELECT region FROM refunds AS r JOIN bands ON r.amount = lo + 1) AS b ORDER BY id, region;
-- the star of a comma and a join by a column: tables stay in their order
SELECT * FROM (SELECT region, lo FROM bands) AS b, (SELECT qty, id FROM orders) AS o JOIN (SELECT units, id FROM sales) AS s USING (id) ORDER BY region, lo, id;
-- refused: ambiguous
SELECT id FROM orders JOIN sales USING (id) JOIN words AS w ON w.id = sales.id;
-- refused: ambiguous
SELECT o.qty FROM orders AS o JOIN sales AS s ON o.id = s.id JOIN words AS w USING (id);
-- refused: ambiguous
SELECT a.id FROM (SELECT id FROM orders) AS a JOIN (SELECT id FROM sales) AS b ON a.id = b.id NATURAL JOIN (SELECT id FROM words) AS c;
-- a self join
SELECT c.name, p.name AS parent FROM customers AS c LEFT JOIN customers AS p ON c.parent = p.id ORDER BY c.name, c.id, p.name;
-- a self join with a range
SELECT a.id AS one, b.id AS other FROM orders AS a JOIN orders AS b ON a.amount < b.amount ORDER BY one, other;
-- a self join that counts earlier rows
SELECT a.id, COUNT(b.id) AS earlier FROM sales AS a LEFT JOIN sales AS b ON b.day < a.day GROUP BY a.id ORDER BY a.id;
-- three tables, left and left
SELECT o.id, r.reason, b.name FROM orders AS o LEFT JOIN refunds AS r ON r.order_id = o.id LEFT JOIN bands AS b ON b.region = o.region AND o.amount < b.hi ORDER BY o.id, r.reason, b.name;
-- three tables, inner and left
SELECT o.id, r.reason, b.name FROM orders AS o JOIN refunds AS r ON r.order_id = o.id LEFT JOIN bands AS b ON b.region = o.region AND r.amount > b.lo ORDER BY o.id, r.reason, b.name;
-- three tables, left and inner
SELECT o.id, r.reason, b.name FROM orders AS o LEFT JOIN refunds AS r ON r.order_id = o.id JOIN bands AS b ON b.region = o.region ORDER BY o.id, r.reason, b.name;
-- a join in parentheses
SELECT o.id, r.reason, b.name FROM orders AS o LEFT JOIN (refunds AS r JOIN bands AS b ON r.amount >= b.lo AND r.amount < b.hi) ON r.order_id = o.id ORDER BY o.id, r.reason, b.name;
-- the second join sees the first's absent rows
SELECT o.id, r.reason, r2.reason AS again FROM orders AS o LEFT JOIN refunds AS r ON r.order_id = o.id AND r.status = 'open' LEFT JOIN refunds AS r2 ON r2.reason > r.reason ORDER BY o.id, r.reason, again;
-- WHERE after a left join
SELECT o.id, r.reason FROM orders AS o LEFT JOIN refunds AS r ON r.order_id = o.id WHERE r.reason IS NULL ORDER BY o.id;
-- WHERE turns a left join into an inner one
SELECT o.id, r.reason FROM orders AS o LEFT JOIN refunds AS r ON r.order_id = o.id WHERE r.status = 'open' ORDER BY o.id;
-- an expression over the absent side
SELECT o.id, COALESCE(r.amount, 0) AS a, r.amount IS NULL AS b, CASE WHEN r.status = 'open' THEN 1 ELSE 0 END AS c FROM orders AS o LEFT JOIN refunds AS r ON r.order_id = o.id ORDER BY o.id, a;
-- same column names in both tables
SELECT o.status, r.status AS refund, o.amount, r.amount AS back FROM orders AS o JOIN refunds AS r ON r.order_id = o.id ORDER BY o.id, r.reason;
-- group by a joined column of the same name
SELECT r.status, COUNT(*) AS n FROM orders AS o LEFT JOIN refunds AS r ON r.order_id = o.id GROUP BY r.status ORDER BY r.status;
-- group by both columns of the same name
SELECT o.status, r.status AS refund, COUNT(*) AS n, SUM(o.amount) AS a, SUM(r.amount) AS b FROM orders AS o LEFT JOIN refunds AS r ON r.order_id = o.id GROUP BY o.status, r.status ORDER BY o.status, refund;
-- all columns of one table
SELECT o.*, r.reason FROM orders AS o LEFT JOIN refunds AS r ON r.order_id = o.id ORDER BY o.id, r.reason;
-- all columns of all tables
SELECT * FROM orders AS o JOIN refunds AS r ON r.order_id = o.id JOIN bands AS b ON b.region = o.region AND b.name = 'low' ORDER BY o.id, r.reason;
-- a join with an empty table
SELECT s.id, n.qty FROM sales AS s JOIN nothing AS n ON s.id = n.id;
-- a left join with an empty table
SELECT s.id, n.qty FROM sales AS s LEFT JOIN nothing AS n ON s.id = n.id ORDER BY s.id;
-- a full join with an empty table
SELECT s.id, n.qty FROM nothing AS n FULL JOIN sales AS s ON s.id = n.id ORDER BY s.id;
-- an empty table first
SELECT s.id, n.qty FROM nothing AS n LEFT JOIN sales AS s ON s.id = n.id;
-- a cross join with an empty table
SELECT s.id FROM sales AS s CROSS JOIN nothing AS n;
-- keys that are all NULL
SELECT s.id, a.id AS other FROM sales AS s LEFT JOIN absent AS a ON s.qty = a.a ORDER BY s.id;
-- a join of sub-selects
SELECT a.region, a.q, b.n FROM (SELECT region, SUM(qty) AS q FROM sales GROUP BY region) AS a LEFT JOIN (SELECT region, COUNT(*) AS n FROM customers GROUP BY region) AS b ON a.region = b.region ORDER BY a.region;
-- a join with VALUES
SELECT s.id, v.word FROM sales AS s JOIN (VALUES (1, 'one'), (2, 'two'), (NULL, 'none')) AS v (n, word) ON s.qty = v.n ORDER BY s.id;
-- a table without an alias
SELECT orders.id, refunds.reason FROM orders JOIN refunds ON refunds.order_id = orders.id ORDER BY orders.id, refunds.reason;
-- ambiguous names are free where only one table has them
SELECT reason, qty FROM orders JOIN refunds ON order_id = id ORDER BY reason;
-- refused: may be a column of
SELECT status FROM orders JOIN refunds ON order_id = id;
-- refused: may be a column of
SELECT o.id FROM orders AS o JOIN sales AS s ON id = qty;
-- refused
SELECT orders.id FROM orders AS o;
-- refused
SELECT o.id FROM orders AS o JOIN orders AS o ON o.id = o.id;
-- refused
SELECT o.id FROM orders AS o JOIN refunds AS r ON r.order_id = b.id JOIN bands AS b ON TRUE;
-- refused: lateral
SELECT o.id, x.n FROM orders AS o CROSS JOIN LATERAL (SELECT COUNT(*) AS n FROM refunds AS r WHERE r.order_id = o.id) AS x;
-- refused
SELECT o.id, x.n FROM orders AS o JOIN (SELECT COUNT(*) AS n FROM refunds AS r WHERE r.order_id = o.id) AS x ON TRUE;
-- refused: on
SELECT o.id FROM orders AS o JOIN refunds AS r ON SUM(r.amount) > 1;
-- refused
SELECT o.id FROM orders AS o JOIN refunds AS r ON o.id;
-- refused
SELECT o.id FROM orders AS o SEMI JOIN refunds AS r ON o.id = r.order_id;
-- refused
SELECT o.id FROM orders AS o ASOF JOIN refunds AS r MATCH_CONDITION (o.id >= r.order_id);
-- a subquery in ON
-- refused: subquery
SELECT o.id, r.reason FROM orders AS o LEFT JOIN refunds AS r ON r.order_id = o.id AND r.amount = (SELECT MAX(amount) FROM refunds) ORDER BY o.id;
-- column aliases of a table
SELECT t.a, t.b FROM refunds AS t (a, b) WHERE t.a = 1 ORDER BY t.b;
-- an aggregate over tables without rows, joined without a key
SELECT MAX(1.00) AS a FROM nothing AS a CROSS JOIN orders AS b JOIN nothing AS c ON TRUE WHERE CAST(NULL AS TIMESTAMP) = b.ordered_at;
-- the same in a subquery of a table without rows
SELECT n.qty AS a FROM nothing AS n WHERE ((SELECT MAX(1.00) AS m FROM (SELECT BOOL_AND(TRUE) OVER (PARTITION BY a.id ORDER BY a.id) AS x FROM nothing AS a CROSS JOIN orders AS b JOIN nothing AS c ON TRUE WHERE CAST(NULL AS TIMESTAMP) = b.ordered_at) AS t) NOT IN (0, 1, 2.5));
-- counts of tables without rows, joined without a key
SELECT COUNT(*) AS a FROM nothing AS a CROSS JOIN orders AS b CROSS JOIN nothing AS c;
-- a computed condition beside keys nobody reads
SELECT s.price FROM sales AS s JOIN orders AS o USING (id, region) WHERE o.qty >= s.day - s.day ORDER BY s.price;
-- the same where the other side has fewer rows
SELECT o.amount FROM orders AS o JOIN sales AS s USING (id, region) WHERE o.qty >= s.day - s.day ORDER BY o.amount;
-- the same in an aggregate
SELECT SUM(s.price) AS a, COUNT(*) AS n FROM orders AS o JOIN sales AS s USING (id, region) WHERE o.qty >= s.day - s.day;
-- a query beside itself, of which one side shows nothing
WITH w AS (SELECT DATE '2024-02-29' AS d, CAST(o.id AS BIGINT) AS id FROM orders AS o RIGHT JOIN bands AS b USING (region)) SELECT b.d, b.id, COUNT(*) AS n FROM w AS a CROSS JOIN w AS b GROUP BY b.d, b.id ORDER BY b.id NULLS LAST;
-- the same of empty tables, grouped by a constant
WITH w AS (SELECT DATE '2024-02-29' AS d, CAST(o.id AS BIGINT) AS id FROM orders AS o RIGHT JOIN orders AS p USING (id, region) WHERE FALSE) SELECT b.d FROM w AS a CROSS JOIN w AS b GROUP BY b.d, b.id;
-- a query beside itself, of which one side shows a constant
WITH w AS (SELECT CAST(1 AS BIGINT) AS one, -2.25 / NULLIF(o.qty, 0) AS q FROM orders AS o JOIN sales AS s ON o.id = s.id) SELECT a.one, SUM(b.q) AS q FROM w AS a CROSS JOIN w AS b GROUP BY a.one;
-- a query joined to itself by a constant
WITH w AS (SELECT o.id, TIME '12:00:00' AS t FROM orders AS o LEFT JOIN sales AS s ON o.region = s.region JOIN bands AS b ON TRUE) SELECT COUNT(*) AS n, MAX(s.qty) FILTER (WHERE a.id IS NOT DISTINCT FROM b.id) AS q FROM w AS a FULL JOIN w AS b ON a.t = b.t JOIN sales AS s ON TRUE;
