/*--- report
title = { ko = "예제: 줄이 없을 때", en = "Example: nothing to show" }

[params.above]
label   = { ko = "이 금액을 넘는 환불", en = "Refunds above" }
type    = "integer"
default = 100_000_000
min     = 0
---*/

-- A sheet without rows keeps its header and says this sentence. Zero rows is an answer, not an error.

-- name: refunds
-- source: shop
SELECT f.refunded_at, f.amount
FROM refund AS f
WHERE f.amount > :above
ORDER BY f.amount DESC;

/*--- workbook
[[sheet]]
name  = { ko = "큰 환불", en = "Large refunds" }
query = "refunds"
empty = { ko = "이 금액을 넘는 환불이 없습니다. 좋은 소식입니다.", en = "No refund is above this amount. That is good news." }

[sheet.columns]
refunded_at = { title = { ko = "환불 시각", en = "Refunded" }, format = "datetime", width = 18 }
amount      = { title = { ko = "환불액", en = "Amount" }, format = "krw", total = "sum" }
---*/
