-- Text functions: lengths in characters, places from 1, NULLs.

-- || with NULL
SELECT id, word || note AS a, word || '-' || code AS b FROM words ORDER BY id;
-- || with numbers
SELECT id, 'n' || qty AS a, price || '' AS b FROM sales ORDER BY id;
-- || with dates and booleans
SELECT id, day || '!' AS a, 'p' || paid AS b FROM sales ORDER BY id;
-- CONCAT skips NULL
SELECT id, CONCAT(word, '/', note, NULL) AS a FROM words ORDER BY id;
-- CONCAT of other types
SELECT id, CONCAT(qty, ' x ', price, ' ', day) AS a FROM sales ORDER BY id;
-- CONCAT_WS skips NULL
SELECT id, CONCAT_WS('-', region, product, qty) AS a FROM sales ORDER BY id;
-- UPPER and LOWER
SELECT id, UPPER(word) AS a, LOWER(word) AS b FROM words WHERE id <> 10 ORDER BY id;
-- INITCAP
SELECT id, INITCAP(note) AS a FROM words ORDER BY id;
-- LENGTH counts characters
SELECT id, LENGTH(word) AS a, CHAR_LENGTH(word) AS b, CHARACTER_LENGTH(note) AS c FROM words ORDER BY id;
-- OCTET_LENGTH counts bytes
SELECT id, OCTET_LENGTH(word) AS a FROM words ORDER BY id;
-- TRIM of blanks
SELECT id, TRIM(word) AS a, LTRIM(word) AS b, RTRIM(word) AS c, BTRIM(word) AS d FROM words ORDER BY id;
-- TRIM of characters
SELECT id, TRIM(BOTH 'a' FROM word) AS a, TRIM(LEADING 'a' FROM word) AS b, TRIM(TRAILING 'e' FROM word) AS c FROM words ORDER BY id;
-- LTRIM and RTRIM of characters
SELECT id, LTRIM(code, '0-') AS a, RTRIM(word, 'le') AS b FROM words ORDER BY id;
-- SUBSTRING by places
SELECT id, SUBSTRING(word FROM 2 FOR 3) AS a, SUBSTRING(word, 2) AS b, SUBSTR(word, 1, 2) AS c FROM words ORDER BY id;
-- SUBSTRING from before the start
SELECT id, SUBSTRING(word FROM 0 FOR 3) AS a, SUBSTRING(word FROM -1 FOR 4) AS b, SUBSTRING(word FROM 99) AS c FROM words ORDER BY id;
-- fails: SUBSTRING of a negative length
SELECT SUBSTRING(word FROM 1 FOR -1) AS a FROM words;
-- LEFT and RIGHT
SELECT id, LEFT(word, 2) AS a, RIGHT(word, 2) AS b, LEFT(word, -2) AS c, RIGHT(word, -2) AS d, LEFT(word, 0) AS e FROM words ORDER BY id;
-- REPLACE
SELECT id, REPLACE(note, 'a', 'AA') AS a, REPLACE(note, '', 'x') AS b, REPLACE(code, '\', '/') AS c FROM words ORDER BY id;
-- TRANSLATE
SELECT id, TRANSLATE(word, 'aeiou', 'AE') AS a FROM words ORDER BY id;
-- POSITION and STRPOS
SELECT id, POSITION('a' IN word) AS a, STRPOS(note, 'an') AS b, POSITION('' IN word) AS c, STRPOS(word, '밥') AS d FROM words ORDER BY id;
-- SPLIT_PART
SELECT id, SPLIT_PART(note, ' ', 1) AS a, SPLIT_PART(note, ' ', 2) AS b, SPLIT_PART(note, ' ', -1) AS c FROM words ORDER BY id;
-- LPAD and RPAD
SELECT id, LPAD(code, 8, '0') AS a, RPAD(word, 6, '*') AS b, LPAD(word, 2) AS c, RPAD(word, 6, 'xy') AS d FROM words ORDER BY id;
-- REPEAT
SELECT id, REPEAT(word, 2) AS a, REPEAT('ab', 0) AS b, REPEAT('ab', -1) AS c FROM words ORDER BY id;
-- REVERSE
SELECT id, REVERSE(word) AS a FROM words WHERE id <> 11 ORDER BY id;
-- STARTS_WITH
SELECT id, STARTS_WITH(word, 'a') AS a, STARTS_WITH(word, '') AS b FROM words ORDER BY id;
-- ASCII and CHR
SELECT id, ASCII(word) AS a, CHR(65 + id) AS b FROM words ORDER BY id;
-- text functions over the results of others
SELECT id, UPPER(LEFT(TRIM(word), 1)) || LOWER(SUBSTRING(TRIM(word) FROM 2)) AS a FROM words WHERE id <> 10 ORDER BY id;
-- LENGTH in conditions
SELECT id FROM words WHERE LENGTH(TRIM(word)) = 5 ORDER BY id;
-- lengths are whole numbers that can be subtracted
SELECT id, LENGTH(word) - LENGTH(note) AS a FROM words ORDER BY id;
-- functions of NULL
SELECT UPPER(NULL) AS a, LENGTH(NULL) AS b, CONCAT(NULL, NULL) AS c, LEFT(NULL, 2) AS d, REPLACE('a', NULL, 'b') AS e;
-- quotes in literals
SELECT 'it''s' AS a, '"' AS b, '' AS c, 'back\slash' AS d, 'two
lines' AS e;
-- escaped literals
SELECT E'tab\there' AS a, E'\\' AS b, E'it\'s' AS c;
-- FORMAT
-- refused: function
SELECT FORMAT('%s-%s', 'a', 1) AS a;
-- MD5
SELECT MD5('digger') AS a, MD5('') AS b;
-- MD5 of columns
SELECT id, MD5(word) AS a, MD5(note || code) AS b FROM words ORDER BY id;
-- MD5 takes texts
-- refused: md5
SELECT MD5(id) AS a FROM words;
-- REGEXP_REPLACE
SELECT id, REGEXP_REPLACE(code, '[0-9]', '#') AS a FROM words ORDER BY id;
-- REGEXP_REPLACE of all
SELECT id, REGEXP_REPLACE(code, '[0-9]', '#', 'g') AS a FROM words ORDER BY id;
-- regular expressions
SELECT id, word ~ '^a' AS a, word ~* '^a' AS b, word !~ 'e$' AS c FROM words ORDER BY id;
-- refused: length
SELECT LENGTH(qty) AS a FROM sales;
-- refused: upper
SELECT UPPER(day) AS a FROM sales;
-- refused: left
SELECT LEFT(word) AS a FROM words;
-- refused: substr
SELECT SUBSTRING(qty FROM 1) AS a FROM sales;
-- refused: instr
SELECT INSTR(word, 'a') AS a FROM words;
-- refused: strip
SELECT STRIP(word) AS a FROM words;
-- group by a text function
SELECT LOWER(TRIM(word)) AS w, COUNT(*) AS n FROM words WHERE id <> 10 GROUP BY LOWER(TRIM(word)) ORDER BY w;
-- order by the length of a text
SELECT id, word FROM words ORDER BY LENGTH(word) DESC NULLS LAST, word, id;
-- places from a column
SELECT id, LEFT(word, id) AS a, SUBSTRING(word FROM id) AS b, REPEAT('x', id - 3) AS c FROM words ORDER BY id;
-- TO_HEX of whole numbers
SELECT TO_HEX(255) AS a;
-- OVERLAY
SELECT OVERLAY('abcdef' PLACING 'XY' FROM 2 FOR 3) AS a;
-- NULL in CONCAT_WS separator
SELECT CONCAT_WS(NULL, 'a', 'b') AS a, CONCAT_WS(',', NULL, 'b', '') AS b;
-- OVERLAY of columns
SELECT id, OVERLAY(word PLACING note FROM id) AS a, OVERLAY(word PLACING 'x' FROM 2 FOR 0) AS b, OVERLAY(code PLACING '' FROM 2 FOR 100) AS c FROM words ORDER BY id;
-- OVERLAY backwards writes characters twice
SELECT OVERLAY('abcdef' PLACING 'X' FROM 4 FOR -2) AS a, OVERLAY('abc' PLACING 'xyz' FROM 9) AS b;
-- fails: OVERLAY before the first character
SELECT OVERLAY('abc' PLACING 'x' FROM 0) AS a;
-- the name of an OVERLAY
SELECT OVERLAY('abc' PLACING 'x' FROM 1) FROM orders ORDER BY id;
