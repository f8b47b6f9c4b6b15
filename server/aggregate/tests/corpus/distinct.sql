-- DISTINCT and DISTINCT ON.

-- one column
SELECT DISTINCT region FROM sales ORDER BY region;
-- two columns
SELECT DISTINCT region, paid FROM sales ORDER BY region, paid;
-- NULL is one value
SELECT DISTINCT qty FROM sales ORDER BY qty NULLS FIRST;
-- whole rows
SELECT DISTINCT * FROM (SELECT region, product, qty FROM sales) AS x ORDER BY region, product, qty;
-- expressions
SELECT DISTINCT qty % 3 AS a, region IS NULL AS b FROM sales ORDER BY a, b;
-- decimals
SELECT DISTINCT price FROM sales ORDER BY price DESC;
-- decimals of unsigned keys
SELECT DISTINCT id FROM keys ORDER BY id;
-- doubles with not a number
SELECT DISTINCT ratio FROM extremes ORDER BY ratio;
-- dates, times and booleans
SELECT DISTINCT day, opened, paid FROM sales ORDER BY day, opened, paid;
-- texts by bytes
SELECT DISTINCT LOWER(word) AS w FROM words WHERE id <> 10 ORDER BY w;
-- constants
SELECT DISTINCT 1 AS one, NULL AS none FROM sales;
-- no rows
SELECT DISTINCT region FROM nothing;
-- with LIMIT
SELECT DISTINCT region FROM sales ORDER BY region LIMIT 2 OFFSET 1;
-- DISTINCT counts after windows
SELECT DISTINCT COUNT(*) OVER (PARTITION BY region) AS n FROM sales ORDER BY n;
-- DISTINCT ON
SELECT DISTINCT ON (region) region, id, qty FROM sales ORDER BY region, id;
-- DISTINCT ON downwards
SELECT DISTINCT ON (region) region, id, qty FROM sales ORDER BY region DESC, qty DESC NULLS LAST, id;
-- DISTINCT ON two columns
SELECT DISTINCT ON (region, product) region, product, id FROM sales ORDER BY region, product, id DESC;
-- DISTINCT ON an expression
SELECT DISTINCT ON (qty % 2) id, qty FROM sales ORDER BY qty % 2, id;
-- DISTINCT ON a column that is not selected
SELECT DISTINCT ON (team) player FROM scores ORDER BY team, points DESC NULLS LAST, id;
-- DISTINCT ON with the columns in another order
SELECT DISTINCT ON (product, region) region, product, id FROM sales ORDER BY region, product, id;
-- DISTINCT ON with LIMIT
SELECT DISTINCT ON (team) team, id FROM scores ORDER BY team, id LIMIT 2;
-- DISTINCT ON over groups
SELECT DISTINCT ON (region) region, product, COUNT(*) AS n FROM sales GROUP BY region, product ORDER BY region, n DESC, product;
-- DISTINCT ON a position
SELECT DISTINCT ON (1) team, player FROM scores ORDER BY 1, id;
-- refused: distinct
SELECT DISTINCT ON (region) region, id FROM sales ORDER BY id;
-- refused: distinct
SELECT DISTINCT region FROM sales ORDER BY qty;
-- refused: distinct
SELECT DISTINCT region FROM sales ORDER BY LENGTH(product);
-- ORDER BY an expression that is selected
SELECT DISTINCT LENGTH(product) AS n FROM sales ORDER BY LENGTH(product);
-- DISTINCT of an aggregate
SELECT DISTINCT SUM(qty) > 3 AS a FROM sales GROUP BY region ORDER BY a;
-- ALL is the default
SELECT ALL region FROM orders ORDER BY region, id;
-- DISTINCT in a sub-select
SELECT COUNT(*) AS n FROM (SELECT DISTINCT region, product FROM sales) AS x;
-- DISTINCT of a join
SELECT DISTINCT c.region, s.product FROM sales AS s JOIN customers AS c ON s.customer = c.id ORDER BY c.region, s.product;
