-- Whole, decimal and double numbers: their operators, literals, overflow and division by zero.

-- integer division cuts toward zero
SELECT id, qty / 2 AS half, -qty / 2 AS minus, qty / -2 AS by_minus FROM sales ORDER BY id;
-- the rest has the sign of what is divided
SELECT -7 % 3 AS a, 7 % -3 AS b, MOD(-7, 3) AS c, MOD(7, -3) AS d, -7 / 2 AS e;
-- the rest of decimals
SELECT 7.5 % 2 AS a, -7.5 % 2 AS b, MOD(7.25, 0.5) AS c, 7.5 % -2.25 AS d;
-- the rest of a column
SELECT id, units % 7 AS a, price % 3 AS b FROM sales ORDER BY id;
-- decimals keep their digits in products
SELECT id, amount * rate AS commission FROM orders ORDER BY id;
-- a product of three decimals
SELECT id, amount * rate * 0.001 AS p FROM orders ORDER BY id;
-- sums of decimals of two scales
SELECT id, amount + rate AS s, amount - rate AS d FROM orders ORDER BY id;
-- quotients of decimals
SELECT id, amount / 3 AS a, rate / 3 AS b, amount / rate AS c FROM orders ORDER BY id;
-- quotient of whole numbers by a decimal
SELECT id, qty / 2.0 AS half, qty * 1.0 / 3 AS third FROM orders ORDER BY id;
-- whole numbers beside decimals
SELECT qty + 0.5 AS a, qty * 0.10 AS b, units - 0.001 AS c FROM sales ORDER BY a NULLS FIRST, b, c;
-- doubles beside decimals and whole numbers
SELECT id, weight + price AS a, weight * qty AS b, weight - 1 AS c FROM sales WHERE id <> 4 ORDER BY id;
-- quotient of doubles
SELECT id, weight / 3 AS a FROM sales ORDER BY id;
-- literals of all sizes
SELECT 1 AS a, 2147483647 AS b, 2147483648 AS c, 9223372036854775807 AS d, 9223372036854775808 AS e;
-- a decimal literal is exact
SELECT 0.1 + 0.2 AS a, 0.1 + 0.2 = 0.3 AS b, 12345678901234567.01 + 0.01 AS c;
-- literals with exponents are decimals
SELECT 1e3 AS a, 1.5e-3 AS b, 2E2 + 1 AS c, .5 AS d, 5. AS e;
-- a literal of 38 digits
SELECT 12345678901234567890123456789012345678 AS a, 99999999999999999999999999999999999999 - 1 AS b;
-- negative literals
SELECT -1 AS a, - 1.50 AS b, +3 AS c, -(-2) AS d, - - 4 AS e;
-- sign of a column
SELECT id, -qty AS a, -price AS b, -weight AS c, +units AS d FROM sales ORDER BY id;
-- NULL in every operator
SELECT NULL + 1 AS a, 1 - NULL AS b, NULL * 2.5 AS c, 1 / NULL AS d, NULL % 2 AS e;
-- precedence of operators
SELECT 2 + 3 * 4 AS a, (2 + 3) * 4 AS b, 10 - 4 - 3 AS c, 100 / 10 / 2 AS d, 2 * 3 % 4 AS e, -2 * -3 AS f;
-- precedence of power and minus
SELECT 2 ^ 3 ^ 2 AS a, -2 ^ 2 AS b, 2 * 3 ^ 2 AS c;
-- a comparison below arithmetic
SELECT 1 + 1 = 2 AS a, 3 > 2 + 2 AS b, NOT 1 = 2 AS c;
-- fails: greatest bigint plus one
SELECT 9223372036854775807 + 1 AS a;
-- fails: overflow in a column
SELECT cost + cost AS a FROM orders;
-- fails: product of bigints leaves the type
SELECT big * 2 AS a FROM extremes;
-- fails: the least bigint has no positive twin
SELECT -big AS a FROM extremes WHERE id = 2;
-- fails: quotient of the least bigint
SELECT big / -1 AS a FROM extremes WHERE id = 2;
-- rest of the least bigint
SELECT big % -1 AS a FROM extremes WHERE id = 2;
-- sums beyond 32 bits in bigint
SELECT CAST(2147483647 AS BIGINT) + 1 AS a, CAST(65536 AS BIGINT) * 65536 AS b;
-- fails: division by zero
SELECT 1 / 0 AS a;
-- fails: division by zero in a column
SELECT units / qty AS a FROM sales;
-- fails: rest of a division by zero
SELECT 5 % qty AS a FROM sales;
-- fails: decimal division by zero
SELECT price / 0.0 AS a FROM sales;
-- fails: double division by zero
SELECT weight / CAST(0 AS DOUBLE PRECISION) AS a FROM sales;
-- a division by zero that CASE keeps away
SELECT id, CASE WHEN qty <> 0 THEN units / qty ELSE -1 END AS a FROM sales ORDER BY id;
-- a division by zero behind a false condition in CASE
SELECT id, CASE WHEN qty = 0 THEN NULL ELSE 100 / qty END AS a FROM sales ORDER BY id;
-- a division by zero that NULLIF keeps away
SELECT id, units / NULLIF(qty, 0) AS a, price / NULLIF(rate, 0) AS b FROM sales ORDER BY id;
-- no rows, no division by zero
SELECT 1 / qty AS a FROM nothing;
-- NULL divided by zero
SELECT a / 0 AS x, c % 0 AS y FROM absent;
-- rows that WHERE keeps away from a division by zero
SELECT id, 10 / qty AS a FROM sales WHERE qty <> 0 ORDER BY id;
-- ABS of every number
SELECT id, ABS(qty) AS a, ABS(price) AS b, ABS(weight) AS c, ABS(units) AS d FROM sales ORDER BY id;
-- fails: ABS of the least bigint
SELECT ABS(big) AS a FROM extremes;
-- ROUND of halves, decimal
SELECT ROUND(0.5) AS a, ROUND(1.5) AS b, ROUND(2.5) AS c, ROUND(-0.5) AS d, ROUND(-2.5) AS e;
-- ROUND of halves, double
SELECT ROUND(CAST(0.5 AS DOUBLE PRECISION)) AS a, ROUND(CAST(1.5 AS DOUBLE PRECISION)) AS b, ROUND(CAST(2.5 AS DOUBLE PRECISION)) AS c, ROUND(CAST(-2.5 AS DOUBLE PRECISION)) AS d;
-- ROUND to places
SELECT ROUND(2.345, 2) AS a, ROUND(-2.345, 2) AS b, ROUND(1234.567, -2) AS c, ROUND(2.3, 4) AS d, ROUND(5, 2) AS e;
-- ROUND of a quotient
SELECT id, ROUND(amount / 7, 2) AS a, ROUND(100.0 * qty / 3, 1) AS b FROM orders ORDER BY id;
-- ROUND of columns
SELECT id, ROUND(price) AS a, ROUND(rate, 2) AS b, ROUND(qty) AS c, ROUND(weight) AS d FROM sales ORDER BY id;
-- TRUNC, CEIL and FLOOR
SELECT id, TRUNC(price) AS a, TRUNC(rate, 2) AS b, CEIL(price) AS c, FLOOR(price) AS d, CEILING(rate) AS e FROM sales ORDER BY id;
-- TRUNC, CEIL and FLOOR of doubles
SELECT id, TRUNC(weight) AS a, CEIL(weight) AS b, FLOOR(weight) AS c FROM sales ORDER BY id;
-- CEIL and FLOOR of whole numbers
SELECT id, CEIL(qty) AS a, FLOOR(qty) AS b, CEIL(units / 7) AS c FROM sales ORDER BY id;
-- SIGN
SELECT id, SIGN(price) AS a, SIGN(qty) AS b, SIGN(weight) AS c FROM sales ORDER BY id;
-- DIV cuts toward zero
SELECT DIV(7, 2) AS a, DIV(-7, 2) AS b, DIV(7.5, 2.5) AS c;
-- square roots of whole numbers
SELECT SQRT(2) AS a, SQRT(16) AS b, SQRT(qty) AS c FROM sales WHERE qty >= 0 ORDER BY c, id;
-- powers and logarithms of whole numbers
SELECT POWER(2, 10) AS a, LN(2) AS b, EXP(1) AS c, LOG(100) AS d;
-- powers of doubles
SELECT id, POWER(weight, 2) AS a FROM sales WHERE id IN (1, 2, 3, 8) ORDER BY id;
-- fails: square root of a negative number
SELECT SQRT(-1) AS a;
-- fails: logarithm of zero
SELECT LN(0) AS a;
-- fails: a power that leaves double precision
SELECT POWER(CAST(10 AS DOUBLE PRECISION), 400) AS a;
-- fails: exponent overflow
SELECT EXP(CAST(1000 AS DOUBLE PRECISION)) AS a;
-- double extremes
SELECT id, ratio, -ratio AS minus, ABS(ratio) AS plus FROM extremes ORDER BY id;
-- fails: double overflow
SELECT ratio * 10 AS a FROM extremes WHERE id = 1;
-- not a number is equal to itself and the greatest
SELECT id, ratio = ratio AS same, ratio > 1 AS greater FROM extremes ORDER BY id;
-- decimal extremes
SELECT id, vast, vast - 1 AS less FROM extremes WHERE id <> 2 ORDER BY id;
-- fine decimals add exactly
SELECT id, fine + fine AS twice, fine - money AS less FROM extremes WHERE id > 2 ORDER BY id;
-- fine decimals times whole numbers
SELECT id, fine * 3 AS a, fine * whole AS b FROM extremes WHERE id IN (3, 4, 5, 6, 7) ORDER BY id;
-- unsigned keys count on
SELECT id + 1 AS next, id - 1 AS before FROM keys ORDER BY next NULLS LAST;
-- a comparison of decimals of different scales
SELECT id, fine = money AS a, share = money AS b, vast > big AS c FROM extremes ORDER BY id;
-- whole numbers beside a decimal literal
SELECT id, qty > 1.5 AS a, qty = 2.0 AS b, units < 20.01 AS c FROM sales ORDER BY id;
-- a chain of quotients
SELECT 100.0 / 8 / 5 AS a, 1.0 / 3 * 3 AS b, 10 / 4 * 2.5 AS c, 10 / 4.0 * 2.5 AS d;
-- small and large quotients
SELECT 0.0001 / 3 AS a, 1000000 / 7.0 AS b, 1 / 8.0 AS c, 2.00 / 4 AS d, 123456789012345678 / 10.0 AS e;
-- percent of a total by hand
SELECT region, 100.0 * SUM(qty) / 11 AS share FROM orders GROUP BY region ORDER BY region;
-- bit operators
SELECT 6 & 3 AS a, 6 | 3 AS b, 6 # 3 AS c, 1 << 4 AS d, 256 >> 2 AS e;
-- refused: read as
SELECT 'a' + 1 AS a, region + 1 AS b FROM sales;
-- refused: *
SELECT region * 2 AS a FROM sales;
-- refused: boolean
SELECT paid + 1 AS a FROM sales;
-- a quoted number beside a number is a number
SELECT '5' + 1 AS a, 2 * '2.5'::numeric AS b, qty + '1' AS c FROM sales ORDER BY c NULLS FIRST;
-- fails: a quoted text that is no number
SELECT qty + 'x' AS a FROM sales;
-- GCD and LCM
SELECT GCD(12, 18) AS a, LCM(4, 6) AS b;
-- factors of trigonometry
SELECT ROUND(CAST(SIN(1) AS NUMERIC), 10) AS a, ROUND(CAST(ATAN(1) AS NUMERIC), 10) AS b, PI() AS c;
-- the width of buckets
SELECT WIDTH_BUCKET(5.35, 0.024, 10.06, 5) AS a;
-- bit operators bind looser than sums and as tightly as each other
SELECT 1 | 2 & 4 + 1 AS a, 1 + 2 << 3 - 1 AS b, 12 # 5 & 6 | 1 AS c, 6 & 3 = 2 AS d, -1 >> 1 AS e, - 5 & 3 AS f;
-- bits of a column
SELECT id, qty & 3 AS a, qty | 8 AS b, qty # id AS c, ~qty AS d, qty << 2 AS e, units >> 1 AS f FROM sales ORDER BY id;
-- a turned product
SELECT ~2 * 3 AS a, (~2) * 3 AS b, ~(2 + 3) AS c, ~2 & 7 AS d;
-- refused: stands for all of it
SELECT ~2 + 3 AS a;
-- refused: stands for all of it
SELECT 1 + ~2 - 3 AS a;
-- bits are moved by an integer
-- refused: bigint
SELECT id << units AS a FROM sales;
-- bits leave an integer
SELECT 2147483647 << 1 AS a, CAST(2147483647 AS BIGINT) << 1 AS b, 1 << 32 AS c, 1 << -1 AS d;
-- GCD and LCM of decimals and of 0
SELECT GCD(7.5, 0.25) AS a, GCD(0, 0) AS b, GCD(-12, 0) AS c, LCM(0, 5) AS d, LCM(-1.5, 2) AS e, GCD(price, rate) AS f FROM sales WHERE id < 4;
-- factorials
SELECT FACTORIAL(0) AS a, FACTORIAL(33) AS b, FACTORIAL(NULL) AS c;
-- fails: the factorial of a negative number
SELECT FACTORIAL(-1) AS a;
-- buckets backwards, before and behind, of doubles
SELECT id, WIDTH_BUCKET(price, 10, 0, 4) AS a, WIDTH_BUCKET(weight, -1, 1, 4) AS b, WIDTH_BUCKET(qty, 0, 4, 3) AS c FROM sales ORDER BY id;
-- fails: buckets of nothing
SELECT WIDTH_BUCKET(1.5, 2, 2, 4) AS a;
-- angles in degrees
SELECT id, SIND(qty * 30) AS a, COSD(qty * 30) AS b, TAND(qty * 45) AS c, ATAN2D(qty, units) AS d FROM sales ORDER BY id;
-- fails: the arc sine of more than one
SELECT ASIN(1.5) AS a;
-- CBRT differs between C libraries
-- refused: cbrt
SELECT CBRT(27) AS a;
