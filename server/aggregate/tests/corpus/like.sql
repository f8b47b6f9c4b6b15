-- LIKE and ILIKE with their wildcards and escapes.

-- % at the end
SELECT id FROM words WHERE word LIKE 'a%' ORDER BY id;
-- % on both sides
SELECT id FROM words WHERE note LIKE '%an%' ORDER BY id;
-- _ is one character
SELECT id FROM words WHERE word LIKE '_____' ORDER BY id;
-- _ is one Korean character
SELECT id FROM words WHERE word LIKE '김_ %' ORDER BY id;
-- _ is one emoji
SELECT id FROM words WHERE word LIKE '__x' ORDER BY id;
-- an escaped %
SELECT id FROM words WHERE note LIKE '50\% %' ORDER BY id;
-- an escaped _
SELECT id FROM words WHERE note LIKE 'a\_b' ORDER BY id;
-- an escaped backslash
SELECT id FROM words WHERE code LIKE 'B\\%' ORDER BY id;
-- another escape
SELECT id FROM words WHERE note LIKE '50!% %' ESCAPE '!' ORDER BY id;
-- no escape at all
SELECT id FROM words WHERE code LIKE 'B\%' ESCAPE '' ORDER BY id;
-- an escape that is escaped
SELECT 'a!b' LIKE 'a!!b' ESCAPE '!' AS a, 'a%' LIKE 'a!%' ESCAPE '!' AS b, 'ab' LIKE 'a!%' ESCAPE '!' AS c;
-- fails: a pattern that ends with its escape
SELECT id FROM words WHERE word LIKE 'app\' ORDER BY id;
-- ILIKE
SELECT id FROM words WHERE word ILIKE 'APP%' ORDER BY id;
-- NOT ILIKE
SELECT id FROM words WHERE word NOT ILIKE 'app%' ORDER BY id;
-- NOT LIKE drops NULL
SELECT id FROM words WHERE word NOT LIKE '%a%' ORDER BY id;
-- LIKE is about the whole text
SELECT id FROM words WHERE word LIKE 'apple' ORDER BY id;
-- LIKE with an empty pattern
SELECT id FROM words WHERE word LIKE '' ORDER BY id;
-- LIKE of everything that is there
SELECT id FROM words WHERE word LIKE '%' ORDER BY id;
-- LIKE with NULL
SELECT id, word LIKE NULL AS a, NULL LIKE 'a' AS b FROM words ORDER BY id;
-- LIKE with a pattern from a column
SELECT id, note LIKE '%' || word || '%' AS a FROM words WHERE id <> 6 ORDER BY id;
-- LIKE with a column as the pattern
SELECT a.id AS one, b.id AS other FROM words a JOIN words b ON a.word LIKE b.word AND a.id <> b.id ORDER BY one, other;
-- characters of regular expressions are plain
SELECT 'a.c' LIKE 'a.c' AS a, 'abc' LIKE 'a.c' AS b, 'a+' LIKE 'a+' AS c, '[x]' LIKE '[x]' AS d, '(' LIKE '(%' AS e, '^$' LIKE '^$' AS f;
-- LIKE across lines
SELECT 'two
lines' LIKE 'two%lines' AS a, 'two
lines' LIKE 'two_lines' AS b;
-- many wildcards
SELECT id FROM words WHERE word LIKE '%a%a%a%' ORDER BY id;
-- wildcards in a row
SELECT id FROM words WHERE word LIKE '%%_%%' ORDER BY id;
-- LIKE in SELECT and CASE
SELECT id, word LIKE 'a%' AS a, CASE WHEN note ILIKE '%PINE%' THEN 1 ELSE 0 END AS b FROM words ORDER BY id;
-- ILIKE with accents
SELECT id FROM words WHERE note ILIKE 'àéî' ORDER BY id;
-- LIKE ANY of a list
-- refused: cannot be computed
SELECT id FROM words WHERE word LIKE ANY (ARRAY['a%', 'b%']) ORDER BY id;
-- SIMILAR TO
-- refused: cannot be computed
SELECT id FROM words WHERE word SIMILAR TO '(a|b)%' ORDER BY id;
-- refused
SELECT id FROM sales WHERE qty LIKE '1%';
-- refused
SELECT id FROM sales WHERE day LIKE '2024%';
-- fails: an escape of two characters
SELECT id FROM words WHERE word LIKE 'a%' ESCAPE 'ab';
