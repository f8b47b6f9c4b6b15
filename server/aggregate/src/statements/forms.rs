//! What SQL writes in a way of its own.

use super::{Chapter, Statement};

pub(super) const CHAPTER: Chapter = Chapter {
    title: ["SQL의 구문", "Forms of SQL"],
    statements: &[
        Statement {
            name: "case",
            written: "CASE WHEN boolean THEN any ELSE any END",
            result: "any",
            meaning: [
                "처음으로 참인 조건의 값",
                "The value of the first condition that is true.",
            ],
            example: "SELECT CASE WHEN 2 > 1 THEN 'more' ELSE 'less' END",
            postgres: None,
        },
        Statement {
            name: "case",
            written: "CASE any WHEN any THEN any END",
            result: "any",
            meaning: [
                "처음으로 같은 것의 값",
                "The value of the first that is equal.",
            ],
            example: "SELECT CASE 2 WHEN 1 THEN 'one' WHEN 2 THEN 'two' END",
            postgres: None,
        },
        Statement {
            name: "cast",
            written: "CAST(any AS type)",
            result: "type",
            meaning: [
                "다른 타입으로 바꿉니다. `x::type`도 됩니다.",
                "The value as another type; `x::type` means the same.",
            ],
            example: "SELECT CAST('2026-08-19' AS DATE)",
            postgres: None,
        },
        Statement {
            name: "coalesce",
            written: "COALESCE(any…)",
            result: "any",
            meaning: ["처음으로 NULL이 아닌 값", "The first that is not NULL."],
            example: "SELECT COALESCE(NULL, 3, 4)",
            postgres: None,
        },
        Statement {
            name: "nullif",
            written: "NULLIF(any, any)",
            result: "any",
            meaning: [
                "둘이 같으면 NULL, 아니면 첫 값",
                "NULL where both are equal, else the first.",
            ],
            example: "SELECT NULLIF(0, 0)",
            postgres: None,
        },
        Statement {
            name: "greatest",
            written: "GREATEST(any…)",
            result: "any",
            meaning: [
                "가장 큰 값. NULL은 건너뜁니다.",
                "The greatest that is not NULL.",
            ],
            example: "SELECT GREATEST(1, NULL, 3)",
            postgres: None,
        },
        Statement {
            name: "least",
            written: "LEAST(any…)",
            result: "any",
            meaning: [
                "가장 작은 값. NULL은 건너뜁니다.",
                "The least that is not NULL.",
            ],
            example: "SELECT LEAST(1, NULL, 3)",
            postgres: None,
        },
        Statement {
            name: "between",
            written: "any BETWEEN any AND any",
            result: "boolean",
            meaning: [
                "두 값 사이인지. 양 끝도 듭니다.",
                "Whether a value is between two, both included.",
            ],
            example: "SELECT 3 BETWEEN 1 AND 3",
            postgres: None,
        },
        Statement {
            name: "in",
            written: "any IN (any…)",
            result: "boolean",
            meaning: ["그중 하나인지", "Whether a value is one of them."],
            example: "SELECT 3 IN (1, 2, NULL)",
            postgres: None,
        },
        Statement {
            name: "in",
            written: "(any, any) IN (SELECT any, any …)",
            result: "boolean",
            meaning: [
                "행이 서브쿼리의 답에 있는지",
                "Whether a row is among the answer of a subquery.",
            ],
            example: "SELECT (1, 'a') IN (SELECT x, y FROM (VALUES (1, 'a'), (2, 'b')) AS t (x, y))",
            postgres: None,
        },
        Statement {
            name: "any",
            written: "any > ANY (SELECT any …)",
            result: "boolean",
            meaning: [
                "서브쿼리의 어떤 행과의 비교라도 참인지",
                "Whether a comparison is true for some row of a subquery.",
            ],
            example: "SELECT 2 > ANY (SELECT x FROM (VALUES (1), (5)) AS t (x))",
            postgres: None,
        },
        Statement {
            name: "all",
            written: "any > ALL (SELECT any …)",
            result: "boolean",
            meaning: [
                "서브쿼리의 모든 행과의 비교가 참인지",
                "Whether a comparison is true for all rows of a subquery.",
            ],
            example: "SELECT 2 > ALL (SELECT x FROM (VALUES (1), (5)) AS t (x))",
            postgres: None,
        },
        Statement {
            name: "like",
            written: "text LIKE text ESCAPE text",
            result: "boolean",
            meaning: [
                "`%`와 `_`가 있는 무늬에 맞는지. 그 앞에 쓸 글자를 정할 수 있습니다.",
                "Whether a text matches a pattern; the character before a plain `%` or `_` may be chosen.",
            ],
            example: "SELECT '50%' LIKE '50!%' ESCAPE '!'",
            postgres: None,
        },
        Statement {
            name: "is distinct from",
            written: "any IS DISTINCT FROM any",
            result: "boolean",
            meaning: [
                "다른지. NULL끼리는 같습니다.",
                "Whether both differ; NULL equals NULL.",
            ],
            example: "SELECT NULL IS DISTINCT FROM 1",
            postgres: None,
        },
        Statement {
            name: "is null",
            written: "any IS NULL",
            result: "boolean",
            meaning: ["NULL인지", "Whether there is no value."],
            example: "SELECT NULL IS NULL",
            postgres: None,
        },
        Statement {
            name: "is true",
            written: "boolean IS TRUE",
            result: "boolean",
            meaning: [
                "참인지. NULL은 참이 아닙니다.",
                "Whether it is true; NULL is not.",
            ],
            example: "SELECT (NULL > 1) IS TRUE",
            postgres: None,
        },
        Statement {
            name: "extract",
            written: "EXTRACT(part FROM timestamp)",
            result: "numeric",
            meaning: ["날짜와 시각의 한 부분", "A part of a date or a time."],
            example: "SELECT EXTRACT(QUARTER FROM DATE '2026-08-19')",
            postgres: None,
        },
        Statement {
            name: "interval",
            written: "timestamp + INTERVAL text",
            result: "timestamp",
            meaning: ["그만큼 뒤의 시각", "The moment that much later."],
            example: "SELECT DATE '2026-01-31' + INTERVAL '1 month'",
            postgres: None,
        },
    ],
};
