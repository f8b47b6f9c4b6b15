//! Plans that split into one per partition and one that combines (partial aggregation), because they only add up: what a part of the rows contributes can be kept and added to the others.
//!
//! Such a plan is two. The first is run over each part of the rows and has one row per group; the
//! second adds those rows up. Together they answer what the plan itself does, whatever the rows are
//! cut into, because every number in them is exact.

use crate::expression::{Call, Comparison, Expr, Id, Limit, Node};
use crate::functions;
use crate::plan::{Column, Plan};
use crate::relation::{Aggregate, By, Rel};
use crate::types::{Scale, SqlType};
use crate::value::Value;

/// The table the second plan reads.
pub const PARTS: &str = "parts";

/// Changes whenever planning or computing changes what a plan answers: what an older one kept is then
/// computed again.
const VERSION: u32 = 1;

/// A plan that only adds up, as two.
#[derive(Clone, Debug)]
pub struct Additive {
    /// The one table it reads.
    pub table: String,
    /// The plan over a part of that table's rows.
    pub part: Plan,
    /// The plan over the answers of all parts, which it reads as [`PARTS`].
    pub whole: Plan,
}

/// Aggregates and the columns they become.
type Calls = Vec<(Id, Aggregate)>;

/// An aggregate as columns of a part and what becomes of them.
struct Split {
    /// Computed over a part.
    parts: Calls,
    /// Computed over the answers of all parts.
    merges: Calls,
    /// The aggregate's answer, of the merged columns.
    answer: Expr,
}

struct Splitter {
    kinds: Vec<SqlType>,
    table: Option<usize>,
    part: Option<Rel>,
    part_ids: Vec<Id>,
}

impl Plan {
    /// The plan as two, when it only filters, groups and adds up exact numbers of one table.
    pub fn additive(&self) -> Option<Additive> {
        let mut splitter = Splitter {
            kinds: self.kinds.clone(),
            table: None,
            part: None,
            part_ids: Vec::new(),
        };
        let rel = splitter.above(&self.rel)?;
        let table = self.tables.get(splitter.table?)?.clone();
        let columns = splitter
            .part_ids
            .iter()
            .enumerate()
            .map(|(place, id)| Column {
                name: format!("part_{place}"),
                kind: splitter.kinds[*id as usize],
            })
            .collect();
        let part = Plan {
            rel: splitter.part?,
            ids: splitter.part_ids,
            tables: self.tables.clone(),
            kinds: splitter.kinds.clone(),
            columns,
            is_complete: true,
        };
        let whole = Plan {
            rel,
            tables: vec![PARTS.to_owned()],
            kinds: splitter.kinds,
            ..self.clone()
        };
        Some(Additive { table, part, whole })
    }

    /// What tells plans with different answers apart.
    pub fn fingerprint(&self) -> String {
        format!("{VERSION} {:?} {:?} {:?}", self.tables, self.ids, self.rel)
    }
}

impl Splitter {
    fn id(&mut self, kind: SqlType) -> Id {
        self.kinds.push(kind);
        Id::try_from(self.kinds.len() - 1).unwrap_or(Id::MAX)
    }

    /// What stands above the groups stays.
    fn above(&mut self, rel: &Rel) -> Option<Rel> {
        Some(match rel {
            Rel::Filter { input, condition } => Rel::Filter {
                input: Box::new(self.above(input)?),
                condition: condition.clone(),
            },
            Rel::Compute { input, items } => Rel::Compute {
                input: Box::new(self.above(input)?),
                items: items.clone(),
            },
            Rel::Sort { input, by } => Rel::Sort {
                input: Box::new(self.above(input)?),
                by: by.clone(),
            },
            Rel::Limit {
                input,
                offset,
                most,
            } => Rel::Limit {
                input: Box::new(self.above(input)?),
                offset: *offset,
                most: *most,
            },
            Rel::Aggregate { input, keys, calls } => self.groups(input, keys, calls)?,
            _ => return None,
        })
    }

    fn groups(&mut self, input: &Rel, keys: &[Id], calls: &[(Id, Aggregate)]) -> Option<Rel> {
        self.table = Some(row_by_row(input)?);
        if calls.is_empty() || !keys.iter().all(|key| is_exact(self.kinds[*key as usize])) {
            return None;
        }
        let mut parts = Vec::new();
        let mut merges = Vec::new();
        let mut answers = Vec::new();
        for (id, call) in calls {
            let split = self.split(call)?;
            parts.extend(split.parts);
            merges.extend(split.merges);
            answers.push((*id, split.answer));
        }
        self.part_ids = keys.to_vec();
        self.part_ids.extend(parts.iter().map(|(id, _)| *id));
        self.part = Some(Rel::Aggregate {
            input: Box::new(input.clone()),
            keys: keys.to_vec(),
            calls: parts,
        });
        let scan = Rel::Scan {
            table: 0,
            columns: self.part_ids.iter().copied().enumerate().collect(),
        };
        Some(Rel::Compute {
            input: Box::new(Rel::Aggregate {
                input: Box::new(scan),
                keys: keys.to_vec(),
                calls: merges,
            }),
            items: answers,
        })
    }

