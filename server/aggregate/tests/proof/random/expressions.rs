//! Random expressions of a sort, over the columns in reach.

use rand::Rng;
use rand::seq::IndexedRandom;

use super::selects::{Generator, Scope};
use super::syntax::{Node, Sort};
use super::templates::*;

use Sort::{
    BigInt as B, Date as D, Decimal as N, Double as F, Integer as I, Text as T, Time as C,
    Timestamp as S, Truth as L,
};

impl Generator<'_> {
    /// An expression of that sort, at most `depth` deep.
    pub fn expression(&mut self, sort: Sort, scope: &Scope, depth: u32) -> Node {
        if depth == 0 || self.dice.random_bool(0.25) {
            return self.leaf(sort, scope);
        }
        if sort == L {
            return self.condition(scope, depth);
        }
        match self.dice.random_range(0..10) {
            0 => self.case(sort, scope, depth),
            1 => {
                let (template, places) = *ANY.choose(&mut self.dice).unwrap();
                let nodes = (0..places)
                    .map(|_| self.expression(sort, scope, depth - 1))
                    .collect();
                Node::of(sort, template, nodes)
            }
            2 if self.dice.random_bool(0.3) => self.scalar(sort, scope),
            _ => {
                let templates = match sort {
                    I => INTEGER,
                    B => BIGINT,
                    N => DECIMAL,
                    F => DOUBLE,
                    T => TEXT,
                    D => DATE,
                    S => TIMESTAMP,
                    C => TIME,
                    L => TRUTH,
                };
                self.filled(sort, templates, scope, depth)
            }
        }
    }

    /// A condition, at most `depth` deep.
    pub fn condition(&mut self, scope: &Scope, depth: u32) -> Node {
        let depth = depth.max(1);
        match self.dice.random_range(0..20) {
            0..=8 => {
                let sort = self.sort_in(scope);
                let template = *COMPARISONS.choose(&mut self.dice).unwrap();
                let template = self.loosened(template);
                let nodes = vec![
                    self.expression(sort, scope, depth - 1),
                    self.expression(sort, scope, depth - 1),
                ];
                Node::of(L, template, nodes)
            }
            9 => {
                let sort = self.sort_in(scope);
                let node = self.expression(sort, scope, depth - 1);
                let template = if self.dice.random() {
                    "({} IS NULL)"
                } else {
                    "({} IS NOT NULL)"
                };
                Node::of(L, template, vec![node])
            }
            10 => self.case(L, scope, depth),
            11 => self.contained(scope, depth),
            12 => self.exists(scope),
            13 if self.dice.random() => self.rows_compared(scope, depth),
            _ => self.filled(L, TRUTH, scope, depth),
        }
    }

    fn filled(&mut self, sort: Sort, templates: &[Template], scope: &Scope, depth: u32) -> Node {
        let (template, sorts) = *templates.choose(&mut self.dice).unwrap();
        let template = self.loosened(template);
        let nodes = sorts
            .iter()
            .map(|one| self.expression(*one, scope, depth - 1))
            .collect();
        Node::of(sort, template, nodes)
    }

    /// A template without its parentheses, now and then: what it means is then a matter of precedence.
    fn loosened(&mut self, template: &'static str) -> &'static str {
        let inner = template
            .strip_prefix('(')
            .and_then(|rest| rest.strip_suffix(')'));
        match inner {
            Some(inner) if self.dice.random_bool(0.15) => inner,
            _ => template,
        }
    }

    fn case(&mut self, sort: Sort, scope: &Scope, depth: u32) -> Node {
        let condition = self.expression(L, scope, depth - 1);
        let first = self.expression(sort, scope, depth - 1);
        let second = self.expression(sort, scope, depth - 1);
        match self.dice.random_range(0..3) {
            0 => Node::of(sort, "CASE WHEN {} THEN {} END", vec![condition, first]),
            1 => {
                let over = self.sort_in(scope);
                let operand = self.expression(over, scope, 0);
                let value = self.expression(over, scope, 0);
                Node::of(
                    sort,
                    "CASE {} WHEN {} THEN {} ELSE {} END",
                    vec![operand, value, first, second],
                )
            }
            _ => Node::of(
                sort,
                "CASE WHEN {} THEN {} ELSE {} END",
                vec![condition, first, second],
            ),
        }
    }

    /// The sort of some column in reach.
    pub fn sort_in(&mut self, scope: &Scope) -> Sort {
        scope
            .columns
            .choose(&mut self.dice)
            .map_or(I, |column| column.sort)
    }

    fn leaf(&mut self, sort: Sort, scope: &Scope) -> Node {
        let fitting: Vec<&Node> = scope
            .columns
            .iter()
            .filter(|column| column.sort == sort)
            .collect();
        match fitting.choose(&mut self.dice) {
            Some(column) if self.dice.random_bool(0.85) => (*column).clone(),
            _ => self.literal(sort),
        }
    }

    /// A constant of that sort.
    pub fn literal(&mut self, sort: Sort) -> Node {
        let all: &[&str] = match sort {
            L => &["TRUE", "FALSE", "CAST(NULL AS BOOLEAN)"],
            I => &["0", "1", "2", "-3", "10", "CAST(NULL AS INTEGER)"],
            B => &[
                "CAST(0 AS BIGINT)",
                "CAST(7 AS BIGINT)",
                "5000000000",
                "CAST(NULL AS BIGINT)",
            ],
            N => &[
                "0.5",
                "1.00",
                "-2.25",
                "100.001",
                "CAST(NULL AS NUMERIC(10,2))",
            ],
            F => &[
                "CAST(0.5 AS DOUBLE PRECISION)",
                "CAST(-2 AS DOUBLE PRECISION)",
                "CAST(NULL AS DOUBLE PRECISION)",
            ],
            T => &["'a'", "''", "'b '", "'가'", "'it''s'", "CAST(NULL AS TEXT)"],
            D => &[
                "DATE '2024-02-29'",
                "DATE '2025-01-01'",
                "CAST(NULL AS DATE)",
            ],
            S => &[
                "TIMESTAMP '2024-02-29 12:00:00'",
                "TIMESTAMP '2024-12-31 23:59:59.999999'",
                "CAST(NULL AS TIMESTAMP)",
            ],
            C => &["TIME '12:00:00'", "CAST(NULL AS TIME)"],
        };
        // The last one is NULL.
        let count = if self.dice.random_bool(0.15) {
            all.len()
        } else {
            all.len() - 1
        };
        Node::text(sort, *all[..count].choose(&mut self.dice).unwrap())
    }
}
