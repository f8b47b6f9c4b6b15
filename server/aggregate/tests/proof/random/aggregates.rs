//! Random aggregates and windows.

use rand::Rng;
use rand::seq::IndexedRandom;

use super::selects::{Generator, Scope, direction};
use super::syntax::{Node, Sort};

use Sort::{
    BigInt as B, Date as D, Decimal as N, Double as F, Integer as I, Text as T, Truth as L,
};

type Aggregate = (Sort, &'static str, Sort);

/// What they give, how they are written, what they take. Quotients are rounded: PostgreSQL's digits are its own.
const AGGREGATES: &[Aggregate] = &[
    (B, "COUNT({})", I),
    (B, "COUNT({})", T),
    (B, "COUNT({})", D),
    (B, "SUM({})", I),
    (N, "SUM({})", B),
    (N, "SUM({})", N),
    (F, "SUM({})", F),
    (N, "ROUND(AVG({}), 3)", I),
    (N, "ROUND(AVG({}), 3)", N),
    (F, "AVG({})", F),
    (I, "MIN({})", I),
    (N, "MAX({})", N),
    (T, "MIN({})", T),
    (T, "MAX({})", T),
    (D, "MAX({})", D),
    (F, "MIN({})", F),
    (L, "BOOL_AND({})", L),
    (L, "BOOL_OR({})", L),
    (N, "ROUND(STDDEV({}), 6)", I),
    (N, "ROUND(VAR_POP({}), 6)", N),
];
/// The same for those that are no windows.
const WHOLE: &[Aggregate] = &[
    (B, "COUNT(DISTINCT {})", T),
    (B, "COUNT(DISTINCT {})", N),
    (B, "SUM(DISTINCT {})", I),
    (T, "STRING_AGG(DISTINCT {}, ',')", T),
    (F, "PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY {})", F),
    (F, "PERCENTILE_CONT(0.25) WITHIN GROUP (ORDER BY {})", I),
    (N, "PERCENTILE_DISC(0.5) WITHIN GROUP (ORDER BY {})", N),
    (T, "MODE() WITHIN GROUP (ORDER BY {})", T),
    (B, "COUNT(DISTINCT {})", D),
    (N, "ROUND(AVG(DISTINCT {}), 3)", N),
    (D, "PERCENTILE_DISC(0.9) WITHIN GROUP (ORDER BY {})", D),
    (I, "MODE() WITHIN GROUP (ORDER BY {})", I),
    (L, "EVERY({})", L),
    (N, "ROUND(STDDEV_POP({}), 6)", N),
    (N, "ROUND(VARIANCE({}), 6)", B),
    (F, "STDDEV({})", F),
];
const FRAMES: &[&str] = &[
    " ROWS UNBOUNDED PRECEDING",
    " ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING",
    " ROWS BETWEEN 3 PRECEDING AND 2 PRECEDING",
    " ROWS BETWEEN 1 FOLLOWING AND 2 FOLLOWING",
    " ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING",
    " ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING",
    " RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW",
    " RANGE BETWEEN CURRENT ROW AND CURRENT ROW",
    " RANGE BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING",
    " GROUPS BETWEEN 1 PRECEDING AND 1 FOLLOWING",
    " GROUPS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING",
];
const RANKINGS: &[(Sort, &str)] = &[
    (B, "ROW_NUMBER()"),
    (B, "RANK()"),
    (B, "DENSE_RANK()"),
    (F, "PERCENT_RANK()"),
    (F, "CUME_DIST()"),
    (I, "NTILE(3)"),
];
const NEIGHBOURS: &[&str] = &[
    "LAG({})",
    "LEAD({})",
    "LAG({}, 2)",
    "FIRST_VALUE({})",
    "LAST_VALUE({})",
    "NTH_VALUE({}, 2)",
];

impl Generator<'_> {
    /// An aggregate over the columns in reach.
    pub fn aggregate(&mut self, scope: &Scope) -> Node {
        if self.dice.random_bool(0.15) {
            return Node::text(B, "COUNT(*)");
        }
        let table = if self.dice.random_bool(0.25) {
            WHOLE
        } else {
            AGGREGATES
        };
        let (sort, template, over) = *table.choose(&mut self.dice).unwrap();
        let node = self.expression(over, scope, 1);
        if self.dice.random_bool(0.15) && !template.starts_with("ROUND") {
            let filter = self.condition(scope, 1);
            return Node::of(
                sort,
                &format!("{template} FILTER (WHERE {{}})"),
                vec![node, filter],
            );
        }
        if over == T && template == "MIN({})" && self.dice.random() {
            return Node::of(
                T,
                "STRING_AGG({}, '|' ORDER BY {})",
                vec![node.clone(), node],
            );
        }
        Node::of(sort, template, vec![node])
    }

    /// A window function over expressions in reach; every order that matters is total.
    pub fn window(&mut self, scope: &Scope) -> Node {
        let partition: Vec<Node> = (0..self.dice.random_range(0..2))
            .map(|_| self.column(scope))
            .collect();
        let (sort, call, frame) = match self.dice.random_range(0..10) {
            0..=2 => {
                let (sort, text) = *RANKINGS.choose(&mut self.dice).unwrap();
                (sort, Node::text(sort, text), (false, false))
            }
            3..=5 => {
                let sort = self.sort_in(scope);
                let value = self.expression(sort, scope, 1);
                let template = *NEIGHBOURS.choose(&mut self.dice).unwrap();
                (
                    sort,
                    Node::of(sort, template, vec![value]),
                    (template.contains("_VALUE"), false),
                )
            }
            _ => {
                let (sort, template, over) = *AGGREGATES.choose(&mut self.dice).unwrap();
                let template = template
                    .trim_start_matches("ROUND(")
                    .split("), ")
                    .next()
                    .unwrap();
                let template = if template.ends_with(')') {
                    template.to_owned()
                } else {
                    format!("{template})")
                };
                let is_quotient = template.starts_with("AVG")
                    || template.starts_with("STD")
                    || template.starts_with("VAR");
                if is_quotient {
                    return self.window_of_quotient(scope, sort, &template, over, partition);
                }
                let value = self.expression(over, scope, 1);
                (sort, Node::of(sort, &template, vec![value]), (true, true))
            }
        };
        let (over, nodes) = self.over(scope, partition, frame);
        let mut all = vec![call];
        all.extend(nodes);
        Node::of(sort, &format!("{{}} OVER ({over})"), all)
    }

    fn window_of_quotient(
        &mut self,
        scope: &Scope,
        sort: Sort,
        template: &str,
        over: Sort,
        partition: Vec<Node>,
    ) -> Node {
        let value = self.expression(over, scope, 1);
        let (window, nodes) = self.over(scope, partition, (true, true));
        let call = format!("{template} OVER ({window})");
        let mut all = vec![value];
        all.extend(nodes);
        if sort == N {
            Node::of(N, &format!("ROUND({call}, 4)"), all)
        } else {
            Node::of(sort, &call, all)
        }
    }

    /// What stands in the parentheses behind OVER. Rows that are the same in all columns may change places.
    fn over(
        &mut self,
        scope: &Scope,
        partition: Vec<Node>,
        (takes_frame, may_be_unordered): (bool, bool),
    ) -> (String, Vec<Node>) {
        let mut text = String::new();
        let mut nodes = partition;
        if !nodes.is_empty() {
            text.push_str("PARTITION BY {} ");
        }
        if may_be_unordered && self.dice.random_bool(0.3) {
            return (text, nodes);
        }
        text.push_str("ORDER BY ");
        let first = self.column(scope);
        let direction = direction(&mut self.dice);
        nodes.push(first);
        text.push_str(&format!("{{}}{direction}"));
        for column in &scope.columns {
            text.push_str(", {}");
            nodes.push(column.clone());
        }
        if takes_frame {
            text.push_str(if self.dice.random_bool(0.6) {
                FRAMES.choose(&mut self.dice).unwrap()
            } else {
                ""
            });
        }
        (text, nodes)
    }

    fn column(&mut self, scope: &Scope) -> Node {
        match scope.columns.choose(&mut self.dice) {
            Some(column) => column.clone(),
            None => Node::text(I, "1"),
        }
    }

    /// A window whose order has ties, for functions that do not care which of them comes first.
    pub fn tied_window(&mut self, scope: &Scope) -> Node {
        let column = self.column(scope);
        let templates: &[(Sort, &str)] = &[
            (B, "RANK() OVER (ORDER BY {})"),
            (B, "DENSE_RANK() OVER (ORDER BY {} DESC)"),
            (F, "CUME_DIST() OVER (ORDER BY {})"),
            (B, "COUNT(*) OVER (ORDER BY {})"),
            (B, "COUNT(*) OVER (ORDER BY {} GROUPS 1 PRECEDING)"),
            (
                B,
                "COUNT(*) OVER (ORDER BY {} RANGE BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING)",
            ),
            (B, "COUNT(*) OVER (PARTITION BY {})"),
        ];
        let (sort, template) = *templates.choose(&mut self.dice).unwrap();
        if matches!(column.sort, I | N) && self.dice.random_bool(0.2) {
            return Node::of(
                B,
                "COUNT(*) OVER (ORDER BY {} RANGE BETWEEN 2 PRECEDING AND 1 FOLLOWING)",
                vec![column],
            );
        }
        Node::of(sort, template, vec![column])
    }
}
