-- Every aggregate: NULLs, no rows, extremes, DISTINCT, FILTER, ORDER BY.

-- COUNT of rows, values and different values
SELECT COUNT(*) AS a, COUNT(qty) AS b, COUNT(DISTINCT qty) AS c, COUNT(1) AS d, COUNT(NULL) AS e FROM sales;
-- COUNT DISTINCT of every type
SELECT COUNT(DISTINCT region) AS a, COUNT(DISTINCT day) AS b, COUNT(DISTINCT price) AS c, COUNT(DISTINCT weight) AS d, COUNT(DISTINCT paid) AS e, COUNT(DISTINCT opened) AS f, COUNT(DISTINCT sold_at) AS g FROM sales;
-- COUNT DISTINCT of an expression
SELECT COUNT(DISTINCT qty % 2) AS a, COUNT(DISTINCT LOWER(region)) AS b FROM sales;
-- COUNT by group
SELECT region, COUNT(DISTINCT product) AS a, COUNT(product) AS b FROM sales GROUP BY region ORDER BY region;
-- sums of every number type
SELECT SUM(qty) AS a, SUM(units) AS b, SUM(price) AS c, SUM(rate) AS d, SUM(id) AS e FROM sales;
-- the sum of doubles
SELECT SUM(weight) AS a FROM sales WHERE id NOT IN (4, 5);
-- the sum of bigints is a decimal
SELECT SUM(cost) AS s FROM orders;
-- sums of literals
SELECT SUM(1) AS a, SUM(2.5) AS b, SUM(NULL::int) AS c FROM sales;
-- the sum of extremes of bigint
SELECT SUM(big) AS a, SUM(whole) AS b FROM extremes WHERE big > 0;
-- the sum of unsigned keys
SELECT SUM(id) AS a, AVG(id) AS b FROM keys;
-- the sum of products
SELECT SUM(CASE WHEN k = 1 THEN 100000 ELSE 0 END) AS points, SUM(CAST(n AS INT) * 100) AS total FROM (VALUES (1, 30000), (2, 60000), (1, 21474836)) AS x (k, n);
-- DISTINCT sums
SELECT SUM(DISTINCT qty) AS a, AVG(DISTINCT qty) AS b, SUM(DISTINCT price) AS c FROM sales;
-- averages of every number type
SELECT AVG(qty) AS a, AVG(units) AS b, AVG(price) AS c, AVG(rate) AS d FROM sales;
-- the average of doubles
SELECT AVG(weight) AS a FROM sales WHERE id NOT IN (4, 5);
-- averages by group
SELECT region, AVG(qty) AS a, AVG(price) AS b FROM sales GROUP BY region ORDER BY region;
-- an average that is rounded
SELECT region, ROUND(AVG(price), 2) AS a, ROUND(AVG(qty), 1) AS b FROM sales GROUP BY region ORDER BY region;
-- MIN and MAX of every type
SELECT MIN(qty) AS a, MAX(units) AS b, MIN(price) AS c, MAX(rate) AS d, MIN(weight) AS e, MAX(weight) AS f, MIN(region) AS g, MAX(product) AS h FROM sales;
-- MIN and MAX of dates and times
SELECT MIN(day) AS a, MAX(sold_at) AS b, MIN(opened) AS c FROM sales;
-- MIN and MAX of doubles with not a number
SELECT MIN(ratio) AS a, MAX(ratio) AS b FROM extremes;
-- MIN and MAX of texts are by bytes
SELECT MIN(word) AS a, MAX(word) AS b, MIN(note) AS c FROM words;
-- refused: min
SELECT MIN(paid) AS a FROM sales;
-- aggregates of NULLs only
SELECT COUNT(a) AS a, SUM(a) AS b, AVG(c) AS c, MIN(b) AS d, MAX(e) AS e, BOOL_AND(f) AS f, STDDEV(d) AS g, STRING_AGG(b, ',') AS h FROM absent;
-- aggregates of no rows
SELECT COUNT(*) AS a, SUM(units) AS b, AVG(amount) AS c, MIN(day) AS d, BOOL_OR(paid) AS e, VARIANCE(weight) AS f FROM nothing;
-- deviation and variance of decimals
SELECT STDDEV(price) AS a, STDDEV_SAMP(price) AS b, STDDEV_POP(price) AS c, VARIANCE(price) AS d, VAR_SAMP(price) AS e, VAR_POP(price) AS f FROM sales WHERE id <> 10;
-- deviation and variance of whole numbers
SELECT STDDEV(qty) AS a, VARIANCE(qty) AS b, STDDEV_POP(units) AS c, VAR_POP(units) AS d FROM sales;
-- deviation of doubles
SELECT STDDEV(weight) AS a, VAR_POP(weight) AS b FROM sales WHERE id NOT IN (4, 5);
-- deviation of one value and of none
SELECT region, STDDEV(qty) AS a, STDDEV_POP(qty) AS b, VARIANCE(qty) AS c FROM orders GROUP BY region ORDER BY region;
-- truth of all and of any
SELECT BOOL_AND(paid) AS a, BOOL_OR(paid) AS b, EVERY(paid) AS c FROM sales;
-- truth by group
SELECT region, BOOL_AND(paid) AS a, BOOL_OR(paid) AS b FROM sales GROUP BY region ORDER BY region;
-- truth of conditions
SELECT BOOL_AND(qty > 0) AS a, BOOL_OR(qty > 6) AS b, EVERY(qty IS NOT NULL) AS c FROM sales;
-- STRING_AGG in an order
SELECT STRING_AGG(product, ', ' ORDER BY id) AS a, STRING_AGG(region, '' ORDER BY id DESC) AS b FROM sales;
-- STRING_AGG in an order of two keys
SELECT STRING_AGG(product, '|' ORDER BY region DESC NULLS LAST, id) AS a FROM sales;
-- STRING_AGG by group
SELECT region, STRING_AGG(product, '+' ORDER BY product, id) AS a FROM sales GROUP BY region ORDER BY region;
-- STRING_AGG of different values
SELECT STRING_AGG(DISTINCT region, ',' ORDER BY region) AS a FROM sales;
-- STRING_AGG of casts
SELECT STRING_AGG(qty::text, ';' ORDER BY qty, id) AS a FROM sales;
-- STRING_AGG with an empty and an absent separator
SELECT STRING_AGG(region, '' ORDER BY id) AS a, STRING_AGG(region, NULL ORDER BY id) AS b FROM orders;
-- refused
SELECT STRING_AGG(qty, ',') AS a FROM sales;
-- refused: distinct
SELECT STRING_AGG(DISTINCT region, ',' ORDER BY id) AS a FROM sales;
-- refused: array
SELECT ARRAY_AGG(qty) AS a FROM sales;
-- refused: json
SELECT JSON_AGG(qty) AS a FROM sales;
-- FILTER
SELECT COUNT(*) FILTER (WHERE paid) AS a, SUM(qty) FILTER (WHERE region = 'A') AS b, AVG(price) FILTER (WHERE price > 5) AS c FROM sales;
-- FILTER that finds nothing
SELECT COUNT(*) FILTER (WHERE qty > 100) AS a, SUM(qty) FILTER (WHERE qty > 100) AS b FROM sales;
-- FILTER by group
SELECT region, COUNT(*) FILTER (WHERE paid) AS a, COUNT(*) FILTER (WHERE NOT paid) AS b, COUNT(*) AS c FROM sales GROUP BY region ORDER BY region;
-- FILTER with DISTINCT
SELECT COUNT(DISTINCT product) FILTER (WHERE qty > 1) AS a FROM sales;
-- FILTER with STRING_AGG
SELECT STRING_AGG(product, ',' ORDER BY id) FILTER (WHERE paid) AS a FROM sales;
-- a filter keeps faults away
SELECT SUM(units / NULLIF(qty, 0)) FILTER (WHERE qty <> 0) AS a FROM sales;
-- continuous percentiles
SELECT PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY qty) AS a, PERCENTILE_CONT(0.25) WITHIN GROUP (ORDER BY price) AS b, PERCENTILE_CONT(0) WITHIN GROUP (ORDER BY qty) AS c, PERCENTILE_CONT(1) WITHIN GROUP (ORDER BY qty) AS d FROM sales;
-- continuous percentiles downwards
SELECT PERCENTILE_CONT(0.9) WITHIN GROUP (ORDER BY weight DESC) AS a FROM sales WHERE id <> 4;
-- discrete percentiles
SELECT PERCENTILE_DISC(0.5) WITHIN GROUP (ORDER BY qty) AS a, PERCENTILE_DISC(0.25) WITHIN GROUP (ORDER BY price) AS b, PERCENTILE_DISC(0.9) WITHIN GROUP (ORDER BY product) AS c FROM sales;
-- discrete percentiles downwards
SELECT PERCENTILE_DISC(0.1) WITHIN GROUP (ORDER BY day DESC) AS d FROM sales;
-- percentiles by group
SELECT region, PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY qty) AS a, PERCENTILE_DISC(0.5) WITHIN GROUP (ORDER BY qty) AS b FROM sales GROUP BY region ORDER BY region;
-- percentiles of no rows
SELECT PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY qty) AS a, PERCENTILE_DISC(0.5) WITHIN GROUP (ORDER BY day) AS b FROM nothing;
-- fails: a percentile beyond one
SELECT PERCENTILE_CONT(1.5) WITHIN GROUP (ORDER BY qty) AS a FROM sales;
-- the most frequent value
SELECT MODE() WITHIN GROUP (ORDER BY product) AS a, MODE() WITHIN GROUP (ORDER BY qty) AS b FROM sales;
-- the most frequent value by group
SELECT region, MODE() WITHIN GROUP (ORDER BY product) AS a FROM sales GROUP BY region ORDER BY region;
-- postgres: SELECT PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY qty) AS a, PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY weight) AS b FROM sales
SELECT MEDIAN(qty) AS a, MEDIAN(weight) AS b FROM sales;
-- correlation of doubles
SELECT CORR(qty, units) AS a FROM sales;
-- regression
SELECT REGR_SLOPE(units, qty) AS a FROM sales;
-- bits of whole numbers
SELECT BIT_AND(qty) AS a, BIT_OR(qty) AS b FROM sales WHERE qty > 0;
-- aggregates in CASE
SELECT CASE WHEN COUNT(*) = 0 THEN 'none' WHEN SUM(qty) > 10 THEN 'many' ELSE 'few' END AS a FROM sales;
-- the same aggregate twice
SELECT SUM(qty) AS a, SUM(qty) AS b, SUM(qty) + SUM(qty) AS c FROM sales;
-- MAX plus MAX
SELECT MAX(units) + MAX(units) AS a, MIN(price) * MAX(price) AS b FROM sales;
-- fails: MAX plus MAX leaves bigint
SELECT SUM(cost) AS s, MAX(cost) + MAX(cost) AS p FROM orders;
-- the sum of quotients
SELECT SUM(price / 3) AS a, AVG(price / 7) AS b FROM sales WHERE id <> 10;
-- the greatest of quotients
SELECT MAX(price / 3) AS a, MIN(price / 3) AS b FROM sales;
-- COUNT of a boolean expression counts values, not truths
SELECT COUNT(qty > 2) AS a, COUNT(paid OR NULL) AS b FROM sales;
-- sums of a boolean as a number
SELECT SUM(paid::int) AS a, AVG(CASE WHEN paid THEN 1.0 ELSE 0 END) AS b FROM sales;
-- refused: sum
SELECT SUM(region) AS a FROM sales;
-- refused: sum
SELECT SUM(paid) AS a FROM sales;
-- refused: avg
SELECT AVG(day) AS a FROM sales;
-- refused: bool_and
SELECT BOOL_AND(qty) AS a FROM sales;
-- refused
SELECT COUNT() AS a FROM sales;
-- refused: sum
SELECT SUM(qty, units) AS a FROM sales;
-- refused: group_concat
SELECT GROUP_CONCAT(product) AS a FROM sales;
-- refused: countif
SELECT COUNTIF(paid) AS a FROM sales;
-- refused
SELECT ABS(qty) FILTER (WHERE paid) AS a FROM sales;
-- refused: aggregate
SELECT SUM(MAX(qty)) AS a FROM sales GROUP BY region;
-- refused
SELECT COUNT(DISTINCT *) AS a FROM sales;
-- an ORDER BY in an aggregate that does not matter
SELECT SUM(qty ORDER BY id) AS a, MAX(region ORDER BY id DESC) AS b FROM sales;
-- MIN of decimals of 38 digits
SELECT MIN(vast) AS a, MAX(vast) AS b, MAX(fine) AS c FROM extremes;
-- the average of great whole numbers
SELECT AVG(big) AS a FROM extremes WHERE id IN (1, 2, 7);
-- the sum of fine decimals
SELECT SUM(fine) AS a, AVG(fine) AS b FROM extremes WHERE id > 2;
-- regression of all kinds
SELECT REGR_COUNT(units, weight) AS a, REGR_SLOPE(units, weight) AS b, REGR_INTERCEPT(units, weight) AS c, REGR_R2(units, weight) AS d, REGR_AVGX(units, weight) AS e, REGR_AVGY(units, weight) AS f FROM sales WHERE id <> 4;
-- the sums of regressions
SELECT REGR_SXX(qty, weight) AS a, REGR_SYY(qty, weight) AS b, REGR_SXY(qty, weight) AS c FROM sales WHERE id <> 4;
-- regression of no rows and of one place
SELECT REGR_COUNT(qty, id) AS a, REGR_SLOPE(qty, id) AS b, REGR_SXX(qty, id) AS c FROM nothing;
-- regression of points above each other
SELECT REGR_SLOPE(id, 0.1) AS a, REGR_INTERCEPT(id, 0.1) AS b, REGR_R2(id, 0.1) AS c, REGR_R2(0.1, id) AS d, CORR(id, 0.1) AS e FROM sales;
-- regression by group, filtered
SELECT region, REGR_COUNT(qty, units) FILTER (WHERE id > 2) AS a, REGR_SLOPE(qty, units) AS b FROM sales GROUP BY region ORDER BY region;
-- bits by group
SELECT region, BIT_AND(qty) AS a, BIT_OR(units) AS b, BIT_XOR(qty) AS c, BIT_XOR(DISTINCT qty) AS d, BIT_OR(qty) FILTER (WHERE id > 8) AS e FROM sales GROUP BY region ORDER BY region;
-- bits of no rows
SELECT BIT_AND(qty) AS a, BIT_XOR(qty) AS b FROM nothing;
-- percentiles downwards by group
SELECT region, PERCENTILE_CONT(0.25) WITHIN GROUP (ORDER BY price DESC) AS a, PERCENTILE_DISC(0.25) WITHIN GROUP (ORDER BY product DESC) AS b FROM sales GROUP BY region ORDER BY region;