    fn split(&mut self, call: &Aggregate) -> Option<Split> {
        if call.is_distinct {
            return None;
        }
        let kind = call.kinds.first().copied();
        match &call.by {
            By::Rows | By::Count => {
                let (parts, merges, merged) = self.added(call, SqlType::BigInt);
                Some(Split {
                    parts,
                    merges,
                    // No parts are no rows.
                    answer: Expr::new(
                        SqlType::BigInt,
                        Node::Coalesce(vec![as_bigint(merged), Expr::whole(0)]),
                    ),
                })
            }
            By::Sum if kind.is_some_and(is_exact_number) => {
                let (parts, merges, merged) = self.added(call, call.result);
                let answer = match call.result {
                    SqlType::BigInt => as_bigint(merged),
                    _ => merged,
                };
                Some(Split {
                    parts,
                    merges,
                    answer,
                })
            }
            By::Average if kind.is_some_and(is_exact_number) => {
                let kind = kind?;
                let sum = Aggregate {
                    by: By::Sum,
                    result: match kind {
                        SqlType::Integer | SqlType::BigInt => SqlType::WHOLE,
                        kind => kind,
                    },
                    ..call.clone()
                };
                // Sums of 32-bit numbers as decimals, like those of 64-bit ones.
                let sum = Aggregate {
                    kinds: match kind {
                        SqlType::Integer => vec![SqlType::BigInt],
                        _ => sum.kinds.clone(),
                    },
                    ..sum
                };
                let count = Aggregate {
                    by: By::Count,
                    result: SqlType::BigInt,
                    ..call.clone()
                };
                let (mut parts, mut merges, sum) = self.added(&sum, sum.result);
                let (more, other, count) = self.added(&count, SqlType::BigInt);
                parts.extend(more);
                merges.extend(other);
                let divide = functions::named("/").find(|function| {
                    function.arguments == [crate::Argument::Number, crate::Argument::Number]
                })?;
                let quotient = Expr::new(
                    SqlType::QUOTIENT,
                    Node::Call(Call {
                        function: divide,
                        arguments: vec![sum, count.clone()],
                        place: call.place,
                    }),
                );
                let has_values = Expr::compare(
                    Comparison::Greater,
                    count,
                    Expr::constant(Value::Decimal(0, 0), SqlType::WHOLE),
                );
                Some(Split {
                    parts,
                    merges,
                    answer: Expr::new(
                        SqlType::QUOTIENT,
                        Node::Case {
                            branches: vec![(has_values, quotient)],
                            otherwise: Box::new(Expr::null(SqlType::QUOTIENT)),
                        },
                    ),
                })
            }
            By::Least | By::Greatest if kind.is_some_and(is_exact) => {
                let part = self.id(call.result);
                let merge = self.id(call.result);
                let merged = Aggregate {
                    arguments: vec![part],
                    ..call.clone()
                };
                Some(Split {
                    parts: vec![(part, call.clone())],
                    merges: vec![(merge, merged)],
                    answer: Expr::column(merge, call.result),
                })
            }
            _ => None,
        }
    }

    /// A number that is added up over all parts: what each computes, what adds up, and the answer.
    fn added(&mut self, call: &Aggregate, kind: SqlType) -> (Calls, Calls, Expr) {
        let part = self.id(kind);
        let merged_kind = match kind {
            SqlType::Integer | SqlType::BigInt => SqlType::WHOLE,
            kind => kind,
        };
        let merge = self.id(merged_kind);
        let sum = Aggregate {
            by: By::Sum,
            arguments: vec![part],
            kinds: vec![kind],
            result: merged_kind,
            is_distinct: false,
            order: Vec::new(),
            place: call.place,
        };
        (
            vec![(part, call.clone())],
            vec![(merge, sum)],
            Expr::column(merge, merged_kind),
        )
    }
}

/// A sum as the type it would have had.
fn as_bigint(sum: Expr) -> Expr {
    Expr::new(
        SqlType::BigInt,
        Node::Cast {
            value: Box::new(sum),
            limit: Limit::default(),
            place: None,
        },
    )
}

/// The one table whose rows are only filtered and computed with.
fn row_by_row(rel: &Rel) -> Option<usize> {
    match rel {
        Rel::Scan { table, .. } => Some(*table),
        Rel::Filter { input, .. } | Rel::Compute { input, .. } => row_by_row(input),
        _ => None,
    }
}

fn is_exact_number(kind: SqlType) -> bool {
    kind.is_whole() || matches!(kind, SqlType::Numeric(Scale::Fixed(_) | Scale::UpTo(_)))
}

/// Types that a part keeps as they are.
fn is_exact(kind: SqlType) -> bool {
    is_exact_number(kind)
        || matches!(
            kind,
            SqlType::Boolean | SqlType::Text | SqlType::Date | SqlType::Timestamp
        )
}
