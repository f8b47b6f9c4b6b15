/*--- report
title = { ko = "예제: 글자로 찾기", en = "Example: searching text" }

[params.word]
label   = { ko = "이름에 들어 있는 말", en = "Name contains" }
help    = { ko = "따옴표나 %를 적어도 안전합니다.", en = "Quotes and % are safe to type." }
type    = "text"
default = "한빛"
min     = 1
max     = 40

[params.code]
label    = { ko = "고객 코드", en = "Customer code" }
help     = { ko = "숫자 7자리", en = "Seven digits" }
type     = "text"
required = false
pattern  = "[0-9]{7}"
---*/

-- Values are always bound, never pasted: '; DROP TABLE orders; -- is just a word to look for.
-- min and max count characters; pattern must match the whole text.

-- name: customers
-- source: shop
SELECT c.code, c.name, c.name_en
FROM customer AS c
WHERE (LOWER(c.name) LIKE CONCAT('%', LOWER(:word), '%') OR LOWER(c.name_en) LIKE CONCAT('%', LOWER(:word), '%'))
  /*if code*/ AND c.code = :code /*end*/
ORDER BY c.code;

/*--- workbook
[[sheet]]
name  = { ko = "고객", en = "Customers" }
query = "customers"
empty = { ko = "그런 이름의 고객이 없습니다.", en = "No customer has such a name." }
---*/
