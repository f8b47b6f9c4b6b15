//! Random windows: with an order that is total, with ties, with a distance, and with a name.

use rand::Rng;
use rand::seq::IndexedRandom;

use super::aggregates::AGGREGATES;
use super::selects::{Generator, Scope, direction};
use super::syntax::{Node, Sort};

use Sort::{
    BigInt as B, Date as D, Decimal as N, Double as F, Integer as I, Timestamp as S, Truth as L,
};

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
/// Windows whose order has ties, for functions that do not care which row comes first.
const TIED: &[(Sort, &str)] = &[
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
/// Frames of a distance from the row's own value; `#` is a distance.
const DISTANCES: &[&str] = &[
    "# PRECEDING",
    "BETWEEN # PRECEDING AND CURRENT ROW",
    "BETWEEN # PRECEDING AND # FOLLOWING",
    "BETWEEN CURRENT ROW AND # FOLLOWING",
    "BETWEEN UNBOUNDED PRECEDING AND # PRECEDING",
    "BETWEEN UNBOUNDED PRECEDING AND # FOLLOWING",
    "BETWEEN # PRECEDING AND # PRECEDING",
    "BETWEEN # FOLLOWING AND # FOLLOWING",
    "BETWEEN # PRECEDING AND UNBOUNDED FOLLOWING",
    "BETWEEN # FOLLOWING AND UNBOUNDED FOLLOWING",
];
const NUMBERS: &[&str] = &["0", "1", "2", "5000000000"];
const INTERVALS: &[&str] = &[
    "INTERVAL '0 days'",
    "INTERVAL '1 day'",
    "INTERVAL '7 days'",
    "INTERVAL '1 month'",
    "INTERVAL '3 months'",
    "INTERVAL '1 year'",
    "INTERVAL '1 month 2 days'",
    "INTERVAL '36 hours'",
    "INTERVAL '90 minutes'",
    "'1 month'",
];
/// Aggregates whose answer does not depend on the order of the rows in a frame.
const STEADY: &[(Sort, &str, Sort)] = &[
    (B, "COUNT(*)", I),
    (B, "COUNT({})", Sort::Text),
    (B, "SUM({})", I),
    (N, "SUM({})", N),
    (I, "MIN({})", I),
    (Sort::Text, "MAX({})", Sort::Text),
    (D, "MAX({})", D),
    (L, "BOOL_AND({})", L),
];

impl Generator<'_> {
    /// A window function of any kind over expressions in reach.
    pub fn any_window(&mut self, scope: &Scope) -> Node {
        match self.dice.random_range(0..10) {
            0..=4 => self.window(scope),
            5..=7 => self.tied_window(scope),
            _ => self.ranged_window(scope),
        }
    }

    /// A window function; every order that matters is total.
    fn window(&mut self, scope: &Scope) -> Node {
        let (sort, call, value, frame) = match self.dice.random_range(0..10) {
            0..=2 => {
                let (sort, text) = *RANKINGS.choose(&mut self.dice).unwrap();
                (sort, text.to_owned(), None, (false, false))
            }
            3..=5 => {
                let sort = self.sort_in(scope);
                let value = self.expression(sort, scope, 1);
                let call = *NEIGHBOURS.choose(&mut self.dice).unwrap();
                let takes_frame = call.contains("_VALUE");
                (sort, call.to_owned(), Some(value), (takes_frame, false))
            }
            _ => {
                let (sort, template, over) = *AGGREGATES.choose(&mut self.dice).unwrap();
                // Quotients are rounded outside of the window.
                let inner = template.trim_start_matches("ROUND(").split("), ").next();
                let call = format!("{})", inner.unwrap().trim_end_matches(')'));
                let value = self.expression(over, scope, 1);
                (sort, call, Some(value), (true, true))
            }
        };
        let mut nodes: Vec<Node> = value.into_iter().collect();
        let (over, more) = self.over(scope, frame);
        nodes.extend(more);
        let is_quotient = ["AVG", "STD", "VAR"]
            .iter()
            .any(|name| call.starts_with(name));
        let call = format!("{call} OVER {over}");
        if is_quotient && sort == N {
            return Node::of(N, &format!("ROUND({call}, 4)"), nodes);
        }
        Node::of(sort, &call, nodes)
    }

    /// What stands behind OVER. Rows that are the same in all columns may change places.
    fn over(
        &mut self,
        scope: &Scope,
        (takes_frame, may_be_unordered): (bool, bool),
    ) -> (String, Vec<Node>) {
        let mut partition = Written::default();
        if self.dice.random() {
            let column = self.column(scope);
            partition = Written::of("PARTITION BY {}", vec![column]);
        }
        if may_be_unordered && self.dice.random_bool(0.3) {
            return self.written(vec![partition]);
        }
        let first = self.column(scope);
        let direction = direction(&mut self.dice);
        let mut text = format!("ORDER BY {{}}{direction}");
        text.push_str(&", {}".repeat(scope.columns.len()));
        let mut nodes = vec![first];
        nodes.extend(scope.columns.iter().cloned());
        let order = Written { text, nodes };
        let mut frame = Written::default();
        if takes_frame && self.dice.random_bool(0.6) {
            frame.text = (*FRAMES.choose(&mut self.dice).unwrap()).to_owned();
        }
        self.written(vec![partition, order, frame])
    }

    /// The parts of a window between parentheses, or the first of them as a window with a name.
    fn written(&mut self, parts: Vec<Written>) -> (String, Vec<Node>) {
        let named = if self.dice.random_bool(0.3) {
            self.dice.random_range(1..=parts.len())
        } else {
            0
        };
        let mut rest = parts;
        let mut own: Vec<Written> = rest.drain(..named).collect();
        let mut name: Option<String> = None;
        // A window may be made of another one.
        while !own.is_empty() {
            let count = self.dice.random_range(1..=own.len());
            let mut window: Vec<Written> = own.drain(..count).collect();
            if let Some(name) = name.take() {
                window.insert(0, Written::of(&name, Vec::new()));
            }
            let Written { text, nodes } = Written::joined(window);
            let new = self.name("w");
            self.windows
                .push((new.clone(), Node::of(Sort::Integer, &text, nodes)));
            name = Some(new);
        }
        let Written { text, nodes } = Written::joined(rest);
        match name {
            Some(name) if text.trim().is_empty() => (name, nodes),
            Some(name) => (format!("({name} {text})"), nodes),
            None => (format!("({text})"), nodes),
        }
    }

    fn column(&mut self, scope: &Scope) -> Node {
        match scope.columns.choose(&mut self.dice) {
            Some(column) => column.clone(),
            None => Node::text(I, "1"),
        }
    }

    fn tied_window(&mut self, scope: &Scope) -> Node {
        let column = self.column(scope);
        let (sort, template) = *TIED.choose(&mut self.dice).unwrap();
        Node::of(sort, template, vec![column])
    }

    /// A window whose frame reaches as far as a distance from the row's own value.
    fn ranged_window(&mut self, scope: &Scope) -> Node {
        let fitting: Vec<&Node> = scope
            .columns
            .iter()
            .filter(|column| matches!(column.sort, I | B | N | D | S))
            .collect();
        let Some(key) = fitting.choose(&mut self.dice).map(|key| (*key).clone()) else {
            return self.tied_window(scope);
        };
        let distances = if matches!(key.sort, D | S) {
            INTERVALS
        } else {
            NUMBERS
        };
        let mut frame = String::new();
        let pattern = *DISTANCES.choose(&mut self.dice).unwrap();
        for (place, text) in pattern.split('#').enumerate() {
            if place > 0 {
                frame.push_str(distances.choose(&mut self.dice).unwrap());
            }
            frame.push_str(text);
        }
        let (sort, call, over) = *STEADY.choose(&mut self.dice).unwrap();
        let mut nodes = Vec::new();
        if call.contains("{}") {
            nodes.push(self.expression(over, scope, 0));
        }
        let mut partition = Written::default();
        if self.dice.random_bool(0.3) {
            let column = self.column(scope);
            partition = Written::of("PARTITION BY {}", vec![column]);
        }
        let order = format!("ORDER BY {{}}{}", direction(&mut self.dice));
        let (window, more) = self.written(vec![
            partition,
            Written::of(&order, vec![key]),
            Written::of(&format!("RANGE {frame}"), Vec::new()),
        ]);
        nodes.extend(more);
        Node::of(sort, &format!("{call} OVER {window}"), nodes)
    }
}

/// A part of a window, with the expressions in its places.
#[derive(Default)]
struct Written {
    text: String,
    nodes: Vec<Node>,
}

impl Written {
    fn of(text: &str, nodes: Vec<Node>) -> Self {
        Self {
            text: text.to_owned(),
            nodes,
        }
    }

    fn joined(parts: Vec<Self>) -> Self {
        let mut all = Self::default();
        for part in parts.into_iter().filter(|part| !part.text.is_empty()) {
            if !all.text.is_empty() {
                all.text.push(' ');
            }
            all.text.push_str(part.text.trim());
            all.nodes.extend(part.nodes);
        }
        all
    }
}
