-- Window functions: ranking, neighbours, frames, running sums, over groups.

-- row numbers
SELECT id, ROW_NUMBER() OVER (ORDER BY points, id) AS a FROM scores ORDER BY id;
-- ranks with ties and NULLs
SELECT id, RANK() OVER (ORDER BY points) AS a, DENSE_RANK() OVER (ORDER BY points) AS b FROM scores ORDER BY id;
-- ranks downwards
SELECT id, RANK() OVER (ORDER BY points DESC) AS a, DENSE_RANK() OVER (ORDER BY points DESC NULLS LAST) AS b FROM scores ORDER BY id;
-- ranks within teams
SELECT id, RANK() OVER (PARTITION BY team ORDER BY points DESC, id) AS a, ROW_NUMBER() OVER (PARTITION BY team ORDER BY id) AS b FROM scores ORDER BY id;
-- NULL costs rank first downwards
SELECT id, RANK() OVER (ORDER BY cost DESC) AS r, ROW_NUMBER() OVER (ORDER BY cost, id) AS n FROM orders ORDER BY id;
-- percent ranks
SELECT id, PERCENT_RANK() OVER (ORDER BY points) AS a, CUME_DIST() OVER (ORDER BY points) AS b FROM scores ORDER BY id;
-- percent ranks within teams
SELECT id, PERCENT_RANK() OVER (PARTITION BY team ORDER BY points) AS a, CUME_DIST() OVER (PARTITION BY team ORDER BY points DESC) AS b FROM scores ORDER BY id;
-- NTILE
SELECT id, NTILE(3) OVER (ORDER BY id) AS a, NTILE(100) OVER (ORDER BY id) AS b, NTILE(1) OVER (ORDER BY id) AS c FROM scores ORDER BY id;
-- NTILE within teams
SELECT id, NTILE(2) OVER (PARTITION BY team ORDER BY id) AS a FROM scores ORDER BY id;
-- fails: NTILE of nothing
SELECT NTILE(0) OVER (ORDER BY id) AS a FROM scores;
-- LAG and LEAD
SELECT id, LAG(points) OVER (ORDER BY id) AS a, LEAD(points) OVER (ORDER BY id) AS b FROM scores ORDER BY id;
-- LAG and LEAD with offsets
SELECT id, LAG(points, 2) OVER (ORDER BY id) AS a, LEAD(points, 3) OVER (ORDER BY id) AS b, LAG(points, 0) OVER (ORDER BY id) AS c FROM scores ORDER BY id;
-- LAG and LEAD with defaults
SELECT id, LAG(points, 1, 0) OVER (ORDER BY id) AS a, LEAD(player, 2, 'nobody') OVER (ORDER BY id) AS b FROM scores ORDER BY id;
-- LAG with a default from the row
SELECT id, LAG(points, 1, id) OVER (ORDER BY id) AS a FROM scores ORDER BY id;
-- LAG with a negative offset looks ahead
SELECT id, LAG(points, -1) OVER (ORDER BY id) AS a FROM scores ORDER BY id;
-- LAG within teams
SELECT id, LAG(points) OVER (PARTITION BY team ORDER BY id) AS a, points - LAG(points) OVER (PARTITION BY team ORDER BY id) AS b FROM scores ORDER BY id;
-- LAG of an expression
SELECT id, LAG(points * 2 + 1) OVER (ORDER BY id DESC) AS a FROM scores ORDER BY id;
-- LAG of dates, decimals and texts
SELECT id, LAG(played) OVER (ORDER BY id) AS a, LEAD(bonus) OVER (ORDER BY id) AS b, LAG(team) OVER (ORDER BY id) AS c FROM scores ORDER BY id;
-- first and last values
SELECT id, FIRST_VALUE(player) OVER (ORDER BY id) AS a, LAST_VALUE(player) OVER (ORDER BY id) AS b FROM scores ORDER BY id;
-- last values up to the current tie
SELECT id, LAST_VALUE(points) OVER (ORDER BY points) AS a FROM scores ORDER BY id;
-- the last value of the whole team
SELECT id, LAST_VALUE(player) OVER (PARTITION BY team ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS a FROM scores ORDER BY id;
-- nth values
SELECT id, NTH_VALUE(player, 2) OVER (ORDER BY id) AS a, NTH_VALUE(player, 3) OVER (PARTITION BY team ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS b FROM scores ORDER BY id;
-- fails: the value before the first
SELECT NTH_VALUE(player, 0) OVER (ORDER BY id) AS a FROM scores;
-- first values of frames
SELECT id, FIRST_VALUE(points) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS a, LAST_VALUE(points) OVER (ORDER BY id ROWS BETWEEN 2 PRECEDING AND 1 PRECEDING) AS b FROM scores ORDER BY id;
-- sums over everything
SELECT id, SUM(points) OVER () AS a, COUNT(*) OVER () AS b, AVG(points) OVER () AS c, MIN(points) OVER () AS d, MAX(points) OVER () AS e FROM scores ORDER BY id;
-- sums within teams
SELECT id, SUM(points) OVER (PARTITION BY team) AS a, COUNT(points) OVER (PARTITION BY team) AS b, MAX(player) OVER (PARTITION BY team) AS c FROM scores ORDER BY id;
-- running sums treat ties as one
SELECT id, SUM(points) OVER (ORDER BY points) AS a, COUNT(*) OVER (ORDER BY points) AS b FROM scores ORDER BY id;
-- a running sum over regions with ties
SELECT id, SUM(qty) OVER (ORDER BY region) AS running FROM orders ORDER BY id;
-- running sums by rows
SELECT id, SUM(points) OVER (ORDER BY id ROWS UNBOUNDED PRECEDING) AS a, SUM(bonus) OVER (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS b FROM scores ORDER BY id;
-- running averages
SELECT id, AVG(qty) OVER (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS running FROM orders ORDER BY id;
-- running averages within teams
SELECT id, AVG(points) OVER (PARTITION BY team ORDER BY id) AS a, AVG(bonus) OVER (PARTITION BY team ORDER BY id) AS b FROM scores ORDER BY id;
-- moving sums
SELECT id, SUM(points) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS a, SUM(points) OVER (ORDER BY id ROWS 2 PRECEDING) AS b FROM scores ORDER BY id;
-- frames before and behind the row
SELECT id, SUM(points) OVER (ORDER BY id ROWS BETWEEN 3 PRECEDING AND 2 PRECEDING) AS a, SUM(points) OVER (ORDER BY id ROWS BETWEEN 1 FOLLOWING AND 2 FOLLOWING) AS b, COUNT(*) OVER (ORDER BY id ROWS BETWEEN 2 FOLLOWING AND UNBOUNDED FOLLOWING) AS c FROM scores ORDER BY id;
-- frames that are empty
SELECT id, SUM(points) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND 2 PRECEDING) AS a, COUNT(*) OVER (ORDER BY id ROWS BETWEEN 2 FOLLOWING AND 1 FOLLOWING) AS b FROM scores ORDER BY id;
-- moving averages, least and greatest values
SELECT id, AVG(points) OVER (ORDER BY id ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS a, MIN(points) OVER (ORDER BY id ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS b, MAX(points) OVER (ORDER BY id ROWS BETWEEN CURRENT ROW AND 2 FOLLOWING) AS c FROM scores ORDER BY id;
-- frames of values
SELECT id, SUM(points) OVER (ORDER BY points RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS a, SUM(points) OVER (ORDER BY points RANGE BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS b FROM scores ORDER BY id;
-- frames of the current tie
SELECT id, COUNT(*) OVER (ORDER BY points RANGE BETWEEN CURRENT ROW AND CURRENT ROW) AS a FROM scores ORDER BY id;
-- frames of a distance in values
SELECT id, COUNT(*) OVER (ORDER BY points RANGE BETWEEN 5 PRECEDING AND 5 FOLLOWING) AS a, SUM(points) OVER (ORDER BY points DESC RANGE BETWEEN 10 PRECEDING AND CURRENT ROW) AS b FROM scores ORDER BY id;
-- frames of a distance in decimals
SELECT id, COUNT(*) OVER (ORDER BY bonus RANGE BETWEEN 1.5 PRECEDING AND CURRENT ROW) AS a FROM scores ORDER BY id;
-- frames of a distance in days
SELECT id, COUNT(*) OVER (ORDER BY played RANGE BETWEEN INTERVAL '2 days' PRECEDING AND CURRENT ROW) AS a FROM scores ORDER BY id;
-- RANGE of hours over days
SELECT id, COUNT(*) OVER (ORDER BY played RANGE BETWEEN INTERVAL '36 hours' PRECEDING AND INTERVAL '36 hours' FOLLOWING) AS a, COUNT(*) OVER (ORDER BY played RANGE BETWEEN INTERVAL '36 hours' FOLLOWING AND UNBOUNDED FOLLOWING) AS b, COUNT(*) OVER (ORDER BY played RANGE BETWEEN UNBOUNDED PRECEDING AND INTERVAL '36 hours' PRECEDING) AS c, COUNT(*) OVER (ORDER BY played DESC RANGE BETWEEN INTERVAL '60 hours' FOLLOWING AND UNBOUNDED FOLLOWING) AS d, COUNT(*) OVER (ORDER BY played DESC RANGE BETWEEN UNBOUNDED PRECEDING AND INTERVAL '12 hours' PRECEDING) AS e FROM scores ORDER BY id;
-- RANGE of an interval over moments
SELECT id, COUNT(*) OVER (ORDER BY sold_at RANGE BETWEEN INTERVAL '1 month' PRECEDING AND INTERVAL '90 minutes' FOLLOWING) AS a, SUM(qty) OVER (PARTITION BY region ORDER BY sold_at DESC NULLS LAST RANGE BETWEEN INTERVAL '1 year' PRECEDING AND INTERVAL '1 day 1 hour' FOLLOWING) AS b FROM sales ORDER BY id;
-- RANGE that reaches beyond the calendar
SELECT id, COUNT(*) OVER (ORDER BY day RANGE BETWEEN INTERVAL '1 year' PRECEDING AND INTERVAL '1 year' FOLLOWING) AS a, COUNT(*) OVER (ORDER BY moment DESC RANGE BETWEEN INTERVAL '1 month' PRECEDING AND INTERVAL '1 month' FOLLOWING) AS b, COUNT(*) OVER (ORDER BY day RANGE BETWEEN INTERVAL '1 day' FOLLOWING AND UNBOUNDED FOLLOWING) AS c, COUNT(*) OVER (ORDER BY day RANGE BETWEEN UNBOUNDED PRECEDING AND INTERVAL '1 day' PRECEDING) AS d FROM extremes ORDER BY id;
-- frames of groups of ties
SELECT id, SUM(points) OVER (ORDER BY points GROUPS BETWEEN 1 PRECEDING AND CURRENT ROW) AS a, COUNT(*) OVER (ORDER BY points GROUPS BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS b FROM scores ORDER BY id;
-- frames of groups to the end
SELECT id, COUNT(*) OVER (ORDER BY points GROUPS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS a FROM scores ORDER BY id;
-- frames without the row itself
-- refused: exclude
SELECT id, SUM(points) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING EXCLUDE CURRENT ROW) AS a FROM scores ORDER BY id;
-- deviation in windows
SELECT id, STDDEV(points) OVER (PARTITION BY team) AS a, VAR_POP(points) OVER (ORDER BY id) AS b FROM scores ORDER BY id;
-- truths in windows
SELECT id, BOOL_OR(points > 15) OVER (PARTITION BY team ORDER BY id) AS a, BOOL_AND(points > 4) OVER (PARTITION BY team) AS b FROM scores ORDER BY id;
-- texts in windows
SELECT id, STRING_AGG(player, ',') OVER (ORDER BY id) AS a FROM scores ORDER BY id;
-- texts within teams
SELECT id, STRING_AGG(player, '') OVER (PARTITION BY team ORDER BY id DESC) AS a, STRING_AGG(player, NULL) OVER (PARTITION BY team ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS b FROM scores ORDER BY id;
-- texts in frames
SELECT id, STRING_AGG(player, '|') OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS a, STRING_AGG(player, '|') OVER (ORDER BY id ROWS BETWEEN 3 FOLLOWING AND 4 FOLLOWING) AS b FROM scores ORDER BY id;
-- absent texts in frames
SELECT id, STRING_AGG(region, '+') OVER (ORDER BY id ROWS BETWEEN 2 PRECEDING AND 1 PRECEDING) AS a FROM sales ORDER BY id;
-- some texts in frames
SELECT id, STRING_AGG(player, '+') FILTER (WHERE points > 10) OVER (ORDER BY id) AS a FROM scores ORDER BY id;
-- texts in windows without an order
-- refused: order
SELECT id, STRING_AGG(player, ',') OVER (PARTITION BY team) AS a FROM scores ORDER BY id;
-- least dates in windows
SELECT id, MIN(played) OVER (PARTITION BY team ORDER BY id) AS a, MAX(played) OVER (ORDER BY id ROWS 1 PRECEDING) AS b FROM scores ORDER BY id;
-- a share of the whole
SELECT id, ROUND(100.0 * points / SUM(points) OVER (), 2) AS share FROM scores ORDER BY id;
-- a share of the team
SELECT id, 1.0 * points / NULLIF(SUM(points) OVER (PARTITION BY team), 0) AS share FROM scores ORDER BY id;
-- windows over groups
SELECT region, SUM(qty) AS q, 100.0 * SUM(qty) / SUM(SUM(qty)) OVER () AS share, COUNT(*) OVER () AS regions FROM orders GROUP BY region ORDER BY region;
-- ranks of groups
SELECT team, SUM(points) AS p, RANK() OVER (ORDER BY SUM(points) DESC NULLS LAST) AS r FROM scores GROUP BY team ORDER BY team;
-- running sums of groups
SELECT team, COUNT(*) AS n, SUM(COUNT(*)) OVER (ORDER BY team) AS running FROM scores GROUP BY team ORDER BY team;
-- neighbours among groups
SELECT played, SUM(points) AS p, SUM(points) - LAG(SUM(points)) OVER (ORDER BY played) AS change FROM scores GROUP BY played ORDER BY played;
-- windows over groups within groups
SELECT region, paid, SUM(qty) AS q, SUM(SUM(qty)) OVER (PARTITION BY region) AS total FROM sales GROUP BY region, paid ORDER BY region, paid;
-- windows over HAVING
SELECT region, COUNT(*) AS n, COUNT(*) OVER () AS groups FROM sales GROUP BY region HAVING COUNT(*) > 1 ORDER BY region;
-- a named window
SELECT id, SUM(points) OVER w AS a, RANK() OVER w AS b FROM scores WINDOW w AS (PARTITION BY team ORDER BY points) ORDER BY id;
-- a named window that is extended
SELECT id, SUM(points) OVER (w ORDER BY id) AS a, SUM(points) OVER w AS b FROM scores WINDOW w AS (PARTITION BY team) ORDER BY id;
-- FILTER in windows
SELECT id, COUNT(*) FILTER (WHERE points > 5) OVER (ORDER BY id) AS a, SUM(points) FILTER (WHERE team = 'red') OVER () AS b FROM scores ORDER BY id;
-- partitions of expressions
SELECT id, COUNT(*) OVER (PARTITION BY points % 2, team IS NULL) AS a, SUM(points) OVER (PARTITION BY CASE WHEN points > 10 THEN 'high' ELSE 'low' END ORDER BY id) AS b FROM scores ORDER BY id;
-- partitions of two columns
SELECT id, COUNT(*) OVER (PARTITION BY team, played) AS a FROM scores ORDER BY id;
-- order by two keys in two directions
SELECT id, ROW_NUMBER() OVER (ORDER BY team DESC NULLS LAST, points NULLS FIRST, id) AS a FROM scores ORDER BY id;
-- order by an expression
SELECT id, RANK() OVER (ORDER BY ABS(bonus) DESC) AS a, ROW_NUMBER() OVER (ORDER BY LENGTH(team), id) AS b FROM scores ORDER BY id;
-- ORDER BY a window
SELECT id, points FROM scores ORDER BY RANK() OVER (ORDER BY points DESC NULLS LAST), id;
-- several windows in one expression
SELECT id, SUM(points) OVER (ORDER BY id) - SUM(points) OVER (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS a FROM scores ORDER BY id;
-- a window in CASE
SELECT id, CASE WHEN ROW_NUMBER() OVER (PARTITION BY team ORDER BY id) = 1 THEN team END AS first FROM scores ORDER BY id;
-- the best of each team
SELECT team, player FROM (SELECT team, player, ROW_NUMBER() OVER (PARTITION BY team ORDER BY points DESC NULLS LAST, id) AS n FROM scores) AS x WHERE n = 1 ORDER BY team;
-- windows over no rows
SELECT id, SUM(qty) OVER (ORDER BY id) AS a, RANK() OVER (ORDER BY qty) AS b FROM nothing;
-- windows over NULLs only
SELECT id, SUM(a) OVER (ORDER BY id) AS x, RANK() OVER (ORDER BY b) AS y, FIRST_VALUE(e) OVER (ORDER BY id) AS z FROM absent ORDER BY id;
-- windows and DISTINCT
SELECT DISTINCT team, COUNT(*) OVER (PARTITION BY team) AS n FROM scores ORDER BY team;
-- windows and LIMIT see all rows
SELECT id, COUNT(*) OVER () AS n FROM scores ORDER BY id LIMIT 2;
-- windows after WHERE
SELECT id, COUNT(*) OVER () AS n FROM scores WHERE points > 9 ORDER BY id;
-- windows over a join
SELECT o.id, r.reason, COUNT(r.reason) OVER (PARTITION BY o.id) AS n, SUM(r.amount) OVER (ORDER BY o.id, r.reason) AS running FROM orders AS o LEFT JOIN refunds AS r ON r.order_id = o.id ORDER BY o.id, r.reason;
-- sums of bigints in windows are decimals
SELECT id, SUM(cost) OVER (ORDER BY id) AS a FROM orders ORDER BY id;
-- sums of doubles in windows
SELECT id, SUM(weight) OVER (ORDER BY id) AS a FROM sales WHERE id NOT IN (4, 5) ORDER BY id;
-- postgres: SELECT team, player, points FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY team ORDER BY id) AS n FROM scores) AS x WHERE n = 1 ORDER BY team
SELECT team, player, points FROM scores QUALIFY ROW_NUMBER() OVER (PARTITION BY team ORDER BY id) = 1 ORDER BY team;
-- refused: window
SELECT id FROM scores WHERE ROW_NUMBER() OVER (ORDER BY id) = 1;
-- refused: window
SELECT SUM(RANK() OVER (ORDER BY points)) AS a FROM scores;
-- refused: window
SELECT SUM(SUM(points) OVER ()) OVER () AS a FROM scores;
-- refused
SELECT ROW_NUMBER() AS a FROM scores;
-- refused
SELECT ABS(points) OVER () AS a FROM scores;
-- refused: window
SELECT SUM(points) OVER missing AS a FROM scores;
-- refused: distinct
SELECT COUNT(DISTINCT team) OVER () AS a FROM scores;
-- refused
SELECT SUM(points) OVER (ORDER BY id ROWS BETWEEN CURRENT ROW AND 1 PRECEDING) AS a FROM scores;
-- refused
SELECT SUM(points) OVER (ORDER BY id ROWS BETWEEN UNBOUNDED FOLLOWING AND CURRENT ROW) AS a FROM scores;
-- refused: range
SELECT SUM(points) OVER (ORDER BY team, id RANGE BETWEEN 1 PRECEDING AND CURRENT ROW) AS a FROM scores;
-- refused: groups
SELECT SUM(points) OVER (GROUPS BETWEEN 1 PRECEDING AND CURRENT ROW) AS a FROM scores;
-- refused: range
SELECT SUM(points) OVER (ORDER BY player RANGE BETWEEN 1 PRECEDING AND CURRENT ROW) AS a FROM scores;
-- refused: group
SELECT team, SUM(points) OVER () AS a FROM scores GROUP BY team;
-- bits and regression over frames
SELECT id, BIT_OR(qty) OVER (ORDER BY id ROWS 2 PRECEDING) AS a, BIT_XOR(qty) OVER (PARTITION BY region ORDER BY id) AS b, REGR_COUNT(qty, units) OVER (ORDER BY id) AS c, REGR_SLOPE(units, qty) OVER (ORDER BY id ROWS 4 PRECEDING) AS d FROM sales ORDER BY id;
-- windows made of windows
SELECT id, SUM(points) OVER final AS a, COUNT(*) OVER (initial ROWS 1 PRECEDING) AS b, RANK() OVER (base ORDER BY points DESC) AS c FROM scores WINDOW base AS (PARTITION BY team), initial AS (base ORDER BY id), final AS (initial ROWS BETWEEN CURRENT ROW AND 1 FOLLOWING) ORDER BY id;
-- refused: no window
SELECT id, SUM(points) OVER a AS a FROM scores WINDOW a AS (b ORDER BY id), b AS (PARTITION BY team);
-- refused: two windows
SELECT id, SUM(points) OVER a AS a FROM scores WINDOW a AS (ORDER BY id), a AS (PARTITION BY team);
-- refused: no column
SELECT id FROM scores WINDOW a AS (ORDER BY nobody);
-- refused: cannot be changed
SELECT id, SUM(points) OVER (a ROWS 1 PRECEDING) AS a FROM scores WINDOW a AS (ORDER BY id ROWS 2 PRECEDING);
-- booleans and NULLs of some of the rows stand beside the others
SELECT id, paid, qty, region, ROW_NUMBER() OVER (ORDER BY id) AS a FROM sales WHERE id NOT IN (1, 4, 9, 10) ORDER BY id;
-- the same of rows in the middle
SELECT id, paid, opened, units, COUNT(*) OVER (PARTITION BY paid) AS a FROM sales WHERE id BETWEEN 2 AND 11 ORDER BY id;
