//! Window functions.

use super::{Chapter, Statement};

pub(super) const CHAPTER: Chapter = Chapter {
    title: ["윈도 함수", "Window functions"],
    statements: &[
        Statement {
            name: "row_number",
            written: "ROW_NUMBER()",
            result: "bigint",
            meaning: ["몇째 행인지", "The number of the row."],
            example: "SELECT ROW_NUMBER() OVER (ORDER BY n) FROM (VALUES (1, 10), (2, 20), (3, 20), (4, 30)) AS t (n, x)",
            postgres: None,
        },
        Statement {
            name: "rank",
            written: "RANK()",
            result: "bigint",
            meaning: [
                "순위. 같은 값은 같은 순위이고 그만큼 건너뜁니다.",
                "The rank; equal values share one, and the next ones are left out.",
            ],
            example: "SELECT RANK() OVER (ORDER BY x) FROM (VALUES (1, 10), (2, 20), (3, 20), (4, 30)) AS t (n, x)",
            postgres: None,
        },
        Statement {
            name: "dense_rank",
            written: "DENSE_RANK()",
            result: "bigint",
            meaning: ["건너뛰지 않는 순위", "The rank without gaps."],
            example: "SELECT DENSE_RANK() OVER (ORDER BY x) FROM (VALUES (1, 10), (2, 20), (3, 20), (4, 30)) AS t (n, x)",
            postgres: None,
        },
        Statement {
            name: "string_agg",
            written: "STRING_AGG(text, text) OVER (ORDER BY any)",
            result: "text",
            meaning: [
                "창 안의 텍스트를 창의 순서로 이어 붙입니다. ORDER BY가 있어야 합니다.",
                "The texts of the frame in the order of the window, which needs one.",
            ],
            example: "SELECT STRING_AGG(CAST(x AS TEXT), '+') OVER (ORDER BY n) FROM (VALUES (1, 10), (2, 20), (3, 20), (4, 30)) AS t (n, x)",
            postgres: None,
        },
        Statement {
            name: "percent_rank",
            written: "PERCENT_RANK()",
            result: "double precision",
            meaning: ["0에서 1까지의 순위", "The rank from 0 to 1."],
            example: "SELECT PERCENT_RANK() OVER (ORDER BY x) FROM (VALUES (1, 10), (2, 20), (3, 20), (4, 30)) AS t (n, x)",
            postgres: None,
        },
        Statement {
            name: "cume_dist",
            written: "CUME_DIST()",
            result: "double precision",
            meaning: [
                "그 값 이하인 행의 비율",
                "The share of rows up to this value.",
            ],
            example: "SELECT CUME_DIST() OVER (ORDER BY x) FROM (VALUES (1, 10), (2, 20), (3, 20), (4, 30)) AS t (n, x)",
            postgres: None,
        },
        Statement {
            name: "ntile",
            written: "NTILE(integer)",
            result: "integer",
            meaning: [
                "같은 크기로 나눈 것 중 몇째인지",
                "Which of so many equal parts the row is in.",
            ],
            example: "SELECT NTILE(3) OVER (ORDER BY n) FROM (VALUES (1, 10), (2, 20), (3, 20), (4, 30)) AS t (n, x)",
            postgres: None,
        },
        Statement {
            name: "lag",
            written: "LAG(any, integer, any)",
            result: "any",
            meaning: [
                "앞 행의 값. 몇 행 앞인지와 없을 때의 값을 적을 수 있습니다.",
                "The value of a row before: how many rows, and what stands for none, may be given.",
            ],
            example: "SELECT LAG(x, 1, 0) OVER (ORDER BY n) FROM (VALUES (1, 10), (2, 20), (3, 20), (4, 30)) AS t (n, x)",
            postgres: None,
        },
        Statement {
            name: "lead",
            written: "LEAD(any, integer, any)",
            result: "any",
            meaning: ["뒤 행의 값", "The value of a row behind."],
            example: "SELECT LEAD(x) OVER (ORDER BY n) FROM (VALUES (1, 10), (2, 20), (3, 20), (4, 30)) AS t (n, x)",
            postgres: None,
        },
        Statement {
            name: "first_value",
            written: "FIRST_VALUE(any)",
            result: "any",
            meaning: ["창의 첫 값", "The first value of the window."],
            example: "SELECT FIRST_VALUE(x) OVER (ORDER BY n DESC) FROM (VALUES (1, 10), (2, 20), (3, 20), (4, 30)) AS t (n, x)",
            postgres: None,
        },
        Statement {
            name: "last_value",
            written: "LAST_VALUE(any)",
            result: "any",
            meaning: [
                "창의 마지막 값",
                "The last value of the window, which ends with this row unless a frame says otherwise.",
            ],
            example: "SELECT LAST_VALUE(n) OVER (ORDER BY x) FROM (VALUES (1, 10), (2, 20), (3, 20), (4, 30)) AS t (n, x)",
            postgres: None,
        },
        Statement {
            name: "nth_value",
            written: "NTH_VALUE(any, integer)",
            result: "any",
            meaning: ["창의 그 번째 값", "The value at that place of the window."],
            example: "SELECT NTH_VALUE(x, 2) OVER (ORDER BY n) FROM (VALUES (1, 10), (2, 20), (3, 20), (4, 30)) AS t (n, x)",
            postgres: None,
        },
        Statement {
            name: "over",
            written: "aggregate OVER (PARTITION BY any ORDER BY any)",
            result: "any",
            meaning: [
                "창의 집계. `ORDER BY`가 있으면 그 행까지입니다.",
                "The aggregate of a window; with `ORDER BY`, up to this row and its equals.",
            ],
            example: "SELECT SUM(x) OVER (ORDER BY x) FROM (VALUES (1, 10), (2, 20), (3, 20), (4, 30)) AS t (n, x)",
            postgres: None,
        },
        Statement {
            name: "rows",
            written: "aggregate OVER (ORDER BY any ROWS 1 PRECEDING)",
            result: "any",
            meaning: [
                "정한 범위의 집계. `ROWS`, `GROUPS`, `RANGE`가 있습니다.",
                "The aggregate of a frame: `ROWS`, `GROUPS` or `RANGE`.",
            ],
            example: "SELECT SUM(x) OVER (ORDER BY n ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) FROM (VALUES (1, 10), (2, 20), (3, 20), (4, 30)) AS t (n, x)",
            postgres: None,
        },
    ],
};
