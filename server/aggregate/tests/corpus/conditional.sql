-- CASE, COALESCE, NULLIF, GREATEST and LEAST.

-- a searched CASE
SELECT id, CASE WHEN qty > 3 THEN 'many' WHEN qty > 0 THEN 'some' WHEN qty IS NULL THEN 'unknown' ELSE 'none' END AS a FROM sales ORDER BY id;
-- CASE without ELSE
SELECT id, CASE WHEN qty > 3 THEN qty END AS a FROM sales ORDER BY id;
-- a simple CASE
SELECT id, CASE region WHEN 'A' THEN 1 WHEN 'B' THEN 2 ELSE 0 END AS a FROM sales ORDER BY id;
-- a simple CASE never meets NULL
SELECT id, CASE region WHEN NULL THEN 'absent' WHEN 'A' THEN 'first' ELSE 'other' END AS a FROM sales ORDER BY id;
-- CASE of whole numbers and decimals is decimal
SELECT id, CASE WHEN qty > 2 THEN 1 WHEN qty > 1 THEN 2.50 ELSE units END AS a FROM sales ORDER BY id;
-- CASE of decimals and doubles is double
SELECT id, CASE WHEN qty > 2 THEN price ELSE weight END AS a FROM sales ORDER BY id;
-- CASE of integer and bigint is bigint
SELECT id, CASE WHEN qty > 2 THEN qty ELSE units END AS a FROM sales ORDER BY id;
-- CASE of dates and timestamps is a timestamp
SELECT id, CASE WHEN qty > 2 THEN day ELSE sold_at END AS a FROM sales ORDER BY id;
-- CASE with quoted branches beside dates
SELECT id, CASE WHEN qty > 2 THEN day ELSE '2000-01-01' END AS a FROM sales ORDER BY id;
-- CASE of two decimal scales
SELECT id, CASE WHEN qty > 2 THEN price ELSE rate END AS a FROM sales ORDER BY id;
-- CASE in CASE
SELECT id, CASE WHEN paid THEN CASE WHEN qty > 1 THEN 'b' ELSE 'a' END ELSE 'c' END AS a FROM sales ORDER BY id;
-- CASE in a condition
SELECT id FROM sales WHERE CASE WHEN paid THEN qty > 1 ELSE qty < 0 END ORDER BY id;
-- CASE in an aggregate
SELECT SUM(CASE WHEN status = 'done' THEN amount ELSE 0 END) AS done, COUNT(CASE WHEN status = 'open' THEN 1 END) AS open FROM orders;
-- a count that is subtracted
SELECT COUNT(CASE WHEN status = 'done' THEN 1 END) - COUNT(*) AS done_minus_all, COUNT(*) * 1500000000 AS fee, -COUNT(*) AS minus FROM orders;
-- CASE keeps faults of other branches away
SELECT id, CASE WHEN TRUE THEN 1 ELSE qty / NULLIF(0, qty) END AS a FROM sales ORDER BY id;
-- CASE that shields a cast
SELECT id, CASE WHEN code LIKE '00%' THEN CAST(code AS INTEGER) END AS a FROM words ORDER BY id;
-- CASE whose branches are all NULL is text
SELECT id, CASE WHEN qty > 1 THEN NULL ELSE NULL END AS a FROM sales ORDER BY id;
-- refused: read as
SELECT CASE WHEN qty > 1 THEN 'a' ELSE qty END AS a FROM sales;
-- refused: different types
SELECT CASE WHEN qty > 1 THEN day ELSE qty END AS a FROM sales;
-- refused: boolean
SELECT CASE WHEN qty THEN 1 END AS a FROM sales;
-- fails: a quoted branch that is no number
SELECT CASE WHEN qty > 1 THEN 'a' ELSE 1 END AS a FROM sales;
-- COALESCE of columns
SELECT id, COALESCE(region, product, '-') AS a, COALESCE(qty, 0) AS b, COALESCE(price, qty, 1) AS c FROM sales ORDER BY id;
-- COALESCE of whole numbers and doubles
SELECT id, COALESCE(qty, weight) AS a, COALESCE(units, qty) AS b FROM sales ORDER BY id;
-- COALESCE of dates and timestamps
SELECT id, COALESCE(sold_at, day) AS a, COALESCE(day, '1999-12-31') AS b FROM sales ORDER BY id;
-- COALESCE of one value
SELECT id, COALESCE(qty) AS a FROM sales ORDER BY id;
-- COALESCE of NULLs
SELECT COALESCE(NULL, NULL) AS a, COALESCE(NULL, 3) AS b, COALESCE(NULL, NULL, 'x') AS c;
-- COALESCE stops at the first value
SELECT id, COALESCE(id, 1 / NULLIF(qty, qty)) AS a FROM sales ORDER BY id;
-- COALESCE shields a division by zero
SELECT id, COALESCE(id, 1 / (qty - qty)) AS a FROM sales ORDER BY id;
-- COALESCE over aggregates
SELECT COALESCE(SUM(qty), 0) AS a, COALESCE(MAX(region), 'none') AS b FROM nothing;
-- refused: different types
SELECT COALESCE(region, 0) AS a FROM sales;
-- refused: different types
SELECT COALESCE(day, qty) AS a FROM sales;
-- NULLIF of numbers
SELECT id, NULLIF(qty, 2) AS a, NULLIF(price, 10) AS b, NULLIF(qty, 2.0) AS c FROM sales ORDER BY id;
-- NULLIF of texts
SELECT id, NULLIF(product, '') AS a, NULLIF(region, product) AS b FROM sales ORDER BY id;
-- NULLIF of NULL
SELECT NULLIF(NULL, 1) AS a, NULLIF(1, NULL) AS b, NULLIF('a', 'a') AS c;
-- GREATEST and LEAST of numbers skip NULL
SELECT id, GREATEST(qty, 2) AS a, LEAST(qty, units, 5) AS b, GREATEST(price, 7.495, qty) AS c FROM sales ORDER BY id;
-- GREATEST and LEAST of texts
SELECT id, GREATEST(region, product) AS a, LEAST(region, product, 'B') AS b FROM sales ORDER BY id;
-- GREATEST and LEAST of dates
SELECT id, GREATEST(day, '2025-01-01') AS a, LEAST(day, sold_at) AS b FROM sales ORDER BY id;
-- GREATEST of NULLs
SELECT GREATEST(NULL, NULL) AS a, LEAST(NULL, 3) AS b, GREATEST(1, NULL, 2.5) AS c;
-- GREATEST and LEAST of doubles and not a number
SELECT id, GREATEST(ratio, 0) AS a, LEAST(ratio, 0) AS b FROM extremes ORDER BY id;
-- GREATEST and LEAST of booleans
SELECT id, GREATEST(paid, FALSE) AS a, LEAST(paid, TRUE) AS b FROM sales ORDER BY id;
-- refused: different types
SELECT GREATEST(region, qty) AS a FROM sales;
-- CASE over an aggregate
SELECT region, CASE WHEN SUM(qty) > 3 THEN 'large' ELSE 'small' END AS size FROM sales GROUP BY region ORDER BY region;
-- CASE as a group
SELECT CASE WHEN qty > 2 THEN 'large' ELSE 'small' END AS size, COUNT(*) AS n FROM sales GROUP BY CASE WHEN qty > 2 THEN 'large' ELSE 'small' END ORDER BY size;
-- CASE with BETWEEN and LIKE
SELECT id, CASE WHEN qty BETWEEN 1 AND 2 THEN 'low' WHEN product LIKE 'p%' THEN 'pear' END AS a FROM sales ORDER BY id;
-- a simple CASE over dates
SELECT id, CASE day WHEN '2024-02-29' THEN 'leap' WHEN DATE '2025-01-01' THEN 'new' END AS a FROM sales ORDER BY id;
-- a simple CASE over booleans
SELECT id, CASE paid WHEN TRUE THEN 'yes' WHEN FALSE THEN 'no' ELSE '?' END AS a FROM sales ORDER BY id;
-- the greatest and the least of several, NULLs among them
SELECT id, GREATEST(qty, id, customer, units, NULL, 3, 0) AS g, LEAST(qty, id, customer, units, NULL, 3, 0) AS l, GREATEST(product, region, 'b', NULL, 'Z') AS t, LEAST(product, region, product || region, region || 'x') AS u FROM sales ORDER BY id;
