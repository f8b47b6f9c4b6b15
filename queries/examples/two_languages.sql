/*--- report
title       = { ko = "예제: 두 언어", en = "Example: two languages" }
description = { ko = "사람이 읽는 모든 글은 한국어와 영어로 적을 수 있습니다.", en = "Every text people read can be written in Korean and in English." }
file_name   = { ko = "채널_{date}.xlsx", en = "channels_{date}.xlsx" }
---*/

-- Every text people see is one string, or a table with ko and en. The reader's language wins, then the other.
-- Sheet names, titles and the file name take the language of the run.

-- name: channels
-- source: shop
SELECT code, name, name_en
FROM channel
ORDER BY position;

/*--- workbook
[[sheet]]
name  = { ko = "채널", en = "Channels" }
query = "channels"

[sheet.columns]
code    = { title = { ko = "코드", en = "Code" } }
name    = { title = { ko = "이름", en = "Name" } }
name_en = { title = "English" }
---*/
