-- GROUPING SETS, ROLLUP, CUBE and GROUPING.

-- ROLLUP
SELECT region, product, SUM(qty) AS q FROM sales WHERE id <= 8 AND region IS NOT NULL GROUP BY ROLLUP (region, product) ORDER BY region, product, q;
-- ROLLUP tells NULL groups from totals
SELECT region, GROUPING(region) AS g, COUNT(*) AS n FROM sales GROUP BY ROLLUP (region) ORDER BY g, region;
-- CUBE
SELECT region, paid, COUNT(*) AS n, GROUPING(region, paid) AS g FROM sales GROUP BY CUBE (region, paid) ORDER BY g, region, paid;
-- GROUPING SETS
SELECT region, product, SUM(units) AS u, GROUPING(region) AS a, GROUPING(product) AS b FROM sales GROUP BY GROUPING SETS ((region), (product), ()) ORDER BY a, b, region, product;
-- GROUPING SETS with a pair
SELECT region, paid, SUM(price) AS p, GROUPING(region, paid) AS g FROM sales GROUP BY GROUPING SETS ((region, paid), (region), ()) ORDER BY g, region, paid;
-- a column beside ROLLUP
SELECT paid, region, COUNT(*) AS n, GROUPING(region) AS g FROM sales GROUP BY paid, ROLLUP (region) ORDER BY paid, g, region;
-- two ROLLUPs multiply
SELECT paid, region, COUNT(*) AS n, GROUPING(paid, region) AS g FROM sales GROUP BY ROLLUP (paid), ROLLUP (region) ORDER BY g, paid, region;
-- expressions in ROLLUP
SELECT UPPER(region) AS r, COUNT(*) AS n, GROUPING(UPPER(region)) AS g FROM sales GROUP BY ROLLUP (UPPER(region)) ORDER BY g, r;
-- HAVING over GROUPING
SELECT region, COUNT(*) AS n FROM sales GROUP BY ROLLUP (region) HAVING GROUPING(region) = 1 OR COUNT(*) > 3 ORDER BY n, region;
-- labels for totals
SELECT CASE WHEN GROUPING(region) = 1 THEN 'Total' ELSE COALESCE(region, '?') END AS label, SUM(qty) AS q FROM sales GROUP BY ROLLUP (region) ORDER BY GROUPING(region), label;
-- ROLLUP over no rows gives the total
SELECT region, COUNT(*) AS n, SUM(qty) AS q FROM nothing GROUP BY ROLLUP (region);
-- CUBE over no rows gives the total
SELECT region, paid, COUNT(*) AS n FROM nothing GROUP BY CUBE (region, paid);
-- GROUPING SETS without the total over no rows
SELECT region, COUNT(*) AS n FROM nothing GROUP BY GROUPING SETS ((region));
-- the empty set alone
SELECT COUNT(*) AS n FROM sales GROUP BY ();
-- the empty set alone over no rows
SELECT COUNT(*) AS n FROM nothing GROUP BY GROUPING SETS (());
-- the same set twice
SELECT region, COUNT(*) AS n FROM sales GROUP BY GROUPING SETS ((region), (region)) ORDER BY region, n;
-- aggregates of many kinds over ROLLUP
SELECT region, COUNT(DISTINCT product) AS a, AVG(price) AS b, MIN(day) AS c, STRING_AGG(product, ',' ORDER BY id) AS d, GROUPING(region) AS g FROM sales GROUP BY ROLLUP (region) ORDER BY g, region;
-- FILTER over ROLLUP
SELECT region, COUNT(*) FILTER (WHERE paid) AS n, GROUPING(region) AS g FROM sales GROUP BY ROLLUP (region) ORDER BY g, region;
-- an aggregate of the grouped column sees its values
SELECT region, COUNT(region) AS n, MAX(region) AS m, GROUPING(region) AS g FROM sales GROUP BY ROLLUP (region) ORDER BY g, region;
-- windows over ROLLUP
SELECT region, SUM(qty) AS q, RANK() OVER (PARTITION BY GROUPING(region) ORDER BY SUM(qty) DESC NULLS LAST) AS r, GROUPING(region) AS g FROM sales GROUP BY ROLLUP (region) ORDER BY g, region;
-- ROLLUP of pairs
SELECT region, product, paid, COUNT(*) AS n, GROUPING(region, product, paid) AS g FROM sales GROUP BY ROLLUP ((region, product), paid) ORDER BY g, region, product, paid;
-- DATE_TRUNC in ROLLUP
SELECT DATE_TRUNC('year', day) AS y, SUM(qty) AS q, GROUPING(DATE_TRUNC('year', day)) AS g FROM sales GROUP BY ROLLUP (DATE_TRUNC('year', day)) ORDER BY g, y;
-- positions in ROLLUP
SELECT region, paid, COUNT(*) AS n, GROUPING(region, paid) AS g FROM sales GROUP BY ROLLUP (1, 2) ORDER BY g, region, paid;
-- ROLLUP in a sub-select
SELECT COUNT(*) AS n, SUM(q) AS q FROM (SELECT region, product, SUM(qty) AS q FROM sales GROUP BY CUBE (region, product)) AS x;
-- refused: grouping
SELECT region, GROUPING(qty) AS g FROM sales GROUP BY ROLLUP (region);
-- refused: grouping
SELECT GROUPING(region) AS g FROM sales;
-- refused: group
SELECT region, qty FROM sales GROUP BY ROLLUP (region);
-- WITH ROLLUP is another database's
-- refused
SELECT region, COUNT(*) AS n FROM sales GROUP BY region WITH ROLLUP;
-- ordering by a column that is NULL in totals
SELECT region, SUM(units) AS u FROM sales WHERE region IS NOT NULL GROUP BY ROLLUP (region) ORDER BY region NULLS LAST;
-- LIMIT over ROLLUP
SELECT region, COUNT(*) AS n FROM sales WHERE region IS NOT NULL GROUP BY ROLLUP (region) ORDER BY n DESC, region LIMIT 3;
-- one column under two names is two columns
SELECT a, b, COUNT(*) AS n FROM (SELECT region AS a, region AS b FROM sales) AS s GROUP BY ROLLUP (a, b);
