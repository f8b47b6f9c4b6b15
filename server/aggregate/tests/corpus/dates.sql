-- Dates, timestamps, times, intervals, EXTRACT, DATE_TRUNC and TO_CHAR.

-- days are added to dates
SELECT id, day + 1 AS a, day - 1 AS b, 7 + day AS c FROM sales ORDER BY id;
-- a difference of dates is a number of days
SELECT id, day - DATE '2024-01-01' AS a, DATE '2025-03-01' - day AS b FROM sales ORDER BY id;
-- dates plus months end at the month's end
SELECT id, day + INTERVAL '1 month' AS a, day - INTERVAL '1 month' AS b FROM sales ORDER BY id;
-- dates plus years
SELECT id, day + INTERVAL '1 year' AS a, day - INTERVAL '4 years' AS b FROM sales ORDER BY id;
-- dates plus days and weeks
SELECT id, day + INTERVAL '10 days' AS a, day - INTERVAL '2 weeks' AS b FROM sales ORDER BY id;
-- timestamps plus hours, minutes and seconds
SELECT id, sold_at + INTERVAL '1 hour' AS a, sold_at - INTERVAL '90 minutes' AS b, sold_at + INTERVAL '0.5 seconds' AS c FROM sales ORDER BY id;
-- intervals of several units
SELECT id, sold_at + INTERVAL '1 month 2 days 03:04:05' AS a FROM sales ORDER BY id;
-- intervals of one unit behind the quotes
SELECT id, day + INTERVAL '3' DAY AS a, day - INTERVAL '2' MONTH AS b FROM sales ORDER BY id;
-- an interval times a number
SELECT id, day + qty * INTERVAL '1 day' AS a FROM sales ORDER BY id;
-- times plus intervals turn at midnight
SELECT id, opened + INTERVAL '2 hours' AS a, opened - INTERVAL '10 hours' AS b FROM sales ORDER BY id;
-- a date plus a time
SELECT id, day + opened AS a FROM sales ORDER BY id;
-- whole seconds between timestamps
SELECT id, EXTRACT(EPOCH FROM sold_at - TIMESTAMP '2024-01-01 00:00:00') AS a FROM sales ORDER BY id;
-- EXTRACT of dates
SELECT id, EXTRACT(YEAR FROM day) AS y, EXTRACT(MONTH FROM day) AS m, EXTRACT(DAY FROM day) AS d, EXTRACT(QUARTER FROM day) AS q FROM sales ORDER BY id;
-- EXTRACT of days of week and year
SELECT id, EXTRACT(DOW FROM day) AS a, EXTRACT(ISODOW FROM day) AS b, EXTRACT(DOY FROM day) AS c FROM sales ORDER BY id;
-- EXTRACT of weeks around the year's end
SELECT id, EXTRACT(WEEK FROM day) AS a, EXTRACT(ISOYEAR FROM day) AS b FROM sales ORDER BY id;
-- EXTRACT of times
SELECT id, EXTRACT(HOUR FROM sold_at) AS a, EXTRACT(MINUTE FROM sold_at) AS b, EXTRACT(SECOND FROM sold_at) AS c FROM sales ORDER BY id;
-- EXTRACT of small units
SELECT id, EXTRACT(MILLISECONDS FROM sold_at) AS a, EXTRACT(MICROSECONDS FROM sold_at) AS b FROM sales ORDER BY id;
-- EXTRACT of a time of day
SELECT id, EXTRACT(HOUR FROM opened) AS a, EXTRACT(SECOND FROM opened) AS b FROM sales ORDER BY id;
-- EXTRACT of the epoch
SELECT id, EXTRACT(EPOCH FROM day) AS a, EXTRACT(EPOCH FROM sold_at) AS b FROM sales ORDER BY id;
-- EXTRACT of centuries and decades
SELECT id, EXTRACT(CENTURY FROM day) AS a, EXTRACT(DECADE FROM day) AS b, EXTRACT(MILLENNIUM FROM day) AS c FROM sales ORDER BY id;
-- DATE_PART is double
SELECT id, DATE_PART('year', day) AS a, DATE_PART('second', sold_at) AS b FROM sales ORDER BY id;
-- DATE_TRUNC of dates
SELECT id, DATE_TRUNC('month', day) AS a, DATE_TRUNC('year', day) AS b, DATE_TRUNC('quarter', day) AS c, DATE_TRUNC('week', day) AS d FROM sales ORDER BY id;
-- DATE_TRUNC of timestamps
SELECT id, DATE_TRUNC('day', sold_at) AS a, DATE_TRUNC('hour', sold_at) AS b, DATE_TRUNC('minute', sold_at) AS c, DATE_TRUNC('second', sold_at) AS d FROM sales ORDER BY id;
-- DATE_TRUNC to a date
SELECT id, CAST(DATE_TRUNC('month', day) AS DATE) AS a, DATE_TRUNC('month', sold_at)::date AS b FROM sales ORDER BY id;
-- the last day of the month by hand
SELECT id, CAST(DATE_TRUNC('month', day) + INTERVAL '1 month' - INTERVAL '1 day' AS DATE) AS a FROM sales ORDER BY id;
-- group by month
SELECT DATE_TRUNC('month', day) AS month, SUM(qty) AS q FROM sales GROUP BY DATE_TRUNC('month', day) ORDER BY month;
-- group by year
SELECT EXTRACT(YEAR FROM day) AS y, COUNT(*) AS n FROM sales GROUP BY EXTRACT(YEAR FROM day) ORDER BY y;
-- extremes of dates
SELECT id, EXTRACT(YEAR FROM day) AS a, EXTRACT(DOY FROM day) AS b, DATE_TRUNC('month', moment) AS c, EXTRACT(WEEK FROM day) AS d FROM extremes ORDER BY id;
-- extremes of moments
SELECT id, EXTRACT(EPOCH FROM moment) AS a, EXTRACT(MICROSECONDS FROM clock) AS b FROM extremes ORDER BY id;
-- a century that is no leap year
SELECT id, day + 1 AS a, day - INTERVAL '1 day' AS b FROM extremes WHERE id IN (3, 5, 6, 7, 8) ORDER BY id;
-- TO_CHAR of dates
SELECT id, TO_CHAR(day, 'YYYY-MM-DD') AS a, TO_CHAR(day, 'YYYYMM') AS b, TO_CHAR(day, 'DD.MM.YY') AS c FROM sales ORDER BY id;
-- TO_CHAR of weeks and quarters
SELECT id, TO_CHAR(day, 'IYYY-IW') AS a, TO_CHAR(day, 'YYYY"Q"Q') AS b, TO_CHAR(day, 'DDD') AS c, TO_CHAR(day, 'D') AS d FROM sales ORDER BY id;
-- TO_CHAR of timestamps
SELECT id, TO_CHAR(sold_at, 'YYYY-MM-DD HH24:MI:SS') AS a, TO_CHAR(sold_at, 'HH12:MI AM') AS b, TO_CHAR(sold_at, 'US') AS c, TO_CHAR(sold_at, 'MS') AS d FROM sales ORDER BY id;
-- TO_CHAR of names
SELECT id, TO_CHAR(day, 'Mon') AS a, TO_CHAR(day, 'FMMonth') AS b, TO_CHAR(day, 'Dy') AS c, TO_CHAR(day, 'FMDay') AS d FROM sales ORDER BY id;
-- TO_CHAR without leading zeros
SELECT id, TO_CHAR(day, 'FMMM/FMDD') AS a FROM sales ORDER BY id;
-- TO_CHAR with padded names
SELECT id, TO_CHAR(day, 'Month') || '|' AS a, TO_CHAR(day, 'DAY') || '|' AS b FROM sales ORDER BY id;
-- TO_CHAR of numbers
-- refused: to_char
SELECT id, TO_CHAR(qty, '999') AS a, TO_CHAR(price, 'FM999990.00') AS b FROM sales WHERE id <> 10 ORDER BY id;
-- TO_CHAR of numbers with groups
-- refused: to_char
SELECT id, TO_CHAR(price, 'FM99,999,999.00') AS a, TO_CHAR(qty, '000') AS b FROM sales ORDER BY id;
-- TO_DATE
SELECT TO_DATE('20240229', 'YYYYMMDD') AS a, TO_DATE('29.02.2024', 'DD.MM.YYYY') AS b;
-- TO_DATE of columns
SELECT id, TO_DATE(TO_CHAR(day, 'FMMonth FMDD, YYYY'), 'Month DD, YYYY') AS a, TO_DATE(CAST(day AS TEXT), 'YYYY-MM-DD') AS b FROM sales ORDER BY id;
-- TO_DATE without signs
SELECT TO_DATE('240229', 'YYMMDD') AS a, TO_DATE('2024년 2월 9일', 'YYYY년 MM월 DD일') AS b, TO_DATE('2024060', 'YYYYDDD') AS c;
-- fails: TO_DATE of a day that is none
SELECT TO_DATE('2023-02-29', 'YYYY-MM-DD') AS a;
-- fails: TO_DATE of no number
SELECT TO_DATE('soon', 'YYYY-MM-DD') AS a;
-- only where it is needed
SELECT id, CASE WHEN id > 100 THEN TO_DATE(code, 'YYYY-MM-DD') END AS a FROM words ORDER BY id;
-- TO_DATE without a year is one before Christ
-- refused: to_date
SELECT TO_DATE('02-29', 'MM-DD') AS a;
-- TO_DATE of weeks
-- refused: to_date
SELECT TO_DATE('2024-09-4', 'IYYY-IW-ID') AS a;
-- TO_TIMESTAMP
SELECT CAST(TO_TIMESTAMP('29.02.2024 23:59:59.25', 'DD.MM.YYYY HH24:MI:SS.MS') AS TIMESTAMP) AS a, TO_TIMESTAMP('2/9/2024 12:05 am', 'MM/DD/YYYY HH12:MI AM')::timestamp AS b;
-- TO_TIMESTAMP of columns
SELECT id, CAST(TO_TIMESTAMP(TO_CHAR(sold_at, 'YYYYMMDDHH24MISSUS'), 'YYYYMMDDHH24MISSUS') AS TIMESTAMP) AS a, CAST((TO_TIMESTAMP(TO_CHAR(sold_at, 'DD Mon YY'), 'DD Mon YY')) AS DATE) AS b FROM sales ORDER BY id;
-- TO_TIMESTAMP has a zone
-- refused: zone
SELECT TO_TIMESTAMP('2024-02-29', 'YYYY-MM-DD') AS a;
-- MAKE_DATE
SELECT MAKE_DATE(2024, 2, 29) AS a;
-- fails: MAKE_DATE of a day that is none
SELECT MAKE_DATE(2023, 2, 29) AS a;
-- AGE is an interval
-- refused: age
SELECT AGE(day, DATE '2024-01-01') AS a FROM sales;
-- a difference of timestamps is an interval
-- refused: interval
SELECT sold_at - TIMESTAMP '2024-01-01' AS a FROM sales;
-- an interval alone
-- refused: interval
SELECT INTERVAL '1 day' AS a;
-- refused
SELECT id, sold_at + 1 AS a FROM sales;
-- refused
SELECT day + day AS a FROM sales;
-- refused
SELECT EXTRACT(HOUR FROM day) AS a FROM sales;
-- refused
SELECT EXTRACT(FORTNIGHT FROM day) AS a FROM sales;
-- refused
SELECT DATE_TRUNC('fortnight', day) AS a FROM sales;
-- refused: current
SELECT CURRENT_DATE AS a;
-- refused: now
SELECT NOW() AS a;
-- comparison of a difference with an interval
SELECT id FROM sales WHERE sold_at - TIMESTAMP '2024-02-29' < INTERVAL '1 day' ORDER BY id;
-- dates between months
SELECT id FROM sales WHERE day >= DATE '2024-02-01' AND day < DATE '2024-02-01' + INTERVAL '1 month' ORDER BY id;
-- timestamps in a day
SELECT id FROM sales WHERE sold_at >= DATE '2024-02-29' AND sold_at < DATE '2024-02-29' + 1 ORDER BY id;
-- aggregates of dates and times
SELECT MIN(day) AS a, MAX(day) AS b, MIN(sold_at) AS c, MAX(sold_at) AS d, MIN(opened) AS e, MAX(opened) AS f FROM sales;
-- days between dates in an aggregate
SELECT region, MAX(day) - MIN(day) AS span FROM sales GROUP BY region ORDER BY region;
-- the average of days between dates
SELECT AVG(day - DATE '2024-01-01') AS a FROM sales;
-- EXTRACT in arithmetic
SELECT id, EXTRACT(YEAR FROM day) * 100 + EXTRACT(MONTH FROM day) AS yyyymm FROM sales ORDER BY id;
-- EXTRACT cast to a whole number
SELECT id, CAST(EXTRACT(YEAR FROM day) AS INTEGER) AS a FROM sales ORDER BY id;
-- EXTRACT of a constant
SELECT EXTRACT(YEAR FROM DATE '2024-02-29') AS a, EXTRACT(DOW FROM TIMESTAMP '2024-03-03 10:00:00') AS b;
-- a quoted date in DATE_TRUNC
SELECT DATE_TRUNC('month', DATE '2024-02-29') AS a, DATE_TRUNC('week', TIMESTAMP '2025-01-01 10:00:00') AS b;
-- fails: a date beyond the calendar of reports
SELECT DATE '5874897-12-31' + 1 AS a;
-- postgres: SELECT id, (DATE_TRUNC('month', day) + INTERVAL '1 month' - INTERVAL '1 day')::date AS a FROM sales ORDER BY id
SELECT id, LAST_DAY(day) AS a FROM sales ORDER BY id;
-- postgres: SELECT id, EXTRACT(YEAR FROM day)::bigint AS a, EXTRACT(MONTH FROM day)::bigint AS b, EXTRACT(DAY FROM day)::bigint AS c FROM sales ORDER BY id
SELECT id, YEAR(day) AS a, MONTH(day) AS b, DAY(day) AS c FROM sales ORDER BY id;
-- postgres: SELECT id, TO_CHAR(day, 'YYYY-MM') AS a FROM sales ORDER BY id
SELECT id, STRFTIME(day, '%Y-%m') AS a FROM sales ORDER BY id;
