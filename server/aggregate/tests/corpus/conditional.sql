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
-- the greatest and the least of many that could stop
SELECT id, GREATEST(qty + 1, qty + 2, qty + 3, qty + 4, qty + 5, qty + 6, qty + 7, qty + 8, qty + 9, qty + 10, qty + 11, qty + 12, qty / NULLIF(units, 0)) AS g, LEAST(customer * 1, customer * 2, customer * 3, customer * 4, customer * 5, customer * 6, customer * 7, customer * 8, customer * 9, customer * 10, customer * 11, customer * 12) AS l FROM sales ORDER BY id;
-- many conditions that could stop, one behind the other
SELECT id, CASE WHEN units / NULLIF(qty, 0) > 40 THEN 'over 40' WHEN units / NULLIF(qty, 0) > 39 THEN 'over 39' WHEN units / NULLIF(qty, 0) > 38 THEN 'over 38' WHEN units / NULLIF(qty, 0) > 37 THEN 'over 37' WHEN units / NULLIF(qty, 0) > 36 THEN 'over 36' WHEN units / NULLIF(qty, 0) > 35 THEN 'over 35' WHEN units / NULLIF(qty, 0) > 34 THEN 'over 34' WHEN units / NULLIF(qty, 0) > 33 THEN 'over 33' WHEN units / NULLIF(qty, 0) > 32 THEN 'over 32' WHEN units / NULLIF(qty, 0) > 31 THEN 'over 31' WHEN units / NULLIF(qty, 0) > 30 THEN 'over 30' WHEN units / NULLIF(qty, 0) > 29 THEN 'over 29' WHEN units / NULLIF(qty, 0) > 28 THEN 'over 28' WHEN units / NULLIF(qty, 0) > 27 THEN 'over 27' WHEN units / NULLIF(qty, 0) > 26 THEN 'over 26' WHEN units / NULLIF(qty, 0) > 25 THEN 'over 25' WHEN units / NULLIF(qty, 0) > 24 THEN 'over 24' WHEN units / NULLIF(qty, 0) > 23 THEN 'over 23' WHEN units / NULLIF(qty, 0) > 22 THEN 'over 22' WHEN units / NULLIF(qty, 0) > 21 THEN 'over 21' WHEN units / NULLIF(qty, 0) > 20 THEN 'over 20' WHEN units / NULLIF(qty, 0) > 19 THEN 'over 19' WHEN units / NULLIF(qty, 0) > 18 THEN 'over 18' WHEN units / NULLIF(qty, 0) > 17 THEN 'over 17' WHEN units / NULLIF(qty, 0) > 16 THEN 'over 16' WHEN units / NULLIF(qty, 0) > 15 THEN 'over 15' WHEN units / NULLIF(qty, 0) > 14 THEN 'over 14' WHEN units / NULLIF(qty, 0) > 13 THEN 'over 13' WHEN units / NULLIF(qty, 0) > 12 THEN 'over 12' WHEN units / NULLIF(qty, 0) > 11 THEN 'over 11' ELSE 'under' END AS a FROM sales ORDER BY id;
-- a division that is kept away behind twenty conditions that could stop
SELECT id, CASE WHEN qty IS NULL OR qty = 0 THEN 0 WHEN units / qty > 40 THEN 0 WHEN units / qty > 39 THEN 1 WHEN units / qty > 38 THEN 2 WHEN units / qty > 37 THEN 3 WHEN units / qty > 36 THEN 4 WHEN units / qty > 35 THEN 5 WHEN units / qty > 34 THEN 6 WHEN units / qty > 33 THEN 7 WHEN units / qty > 32 THEN 8 WHEN units / qty > 31 THEN 9 WHEN units / qty > 30 THEN 10 WHEN units / qty > 29 THEN 11 WHEN units / qty > 28 THEN 12 WHEN units / qty > 27 THEN 13 WHEN units / qty > 26 THEN 14 WHEN units / qty > 25 THEN 15 WHEN units / qty > 24 THEN 16 WHEN units / qty > 23 THEN 17 WHEN units / qty > 22 THEN 18 WHEN units / qty > 21 THEN 19 ELSE -1 END AS a FROM sales ORDER BY id;
-- many parts of AND, OR and COALESCE that could stop
SELECT id, units + 1 > qty AND units + 2 > qty AND units + 3 > qty AND units + 4 > qty AND units + 5 > qty AND units + 6 > qty AND units + 7 > qty AND units + 8 > qty AND units + 9 > qty AND units + 10 > qty AND units + 11 > qty AND units + 12 > qty AND units + 13 > qty AND units + 14 > qty AND units + 15 > qty AND units + 16 > qty AND units + 17 > qty AND units + 18 > qty AND units + 19 > qty AND units + 20 > qty AND units + 21 > qty AND units + 22 > qty AND units + 23 > qty AND units + 24 > qty AS a, units - 1 > customer + qty OR units - 2 > customer + qty OR units - 3 > customer + qty OR units - 4 > customer + qty OR units - 5 > customer + qty OR units - 6 > customer + qty OR units - 7 > customer + qty OR units - 8 > customer + qty OR units - 9 > customer + qty OR units - 10 > customer + qty OR units - 11 > customer + qty OR units - 12 > customer + qty OR units - 13 > customer + qty OR units - 14 > customer + qty OR units - 15 > customer + qty OR units - 16 > customer + qty OR units - 17 > customer + qty OR units - 18 > customer + qty OR units - 19 > customer + qty OR units - 20 > customer + qty OR units - 21 > customer + qty OR units - 22 > customer + qty OR units - 23 > customer + qty OR units - 24 > customer + qty AS o, COALESCE(NULLIF(units + 1, 1) / NULLIF(qty - 1, 0), NULLIF(units + 2, 2) / NULLIF(qty - 2, 0), NULLIF(units + 3, 3) / NULLIF(qty - 3, 0), NULLIF(units + 4, 4) / NULLIF(qty - 4, 0), NULLIF(units + 5, 5) / NULLIF(qty - 5, 0), NULLIF(units + 6, 6) / NULLIF(qty - 6, 0), NULLIF(units + 7, 7) / NULLIF(qty - 7, 0), NULLIF(units + 8, 8) / NULLIF(qty - 8, 0), NULLIF(units + 9, 9) / NULLIF(qty - 9, 0), NULLIF(units + 10, 10) / NULLIF(qty - 10, 0), NULLIF(units + 11, 11) / NULLIF(qty - 11, 0), NULLIF(units + 12, 12) / NULLIF(qty - 12, 0), NULLIF(units + 13, 13) / NULLIF(qty - 13, 0), NULLIF(units + 14, 14) / NULLIF(qty - 14, 0), NULLIF(units + 15, 15) / NULLIF(qty - 15, 0), NULLIF(units + 16, 16) / NULLIF(qty - 16, 0), NULLIF(units + 17, 17) / NULLIF(qty - 17, 0), NULLIF(units + 18, 18) / NULLIF(qty - 18, 0), NULLIF(units + 19, 19) / NULLIF(qty - 19, 0)) AS c FROM sales ORDER BY id;
-- NULLIF in NULLIF
SELECT id, NULLIF(NULLIF(NULLIF(NULLIF(NULLIF(NULLIF(NULLIF(NULLIF(NULLIF(NULLIF(NULLIF(NULLIF(qty, 0), 1), 2), 3), 4), 5), 6), 7), 8), 9), 10), 11) AS a, NULLIF(NULLIF(price, 7.50), qty) AS b, NULLIF(region, 'A') AS c, NULLIF(day, '2024-02-29') AS d, NULLIF(qty, price) AS e FROM sales ORDER BY id;
-- texts replaced one behind the other
SELECT id, REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(product, 'a', 'A'), 'b', 'B'), 'c', 'C'), 'd', 'D'), 'e', 'E'), 'f', 'F'), 'g', 'G'), 'h', 'H'), 'i', 'I'), 'j', 'J'), 'k', 'K'), 'l', 'L'), 'm', 'M'), 'n', 'N'), 'o', 'O'), 'p', 'P'), 'q', 'Q'), 'r', 'R'), 's', 'S'), 't', 'T') AS a FROM sales ORDER BY id;
