//! FROM: tables, subqueries and joins.

mod tables;
mod tree;

use tables::single;
pub(super) use tree::sides;

use sqlparser::ast::{
    Ident, Join as WrittenJoin, JoinConstraint, JoinOperator, Spanned, TableWithJoins,
};
use sqlparser::tokenizer::Span;

use super::conversion::alike;
use super::expression::{Clause, Translator};
use super::planner::Planner;
use super::scope::{Merged, Named, Scope};
use super::state::{Attached, State};
use crate::expression::{Comparison, Expr, Id, Node};
use crate::refusal::{Refusal, Refused};
use crate::relation::{JoinKind, Rel};

/// Tables that are joined without losing rows on a side, and the conditions between them.
#[derive(Default)]
pub(super) struct Parts {
    pub(super) rels: Vec<Rel>,
    pub(super) conditions: Vec<Expr>,
    /// Subqueries the conditions read.
    pub(super) attached: Vec<Attached>,
}

impl Parts {
    fn of(rel: Rel) -> Self {
        Self {
            rels: vec![rel],
            ..Self::default()
        }
    }

    fn with(mut self, other: Self) -> Self {
        self.rels.extend(other.rels);
        self.conditions.extend(other.conditions);
        self.attached.extend(other.attached);
        self
    }
}

