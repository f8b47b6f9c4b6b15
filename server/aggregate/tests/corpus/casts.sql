-- Casts of every type to every type, written as CAST, :: and typed literals.

-- decimals to whole numbers are rounded half away from zero
SELECT CAST(2.5 AS BIGINT) AS a, CAST(-2.5 AS INTEGER) AS b, CAST(0.4999 AS BIGINT) AS c, CAST(3.5 AS INT) AS d;
-- doubles to whole numbers are rounded half to even
SELECT CAST(CAST(2.5 AS DOUBLE PRECISION) AS BIGINT) AS a, CAST(CAST(3.5 AS DOUBLE PRECISION) AS INTEGER) AS b, CAST(CAST(-0.5 AS DOUBLE PRECISION) AS BIGINT) AS c;
-- columns of decimals to whole numbers
SELECT id, CAST(price AS BIGINT) AS a, CAST(rate AS INTEGER) AS b FROM sales ORDER BY id;
-- whole numbers to decimals
SELECT id, CAST(qty AS NUMERIC) AS a, CAST(qty AS NUMERIC(10,2)) AS b, CAST(units AS DECIMAL(12,1)) AS c FROM sales ORDER BY id;
-- decimals to other scales are rounded
SELECT id, CAST(price AS NUMERIC(12,1)) AS a, CAST(rate AS NUMERIC(8,2)) AS b, CAST(rate AS NUMERIC(6)) AS c FROM sales WHERE id <> 10 ORDER BY id;
-- fails: a decimal too large for its digits
SELECT CAST(price AS NUMERIC(5,2)) AS a FROM sales;
-- numbers to doubles
SELECT id, CAST(qty AS DOUBLE PRECISION) AS a, CAST(price AS DOUBLE PRECISION) AS b, CAST(big AS DOUBLE PRECISION) AS c FROM extremes JOIN sales USING (id) ORDER BY id;
-- doubles to decimals
SELECT id, CAST(weight AS NUMERIC) AS a FROM sales WHERE id NOT IN (4, 5, 13) ORDER BY id;
-- doubles to decimals of a scale
SELECT id, CAST(weight AS NUMERIC(10,2)) AS a FROM sales WHERE id <> 4 ORDER BY id;
-- doubles to decimals keep 15 digits
SELECT CAST(CAST(0.1 AS DOUBLE PRECISION) + CAST(0.2 AS DOUBLE PRECISION) AS NUMERIC) AS a;
-- whole numbers to text
SELECT id, CAST(qty AS TEXT) AS a, CAST(units AS VARCHAR) AS b FROM sales ORDER BY id;
-- decimals to text keep their digits
SELECT id, CAST(price AS TEXT) AS a, CAST(rate AS TEXT) AS b, CAST(price * rate AS TEXT) AS c FROM sales ORDER BY id;
-- doubles to text
SELECT id, CAST(weight AS TEXT) AS a FROM sales ORDER BY id;
-- double extremes to text
SELECT id, CAST(ratio AS TEXT) AS a FROM extremes ORDER BY id;
-- booleans to text
SELECT id, CAST(paid AS TEXT) AS a FROM sales ORDER BY id;
-- dates, timestamps and times to text
SELECT id, CAST(day AS TEXT) AS a, CAST(sold_at AS TEXT) AS b, CAST(opened AS TEXT) AS c FROM sales ORDER BY id;
-- extremes of dates and times to text
SELECT id, CAST(day AS TEXT) AS a, CAST(moment AS TEXT) AS b, CAST(clock AS TEXT) AS c FROM extremes ORDER BY id;
-- text to whole numbers
SELECT id, CAST(code AS INTEGER) AS a, code::bigint AS b FROM words WHERE id IN (4, 5, 6, 8) ORDER BY id;
-- text to decimals
SELECT id, CAST(code AS NUMERIC(10,2)) AS a FROM words WHERE id IN (4, 5, 6, 7, 8, 10) ORDER BY id;
-- text to doubles
SELECT id, CAST(code AS DOUBLE PRECISION) AS a FROM words WHERE id IN (4, 5, 6, 7, 8, 10) ORDER BY id;
-- text to booleans
SELECT CAST('t' AS BOOLEAN) AS a, CAST('off' AS BOOLEAN) AS b, CAST(' Yes ' AS BOOLEAN) AS c, CAST('0' AS BOOLEAN) AS d, 'tr'::boolean AS e;
-- text to dates
SELECT id, CAST(code AS DATE) AS a FROM words WHERE id IN (8, 12) ORDER BY id;
-- text to timestamps
SELECT CAST('2024-02-29' AS TIMESTAMP) AS a, CAST('2024-02-29 12:34:56.789' AS TIMESTAMP) AS b, '2024-02-29T01:02:03'::timestamp AS c;
-- text to times
SELECT id, CAST(code AS TIME) AS a FROM words WHERE id IN (8, 14) ORDER BY id;
-- fails: text that is no whole number
SELECT CAST(word AS INTEGER) AS a FROM words;
-- fails: text with a point to a whole number
SELECT CAST('3.5' AS INTEGER) AS a;
-- fails: text with a thousands separator
SELECT CAST(code AS NUMERIC) AS a FROM words WHERE id = 9;
-- fails: empty text to a number
SELECT CAST('' AS INTEGER) AS a;
-- fails: text that is no date
SELECT CAST(code AS DATE) AS a FROM words WHERE id = 13;
-- fails: text that is no boolean
SELECT CAST(word AS BOOLEAN) AS a FROM words;
-- fails: a decimal too large for a bigint
SELECT CAST(vast AS BIGINT) AS a FROM extremes;
-- fails: a double too large for a bigint
SELECT CAST(ratio AS BIGINT) AS a FROM extremes;
-- dates to timestamps
SELECT id, CAST(day AS TIMESTAMP) AS a FROM sales ORDER BY id;
-- timestamps to dates
SELECT id, CAST(sold_at AS DATE) AS a, sold_at::date AS b FROM sales ORDER BY id;
-- timestamps to times
SELECT id, CAST(sold_at AS TIME) AS a FROM sales ORDER BY id;
-- extremes of timestamps to dates and times
SELECT id, moment::date AS a, moment::time AS b, day::timestamp AS c FROM extremes ORDER BY id;
-- booleans to whole numbers
SELECT id, CAST(paid AS INTEGER) AS a, paid::int + 1 AS b FROM sales ORDER BY id;
-- whole numbers to booleans
SELECT id, CAST(qty AS BOOLEAN) AS a FROM sales ORDER BY id;
-- a cast to the same type
SELECT id, CAST(qty AS INTEGER) AS a, region::text AS b, day::date AS c, weight::double precision AS d FROM sales ORDER BY id;
-- integer and bigint
SELECT id, qty::bigint AS a, units::integer AS b FROM sales ORDER BY id;
-- a sum of casts beyond 32 bits
SELECT SUM(CAST(id AS BIGINT) * 100000000) AS a FROM sales;
-- cast of NULL
SELECT CAST(NULL AS INTEGER) AS a, CAST(NULL AS DATE) AS b, NULL::text AS c, CAST(NULL AS NUMERIC(10,2)) AS d, NULL::double precision AS e, NULL::boolean AS f;
-- typed literals
SELECT DATE '2024-02-29' AS a, TIMESTAMP '2024-02-29 23:59:59.999999' AS b, TIME '12:34:56' AS c;
-- typed literals of the last instants
SELECT DATE '9999-12-31' AS a, TIMESTAMP '9999-12-31 23:59:59.999999' AS b, DATE '0001-01-01' AS c;
-- fails: a typed literal that is no date
SELECT DATE '2023-02-29' AS a;
-- fails: a typed literal that is no month
SELECT DATE '2023-13-01' AS a;
-- refused: cast
SELECT CAST(day AS INTEGER) AS a FROM sales;
-- refused: cast
SELECT CAST(paid AS NUMERIC) AS a FROM sales;
-- refused: cast
SELECT CAST(qty AS DATE) AS a FROM sales;
-- refused: cast
SELECT CAST(opened AS DATE) AS a FROM sales;
-- refused: cast
SELECT CAST(weight AS BOOLEAN) AS a FROM sales;
-- refused: cast
SELECT CAST(price AS TIMESTAMP) AS a FROM sales;
-- refused
SELECT CAST(qty AS money_of_mars) AS a FROM sales;
-- VARCHAR of a length cuts
SELECT id, CAST(word AS VARCHAR(3)) AS a FROM words ORDER BY id;
-- REAL has 24 bits
-- refused: real
SELECT CAST(price AS REAL) AS a FROM sales ORDER BY id;
-- SMALLINT
SELECT CAST(qty AS SMALLINT) AS a FROM sales ORDER BY id;
-- FLOAT is double precision
SELECT id, CAST(price AS FLOAT) AS a, CAST(qty AS FLOAT8) AS b FROM sales ORDER BY id;
-- :: binds tighter than minus
SELECT -2.5::integer AS a, 10::numeric / 4 AS b, '1' || 2::text AS c;
-- a cast of an aggregate
SELECT region, CAST(AVG(price) AS NUMERIC(12,2)) AS a, COUNT(*)::text AS b FROM sales GROUP BY region ORDER BY region;
-- a cast of a quotient
SELECT id, CAST(amount / 3 AS NUMERIC(12,4)) AS a, CAST(amount / 3 AS BIGINT) AS b FROM orders ORDER BY id;
-- a cast of a quotient to a double
SELECT id, CAST(amount / 3 AS DOUBLE PRECISION) AS a FROM orders ORDER BY id;
-- a cast of CASE
SELECT id, (CASE WHEN qty > 1 THEN '1' ELSE '0' END)::integer AS a FROM sales ORDER BY id;
-- TRY_CAST is another database's
-- refused
SELECT TRY_CAST(code AS INTEGER) AS a FROM words;
-- blanks around a number in text
SELECT CAST('  42 ' AS INTEGER) AS a, CAST(' -1.50 ' AS NUMERIC(10,2)) AS b, CAST(' 1e2 ' AS DOUBLE PRECISION) AS c;
-- doubles by name in text
SELECT CAST('NaN' AS DOUBLE PRECISION) AS a, CAST('Infinity' AS DOUBLE PRECISION) AS b, CAST('-inf' AS DOUBLE PRECISION) AS c;
-- unsigned keys to text
SELECT name, id::text AS a FROM keys ORDER BY name;
-- decimals of 38 digits to text
SELECT id, vast::text AS a, fine::text AS b FROM extremes ORDER BY id;
-- smallest doubles are zero in decimals of a scale
SELECT id, CAST(ratio AS NUMERIC(12,2)) AS a, CAST(ratio AS NUMERIC(38,20)) AS b FROM extremes WHERE id IN (3, 4, 5, 6, 7) ORDER BY id;
-- small whole numbers
SELECT id, CAST(qty AS SMALLINT) AS a, CAST(price AS SMALLINT) AS b, CAST('-32768' AS SMALLINT) AS c FROM sales WHERE id <> 10 ORDER BY id;
-- fails: a whole number too large for smallint
SELECT CAST(whole AS SMALLINT) AS a FROM extremes;
-- fails: a text too large for smallint
SELECT CAST('32768' AS SMALLINT) AS a;
-- fails: a text too large for integer
SELECT CAST('2147483648' AS INTEGER) AS a;
-- refused: cannot be cast
SELECT CAST(paid AS SMALLINT) AS a FROM sales;
