/*--- report
title = { ko = "예제: 까다로운 글자", en = "Example: hostile text" }
---*/

-- Nothing has to be done for these: text that looks like a formula stays text, leading zeros and twenty-digit numbers
-- survive, a text longer than a cell is shortened with a warning, control characters are removed.

-- name: customers
-- source: shop
SELECT c.code, c.name, c.name_en, c.external_no, c.memo
FROM customer AS c
WHERE c.name LIKE '=%' OR c.name LIKE '-%' OR c.name LIKE '@%' OR c.name LIKE '+%'
   OR c.memo IS NOT NULL OR (c.name >= '0' AND c.name < ':')
ORDER BY c.code;
