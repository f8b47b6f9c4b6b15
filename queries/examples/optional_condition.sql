/*--- report
title = { ko = "예제: 있을 때만 거는 조건", en = "Example: a condition that may be absent" }

[params.grade]
label    = { ko = "등급", en = "Grade" }
type     = "choice"
required = false
options  = ["VIP", "우수", "일반"]

[params.joined_since]
label    = { ko = "가입일이 이날부터", en = "Joined since" }
type     = "date"
required = false
---*/

-- What stands between if and end is kept only when the parameter has a value. An optional parameter may be used
-- nowhere else, so NULL and empty lists never reach a database. No nesting, no else: more than that belongs in SQL.

-- name: customers
-- source: shop
SELECT COALESCE(c.grade, '–') AS grade, COUNT(*) AS customers
FROM customer AS c
WHERE c.id > 0
  /*if grade*/ AND c.grade = :grade /*end*/
  /*if joined_since*/ AND c.joined_on >= :joined_since /*end*/
GROUP BY COALESCE(c.grade, '–')
ORDER BY customers DESC;
