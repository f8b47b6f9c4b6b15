-- Names: quoted identifiers, case, resolution, what does not exist, what is another database's.

-- unquoted names are lower case
SELECT ID, Region FROM ORDERS ORDER BY Id;
-- quoted names keep their case
SELECT "Id", "order" FROM "Mixed Case" ORDER BY "Id";
-- Korean names need no quotes
SELECT "한글", "select" FROM "Mixed Case" ORDER BY "Id";
-- quoted aliases
SELECT id AS "The Id", region AS "지역" FROM orders ORDER BY "The Id";
-- an alias with a quote in it
SELECT id AS "a""b" FROM orders ORDER BY id;
-- aliases without AS
SELECT o.id number, o.region place FROM orders o ORDER BY number;
-- a qualified quoted column
SELECT m."Id", m."한글" * 2 AS twice FROM "Mixed Case" AS m ORDER BY m."Id";
-- group by a quoted column
SELECT "order", SUM("한글") AS s FROM "Mixed Case" GROUP BY "order" ORDER BY "order";
-- names that are given by PostgreSQL
SELECT COUNT(*), SUM(qty), MAX(region) FROM orders;
-- names of expressions without an alias
SELECT id + 1, 'x', CASE WHEN id > 1 THEN 1 END, UPPER(region), amount::text FROM orders WHERE id = 1;
-- names of casts and columns
SELECT id, orders.region, CAST(qty AS TEXT), qty::numeric(10,2), COALESCE(qty, 1) FROM orders WHERE id = 1;
-- two columns of one name
SELECT id, id FROM orders ORDER BY 1;
-- refused
SELECT missing FROM orders;
-- refused
SELECT id FROM missing;
-- refused
SELECT o.missing FROM orders AS o;
-- refused
SELECT x.id FROM orders AS o;
-- refused
SELECT id FROM orders WHERE missing = 1;
-- refused
SELECT id FROM orders GROUP BY id HAVING missing > 1;
-- refused
SELECT "ID" FROM orders;
-- refused
SELECT id FROM "Orders";
-- refused
SELECT id AS n FROM orders WHERE n = 1;
-- refused
SELECT id AS n, n + 1 AS m FROM orders;
-- refused
SELECT missing.* FROM orders;
-- refused: missing
SELECT MISSING(id) AS a FROM orders;
-- refused
SELECT id FROM public.orders;
-- refused
SELECT * FROM read_parquet('x');
-- refused
SELECT * FROM read_csv('/etc/passwd');
-- refused
SELECT * FROM 'orders.parquet';
-- refused
SELECT * FROM generate_series(1, 3) AS g (i);
-- refused
SELECT * FROM unnest(ARRAY[1, 2]) AS u (i);
-- refused
SELECT generate_series(1, 3) AS a;
-- refused
SELECT * FROM pg_catalog.pg_class;
-- refused
SELECT * FROM information_schema.tables;
-- refused
SELECT current_setting('server_version') AS a;
-- refused
SELECT pg_sleep(10) AS a;
-- refused
SELECT random() AS a;
-- refused
SELECT ctid FROM orders;
-- refused
SELECT o FROM orders AS o;
-- refused
SELECT (o).id FROM orders AS o;
-- refused
DELETE FROM orders;
-- refused
INSERT INTO orders (id) VALUES (1);
-- refused
UPDATE orders SET qty = 0;
-- refused
CREATE TABLE x (id integer);
-- refused
DROP TABLE orders;
-- refused
SELECT id INTO copy FROM orders;
-- refused
SELECT id FROM orders FOR UPDATE;
-- refused
COPY orders TO '/tmp/x';
-- refused
EXPLAIN SELECT id FROM orders;
-- refused
SELECT * EXCEPT (id) FROM orders;
-- refused
SELECT * EXCLUDE (id) FROM orders;
-- refused
SELECT TOP 3 id FROM orders;
-- refused
SELECT id FROM orders TABLESAMPLE SYSTEM (10);
-- refused
SELECT id FROM orders PIVOT (SUM(qty) FOR region IN ('A', 'B'));
-- refused
SELECT `id` FROM orders;
-- two signs of equality
-- refused: ==
SELECT id FROM orders WHERE region == 'A';
-- refused
SELECT IF(qty > 1, 'a', 'b') AS a FROM orders;
-- postgres: SELECT COALESCE(qty, 0) AS a FROM orders
SELECT IFNULL(qty, 0) AS a FROM orders;
-- refused
SELECT NVL(qty, 0) AS a FROM orders;
-- refused
SELECT DATEDIFF('day', day, day) AS a FROM sales;
-- refused
SELECT ARRAY[1, 2] AS a;
-- refused
SELECT ROW(1, 2) AS a;
-- refused
SELECT '{"a": 1}'::json AS a;
-- refused
SELECT id FROM orders WHERE region = $1;
-- refused
SELECT id FROM orders WHERE region = ?;
-- refused
SELECT id FROM orders WHERE region = :region;
-- refused
SELECT;
-- refused
SELECT FROM orders;
-- refused
SELECT id FROM ONLY (orders);
-- refused
SELECT region COLLATE "ko_KR" AS a FROM orders;
-- refused
SELECT sold_at AT TIME ZONE 'Asia/Seoul' AS a FROM sales;
-- refused
SELECT CAST(day AS TIMESTAMP WITH TIME ZONE) AS a FROM sales;
-- refused
SELECT id, FROM orders;
-- refused
SELECT id FROM orders ORDER id;
-- postgres: SELECT CAST(price AS DOUBLE PRECISION) AS a, CAST(qty AS DOUBLE PRECISION) AS b FROM sales ORDER BY id
SELECT CAST(price AS DOUBLE) AS a, CAST(qty AS DOUBLE) AS b FROM sales ORDER BY id;
-- postgres: SELECT id, CAST(ROUND(CAST(weight AS NUMERIC), 1) AS DOUBLE PRECISION) AS a FROM sales WHERE id NOT IN (4, 5) ORDER BY id
SELECT id, ROUND(weight, 1) AS a FROM sales WHERE id NOT IN (4, 5) ORDER BY id;
-- postgres: SELECT id, DATE '2025-01-01' - day AS a FROM sales ORDER BY id
SELECT id, DAYS_BETWEEN(day, DATE '2025-01-01') AS a FROM sales ORDER BY id;