impl Planner<'_> {
    /// The tables of a FROM and what their names mean.
    pub(super) fn from(&mut self, from: &[TableWithJoins]) -> Result<(Parts, Scope), Refusal> {
        let mut parts = Parts::default();
        let mut scope = Scope::default();
        for table in from {
            let (more, tables) = self.joined(table)?;
            no_twins(&scope, &tables, table.relation.span())?;
            parts = parts.with(more);
            scope = scope.joined(tables);
        }
        if parts.rels.is_empty() {
            parts.rels.push(Rel::One);
        }
        Ok((parts, scope))
    }

    fn joined(&mut self, written: &TableWithJoins) -> Result<(Parts, Scope), Refusal> {
        let (mut parts, mut scope) = self.factor(&written.relation)?;
        for join in &written.joins {
            let span = join.relation.span();
            let (right, tables) = self.factor(&join.relation)?;
            no_twins(&scope, &tables, span)?;
            (parts, scope) = self.join(parts, scope, right, tables, join)?;
        }
        Ok((parts, scope))
    }

    fn join(
        &mut self,
        left: Parts,
        left_scope: Scope,
        right: Parts,
        right_scope: Scope,
        written: &WrittenJoin,
    ) -> Result<(Parts, Scope), Refusal> {
        let span = written.relation.span();
        let (kind, constraint, is_mirrored) = match &written.join_operator {
            JoinOperator::Join(on) | JoinOperator::Inner(on) => (JoinKind::Inner, on, false),
            JoinOperator::CrossJoin(JoinConstraint::None) => {
                return Ok((left.with(right), left_scope.joined(right_scope)));
            }
            JoinOperator::Left(on) | JoinOperator::LeftOuter(on) => (JoinKind::Left, on, false),
            JoinOperator::Right(on) | JoinOperator::RightOuter(on) => (JoinKind::Left, on, true),
            JoinOperator::FullOuter(on) => (JoinKind::Full, on, false),
            _ => {
                return Err(Refusal::unsupported(
                    "this kind of join is not known here",
                    "write JOIN, LEFT JOIN, RIGHT JOIN, FULL JOIN or CROSS JOIN, or EXISTS (…)",
                    span,
                ));
            }
        };
        let names = match constraint {
            JoinConstraint::On(condition) => {
                let scope = left_scope.joined(right_scope);
                let mut state = State::default();
                let mut translator = Translator {
                    planner: self,
                    scope: &scope,
                    state: &mut state,
                    clause: if kind == JoinKind::Inner {
                        Clause::On
                    } else {
                        Clause::OuterOn
                    },
                    windows: &[],
                    depth: 0,
                };
                let condition = translator.condition(condition)?;
                if kind == JoinKind::Full {
                    let produced = |parts: &Parts| -> std::collections::BTreeSet<Id> {
                        parts.rels.iter().flat_map(Rel::produced).collect()
                    };
                    let (has_left, has_right) = (produced(&left), produced(&right));
                    let is_linked = condition.clone().conjuncts().iter().any(|one| {
                        sides(one, &has_left, &has_right).is_some() || one.as_constant().is_some()
                    });
                    if !is_linked
                        && condition
                            .columns()
                            .iter()
                            .all(|id| has_left.contains(id) || has_right.contains(id))
                    {
                        return Err(Refusal::new(
                            Refused::Rule,
                            "FULL JOIN needs a column of one side that equals one of the other",
                            span,
                        )
                        .help("write a LEFT JOIN, and UNION ALL with the rows of the other side that have no partner"));
                    }
                }
                let mut parts =
                    self.connected(kind, is_mirrored, left, right, condition.conjuncts());
                parts.attached.append(&mut state.rows);
                return Ok((parts, scope));
            }
            JoinConstraint::Using(names) => names
                .iter()
                .map(|name| single(name, span))
                .collect::<Result<Vec<_>, _>>()?,
            JoinConstraint::Natural => common_names(&left_scope, &right_scope),
            JoinConstraint::None => {
                return Err(
                    Refusal::new(Refused::Rule, "the join has no condition", span)
                        .help("write ON … or USING (…), or CROSS JOIN"),
                );
            }
        };
        self.using(
            kind,
            is_mirrored,
            (left, left_scope),
            (right, right_scope),
            &names,
            span,
        )
    }

    /// A join by columns of one name: they become one column.
    fn using(
        &mut self,
        kind: JoinKind,
        is_mirrored: bool,
        (left, left_scope): (Parts, Scope),
        (right, right_scope): (Parts, Scope),
        names: &[Ident],
        span: Span,
    ) -> Result<(Parts, Scope), Refusal> {
        let mut conditions = Vec::new();
        let mut merged = Vec::new();
        let mut items = Vec::new();
        for name in names {
            let one = self.own_column(&left_scope, name)?;
            let other = self.own_column(&right_scope, name)?;
            let (one_id, other_id) = (id(&one), id(&other));
            let (shared, both) = alike(vec![one, other], "USING", span)?;
            let [one, other] = <[Expr; 2]>::try_from(both)
                .map_err(|_| Refusal::new(Refused::Rule, "USING needs two columns", span))?;
            conditions.push(Expr::compare(Comparison::Equal, one.clone(), other.clone()));
            let value = match (kind, is_mirrored) {
                (JoinKind::Full, _) => Expr::new(shared, Node::Coalesce(vec![one, other])),
                (_, true) => other,
                _ => one,
            };
            let id = match value.node {
                Node::Column(id) => id,
                _ => {
                    let id = self.id(shared);
                    items.push((id, value));
                    id
                }
            };
            merged.push(Merged {
                column: Named {
                    name: name.value.clone(),
                    id,
                    kind: shared,
                },
                hides: [one_id, other_id],
            });
        }
        let mut parts = self.connected(kind, is_mirrored, left, right, conditions);
        if !items.is_empty() {
            let rel = self.tree(parts).computed(items);
            parts = Parts::of(rel);
        }
        Ok((parts, left_scope.merged(right_scope, merged)))
    }

    fn own_column(&mut self, scope: &Scope, name: &Ident) -> Result<Expr, Refusal> {
        let outer = std::mem::take(&mut self.outer);
        let column = self.resolve(scope, None, name);
        self.outer = outer;
        column
    }
}

fn id(expr: &Expr) -> Id {
    match expr.node {
        Node::Column(id) => id,
        _ => Id::MAX,
    }
}

fn common_names(left: &Scope, right: &Scope) -> Vec<Ident> {
    let right = right.star();
    left.star()
        .into_iter()
        .filter(|(_, column)| right.iter().any(|(_, other)| other.name == column.name))
        .map(|(_, column)| Ident::with_quote('"', column.name))
        .collect()
}

/// Two tables of one name cannot be told apart.
fn no_twins(scope: &Scope, more: &Scope, span: Span) -> Result<(), Refusal> {
    for relation in &more.relations {
        if let Some(name) = &relation.name
            && scope
                .relations
                .iter()
                .any(|other| other.name.as_ref() == Some(name))
        {
            return Err(Refusal::new(
                Refused::Rule,
                format!("two tables of this FROM are called `{name}`"),
                span,
            )
            .help("give one of them another name with AS"));
        }
    }
    Ok(())
}
