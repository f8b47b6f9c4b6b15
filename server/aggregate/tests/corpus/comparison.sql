-- Comparisons, three-valued logic, IN, BETWEEN and DISTINCT FROM.

-- all operators of whole numbers
SELECT id, qty = 2 AS a, qty <> 2 AS b, qty < 2 AS c, qty <= 2 AS d, qty > 2 AS e, qty >= 2 AS f, qty != 2 AS g FROM sales ORDER BY id;
-- all operators of decimals
SELECT id, price = 10 AS a, price <> 10.00 AS b, price < 7.5 AS c, price >= 7.495 AS d FROM sales ORDER BY id;
-- texts are compared byte by byte
SELECT id, word < 'b' AS a, word = 'Apple' AS b, word > 'apple' AS c FROM words ORDER BY id;
-- trailing blanks count in texts
SELECT id, word = 'pear' AS a, word = 'pear ' AS b, word = '' AS c, word = ' ' AS d FROM words ORDER BY id;
-- dates and timestamps are comparable
SELECT id, day = sold_at AS a, day < sold_at AS b, sold_at >= '2025-01-01' AS c, day > DATE '2024-12-31' AS d FROM sales ORDER BY id;
-- a quoted date beside a date
SELECT id FROM sales WHERE day = '2024-02-29' ORDER BY id;
-- a quoted timestamp beside a timestamp
SELECT id FROM sales WHERE sold_at >= '2024-12-31 23:59:59.999999' ORDER BY id;
-- times
SELECT id, opened > '09:00' AS a, opened = TIME '12:00:00' AS b FROM sales ORDER BY id;
-- booleans as conditions
SELECT id FROM sales WHERE paid ORDER BY id;
-- NOT of a boolean
SELECT id FROM sales WHERE NOT paid ORDER BY id;
-- booleans are ordered
SELECT id, paid = TRUE AS a, paid <> FALSE AS b, paid < TRUE AS c FROM sales ORDER BY id;
-- IS TRUE and its kind
SELECT id, paid IS TRUE AS a, paid IS NOT TRUE AS b, paid IS FALSE AS c, paid IS NOT FALSE AS d, paid IS UNKNOWN AS e, paid IS NOT UNKNOWN AS f FROM sales ORDER BY id;
-- IS NULL
SELECT id, qty IS NULL AS a, region IS NOT NULL AS b FROM sales ORDER BY id;
-- AND and OR with NULL
SELECT TRUE AND NULL AS a, FALSE AND NULL AS b, TRUE OR NULL AS c, FALSE OR NULL AS d, NOT NULL AS e;
-- the whole table of AND and OR
SELECT x.v AS a, y.v AS b, x.v AND y.v AS c, x.v OR y.v AS d FROM (VALUES (TRUE), (FALSE), (NULL)) AS x (v) CROSS JOIN (VALUES (TRUE), (FALSE), (NULL)) AS y (v) ORDER BY a, b;
-- a NULL condition drops the row
SELECT id FROM sales WHERE qty > NULL;
-- rows where a comparison is not true
SELECT id FROM sales WHERE NOT (qty > 2) ORDER BY id;
-- IN with a list
SELECT id, qty IN (1, 2, 3) AS a FROM sales ORDER BY id;
-- IN with NULL in the list
SELECT id, qty IN (1, NULL) AS a, qty NOT IN (1, NULL) AS b FROM sales ORDER BY id;
-- NOT IN without NULL
SELECT id FROM sales WHERE qty NOT IN (1, 2) ORDER BY id;
-- NOT IN with NULL finds nothing
SELECT id FROM sales WHERE qty NOT IN (1, NULL);
-- IN over expressions
SELECT id FROM sales WHERE qty * 10 IN (units, 0) ORDER BY id;
-- IN over texts
SELECT id FROM sales WHERE region IN ('A', 'a', '') ORDER BY id;
-- IN over decimals and whole numbers
SELECT id FROM sales WHERE price IN (10, 7.5, 0.010) ORDER BY id;
-- IN over dates in quotes
SELECT id FROM sales WHERE day IN ('2024-02-29', '2025-01-01') ORDER BY id;
-- BETWEEN
SELECT id, qty BETWEEN 1 AND 3 AS a, qty NOT BETWEEN 1 AND 3 AS b, qty BETWEEN 3 AND 1 AS c FROM sales ORDER BY id;
-- BETWEEN with NULL bounds
SELECT id, qty BETWEEN NULL AND 3 AS a, qty BETWEEN 3 AND NULL AS b, qty NOT BETWEEN NULL AND 1 AS c FROM sales ORDER BY id;
-- BETWEEN of dates
SELECT id FROM sales WHERE day BETWEEN '2024-02-29' AND '2025-01-01' ORDER BY id;
-- refused
SELECT id FROM sales WHERE qty BETWEEN SYMMETRIC 3 AND 1;
-- IS DISTINCT FROM
SELECT id, qty IS DISTINCT FROM 2 AS a, qty IS NOT DISTINCT FROM NULL AS b, region IS DISTINCT FROM product AS c FROM sales ORDER BY id;
-- IS DISTINCT FROM of different numbers
SELECT id, qty IS DISTINCT FROM price AS a, qty IS NOT DISTINCT FROM 2.0 AS b FROM sales ORDER BY id;
-- not a number among doubles
SELECT a.id AS one, b.id AS other FROM extremes a JOIN extremes b ON a.ratio < b.ratio WHERE b.id = 8 ORDER BY one;
-- negative zero is zero
SELECT CAST('-0' AS DOUBLE PRECISION) = 0 AS a, -CAST(0 AS DOUBLE PRECISION) = CAST(0 AS DOUBLE PRECISION) AS b;
-- great whole numbers are compared exactly
SELECT id FROM extremes WHERE big = 9007199254740993 ORDER BY id;
-- great whole numbers beside decimals
SELECT id FROM extremes WHERE big > 9007199254740992.5 ORDER BY id;
-- great whole numbers beside doubles lose digits
SELECT id FROM extremes WHERE big = CAST(9007199254740992 AS DOUBLE PRECISION) ORDER BY id;
-- decimals of 38 digits are compared exactly
SELECT id FROM extremes WHERE vast >= 12345678901234567890123456789012345678 ORDER BY id;
-- unsigned keys are compared exactly
SELECT name FROM keys WHERE id > 18446744073709551614 ORDER BY name;
-- comparisons of rows
SELECT id FROM sales WHERE (region, qty) = ('A', 2) ORDER BY id;
-- comparisons chained by AND and OR keep their precedence
SELECT id FROM sales WHERE region = 'A' OR region = 'B' AND qty = 3 ORDER BY id;
-- NOT binds tighter than AND
SELECT id FROM sales WHERE NOT region = 'A' AND qty = 3 ORDER BY id;
-- a comparison of a comparison
SELECT id, (qty > 1) = (units > 20) AS a FROM sales ORDER BY id;
-- a constant condition that holds
SELECT COUNT(*) AS n FROM sales WHERE 1 = 1;
-- a constant condition that does not
SELECT COUNT(*) AS n FROM sales WHERE 1 = 0;
-- TRUE and FALSE as conditions
SELECT COUNT(*) AS n FROM sales WHERE TRUE AND NOT FALSE;
-- quoted booleans
SELECT id FROM sales WHERE paid = 'yes' ORDER BY id;
-- refused: text
SELECT id FROM sales WHERE region = 1;
-- refused: date
SELECT id FROM sales WHERE day > qty;
-- refused: boolean
SELECT id FROM sales WHERE qty;
-- refused: boolean
SELECT id FROM sales WHERE paid = 1;
-- refused: boolean
SELECT NOT qty AS a FROM sales;
-- refused: boolean
SELECT id FROM sales WHERE region AND paid;
-- fails: a quoted text that is no date
SELECT id FROM sales WHERE day = '2024-02-30';
-- fails: a quoted text that is no number
SELECT id FROM sales WHERE qty = 'many';
-- = ANY over a list
SELECT id FROM sales WHERE qty = ANY (ARRAY[1, 2]) ORDER BY id;
-- a comparison of concatenated texts
SELECT id FROM sales WHERE region || product = 'Aapple' ORDER BY id;
-- ordering of empty and absent texts
SELECT id, product FROM sales ORDER BY product, id;
-- IS NOT DISTINCT FROM in a condition keeps absent rows
SELECT id FROM sales WHERE region IS NOT DISTINCT FROM NULL ORDER BY id;
-- not equal drops absent rows
SELECT id FROM sales WHERE region <> 'A' ORDER BY id;
-- a comparison with NULL is NULL, whatever the other side would be
SELECT id, qty = NULL AS a, NULL <> qty AS b, qty < CAST(NULL AS INTEGER) AS c, qty IS DISTINCT FROM NULL AS d, NULL IS NOT DISTINCT FROM qty AS e, (qty = NULL) IS NULL AS f FROM sales ORDER BY id;
-- fails: a division by zero beside NULL
SELECT CAST(NULL AS INTEGER) = 1 / 0 AS a;
-- what is compared with IS DISTINCT FROM ends before AND
SELECT id FROM sales WHERE (qty > 2) IS NOT DISTINCT FROM (units > 5) AND id > 2 ORDER BY id;
-- what is compared with IS DISTINCT FROM ends before OR
SELECT id FROM sales WHERE (qty > 2) IS DISTINCT FROM (units > 5) OR id = 1 ORDER BY id;
-- IS DISTINCT FROM between conditions of other types
SELECT id, qty IS DISTINCT FROM 2 AND region IS NOT DISTINCT FROM 'A' OR paid IS DISTINCT FROM NULL AS a, NOT qty IS DISTINCT FROM units AS b, qty + 1 IS DISTINCT FROM units - 1 AS c FROM sales ORDER BY id;
-- IS DISTINCT FROM takes comparisons on both sides
SELECT id, qty > 1 IS DISTINCT FROM units > 1 AS a, qty = 2 IS NOT DISTINCT FROM TRUE AND id < 4 AS b FROM sales ORDER BY id;
-- joined where keys are not distinct, and more
SELECT a.id, b.id AS other FROM sales AS a JOIN sales AS b ON a.region IS NOT DISTINCT FROM b.region AND a.id < b.id ORDER BY a.id, b.id;
-- refused: in a row
SELECT id FROM sales WHERE qty IS DISTINCT FROM units IS TRUE;
-- refused: in a row
SELECT id FROM sales WHERE qty > 1 IS NULL IS NOT NULL;
-- refused: in a row
SELECT id FROM sales WHERE id <> qty <= SOME (SELECT units FROM sales);
-- refused: in a row
SELECT id FROM sales WHERE region LIKE product LIKE 'x';
-- operators of one precedence in a row, in parentheses
SELECT id FROM sales WHERE (qty IS DISTINCT FROM units) IS TRUE AND (region LIKE 'A%') IN (TRUE, NULL) ORDER BY id;
