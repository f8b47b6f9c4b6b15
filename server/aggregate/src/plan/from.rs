//! FROM: tables, subqueries and joins.

use sqlparser::ast::{
    Ident, Join as WrittenJoin, JoinConstraint, JoinOperator, ObjectName, Spanned, TableAlias,
    TableFactor, TableWithJoins,
};
use sqlparser::tokenizer::Span;

use super::conversion::alike;
use super::expression::{Clause, Translator};
use super::planner::Planner;
use super::scope::{Merged, Named, Relation, Scope, is_named, suggest};
use super::state::State;
use crate::expression::{Comparison, Expr, Id, Node};
use crate::refusal::{Refusal, Refused};
use crate::relation::{Join, JoinKind, Rel};
use crate::types::SqlType;

/// Tables that are joined without losing rows on a side, and the conditions between them.
#[derive(Default)]
pub(super) struct Parts {
    pub(super) rels: Vec<Rel>,
    pub(super) conditions: Vec<Expr>,
}

impl Parts {
    fn of(rel: Rel) -> Self {
        Self {
            rels: vec![rel],
            conditions: Vec::new(),
        }
    }

    fn with(mut self, other: Self) -> Self {
        self.rels.extend(other.rels);
        self.conditions.extend(other.conditions);
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
                    clause: Clause::On,
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
                let parts = self.connected(kind, is_mirrored, left, right, condition.conjuncts());
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
                hides: vec![one_id, other_id],
            });
        }
        let mut parts = self.connected(kind, is_mirrored, left, right, conditions);
        if !items.is_empty() {
            let rel = self.tree(parts).computed(items);
            parts = Parts::of(rel);
        }
        let mut scope = left_scope.joined(right_scope);
        // What was merged before and is merged again is hidden by the newer one.
        scope.merged = merged.into_iter().chain(scope.merged).collect();
        Ok((parts, scope))
    }

    fn own_column(&mut self, scope: &Scope, name: &Ident) -> Result<Expr, Refusal> {
        let outer = std::mem::take(&mut self.outer);
        let column = self.resolve(scope, None, name);
        self.outer = outer;
        column
    }

    /// Inner joins stay loose until all conditions are known; others are joined at once.
    fn connected(
        &mut self,
        kind: JoinKind,
        is_mirrored: bool,
        left: Parts,
        right: Parts,
        conditions: Vec<Expr>,
    ) -> Parts {
        if kind == JoinKind::Inner {
            let mut parts = left.with(right);
            parts.conditions.extend(conditions);
            return parts;
        }
        let (left, right) = (self.tree(left), self.tree(right));
        let (left, right) = if is_mirrored {
            (right, left)
        } else {
            (left, right)
        };
        Parts::of(self.outer_join(kind, left, right, conditions))
    }

    /// A join that keeps rows without partner.
    fn outer_join(&mut self, kind: JoinKind, left: Rel, right: Rel, conditions: Vec<Expr>) -> Rel {
        let (has_left, has_right) = (left.produced(), right.produced());
        let mut left_items = Vec::new();
        let mut right_items = Vec::new();
        let mut on = Vec::new();
        let mut rest = Vec::new();
        let mut right_only = Vec::new();
        for condition in conditions {
            match sides(&condition, &has_left, &has_right) {
                Some((one, other)) => on.push((
                    self.id_of(&one, &mut left_items),
                    self.id_of(&other, &mut right_items),
                )),
                None => {
                    let columns = condition.columns();
                    // Rows of the right that cannot be partners are gone before the join.
                    if kind == JoinKind::Left
                        && columns.is_subset(&has_right)
                        && !condition.can_fail()
                    {
                        right_only.push(condition);
                    } else {
                        rest.push(condition);
                    }
                }
            }
        }
        let mut right = right;
        if !right_only.is_empty() {
            right = right.filtered(Expr::all(right_only));
        }
        Rel::Join(Box::new(Join {
            kind,
            left: left.computed(left_items),
            right: right.computed(right_items),
            on,
            condition: (!rest.is_empty()).then(|| Expr::all(rest)),
            is_null_equal: false,
        }))
    }

    /// The tables joined in the order in which conditions connect them.
    pub(super) fn tree(&mut self, parts: Parts) -> Rel {
        let Parts {
            rels,
            conditions: mut waiting,
        } = parts;
        let mut rest: Vec<Rel> = rels
            .into_iter()
            .map(|rel| apply_ready(rel, &mut waiting, false))
            .collect();
        let mut tree = rest.remove(0);
        while !rest.is_empty() {
            let produced = tree.produced();
            let next = rest.iter().position(|rel| {
                let other = rel.produced();
                waiting
                    .iter()
                    .any(|condition| sides(condition, &produced, &other).is_some())
            });
            let right = rest.remove(next.unwrap_or(0));
            let other = right.produced();
            let mut left_items = Vec::new();
            let mut right_items = Vec::new();
            let mut on = Vec::new();
            waiting.retain(|condition| match sides(condition, &produced, &other) {
                Some((one, two)) => {
                    on.push((
                        self.id_of(&one, &mut left_items),
                        self.id_of(&two, &mut right_items),
                    ));
                    false
                }
                None => true,
            });
            let both: std::collections::BTreeSet<Id> = produced.union(&other).copied().collect();
            let (ready, later): (Vec<Expr>, Vec<Expr>) =
                waiting.into_iter().partition(|condition| {
                    condition.columns().is_subset(&both) && !condition.can_fail()
                });
            waiting = later;
            tree = Rel::Join(Box::new(Join {
                kind: JoinKind::Inner,
                left: tree.computed(left_items),
                right: right.computed(right_items),
                on,
                condition: (!ready.is_empty()).then(|| Expr::all(ready)),
                is_null_equal: false,
            }));
        }
        // What may stop at some rows is looked at last, and never for rows that others leave out.
        if waiting.is_empty() {
            tree
        } else {
            tree.filtered(Expr::all(waiting))
        }
    }

    fn factor(&mut self, factor: &TableFactor) -> Result<(Parts, Scope), Refusal> {
        let span = factor.span();
        match factor {
            TableFactor::Table {
                name,
                alias,
                args: None,
                with_hints,
                version: None,
                with_ordinality: false,
                partitions,
                json_path: None,
                sample: None,
                index_hints,
            } if with_hints.is_empty() && partitions.is_empty() && index_hints.is_empty() => {
                self.table(name, alias.as_ref())
            }
            TableFactor::Table {
                name,
                args: Some(_),
                ..
            } => Err(Refusal::new(
                Refused::Table,
                format!("a query may not read `{name}(…)`"),
                name.span(),
            )
            .help("blocks read the blocks of this report and nothing else")),
            TableFactor::Derived {
                lateral: false,
                subquery,
                alias,
                sample: None,
            } => {
                let planned = self.subplan(subquery)?;
                let scope = self.renamed(
                    alias.as_ref().map(|alias| alias.name.value.clone()),
                    planned.columns.iter().map(|column| Named {
                        name: column.name.clone(),
                        id: column.id,
                        kind: column.kind,
                    }),
                    alias.as_ref(),
                )?;
                Ok((Parts::of(planned.rel), scope))
            }
            TableFactor::Derived { lateral: true, .. } => Err(Refusal::unsupported(
                "LATERAL is not known here",
                "write a window function or a join",
                span,
            )),
            TableFactor::NestedJoin {
                table_with_joins,
                alias: None,
            } => self.joined(table_with_joins),
            _ => Err(Refusal::new(
                Refused::Table,
                format!("a query may not read `{factor}`"),
                span,
            )
            .help("blocks read the blocks of this report and nothing else")),
        }
    }

    fn table(
        &mut self,
        name: &ObjectName,
        alias: Option<&TableAlias>,
    ) -> Result<(Parts, Scope), Refusal> {
        let span = name.span();
        let ident = single(name, span).map_err(|_| {
            Refusal::new(
                Refused::Table,
                format!("`{name}` is no block of this report"),
                span,
            )
            .help("blocks read the blocks of this report and nothing else")
        })?;
        let shown = alias.map_or_else(|| ident.value.clone(), |alias| alias.name.value.clone());
        if let Some((_, planned)) = self
            .named
            .iter()
            .rev()
            .find(|(name, _)| is_named(&ident, name))
        {
            let planned = planned.clone();
            let copied = self.copied(planned);
            let scope = self.renamed(
                Some(shown),
                copied.columns.iter().map(|column| Named {
                    name: column.name.clone(),
                    id: column.id,
                    kind: column.kind,
                }),
                alias,
            )?;
            return Ok((Parts::of(copied.rel), scope));
        }
        let tables = self.tables;
        let Some(table) = tables
            .iter()
            .position(|table| is_named(&ident, &table.name))
        else {
            let names = tables.iter().map(|table| table.name.clone()).collect();
            let refusal = Refusal::new(
                Refused::Table,
                format!("`{}` is no block of this report", ident.value),
                span,
            );
            return Err(suggest(refusal, &ident.value, names));
        };
        let Some(columns) = &tables[table].columns else {
            let open = self.id(SqlType::Any);
            let scope = Scope {
                relations: vec![Relation {
                    name: Some(shown),
                    columns: Vec::new(),
                    open: Some(open),
                }],
                merged: Vec::new(),
            };
            let rel = Rel::Scan {
                table,
                columns: Vec::new(),
            };
            return Ok((Parts::of(rel), scope));
        };
        let columns: Vec<Named> = columns
            .iter()
            .map(|column| Named {
                name: column.name.clone(),
                id: self.id(column.kind),
                kind: column.kind,
            })
            .collect();
        let rel = Rel::Scan {
            table,
            columns: columns.iter().map(|column| column.id).enumerate().collect(),
        };
        let scope = self.renamed(Some(shown), columns.into_iter(), alias)?;
        Ok((Parts::of(rel), scope))
    }

    /// The columns under the names an alias gives them.
    fn renamed(
        &mut self,
        name: Option<String>,
        columns: impl Iterator<Item = Named>,
        alias: Option<&TableAlias>,
    ) -> Result<Scope, Refusal> {
        let mut columns: Vec<Named> = columns.collect();
        if let Some(alias) = alias {
            if alias.columns.len() > columns.len() {
                return Err(Refusal::new(
                    Refused::Rule,
                    format!("`{}` names more columns than there are", alias.name.value),
                    alias.name.span,
                ));
            }
            for (column, named) in columns.iter_mut().zip(&alias.columns) {
                column.name = named.name.value.clone();
            }
        }
        Ok(Scope {
            relations: vec![Relation {
                name,
                columns,
                open: None,
            }],
            merged: Vec::new(),
        })
    }
}

fn id(expr: &Expr) -> Id {
    match expr.node {
        Node::Column(id) => id,
        _ => Id::MAX,
    }
}

/// A table's name without anything before it.
fn single(name: &ObjectName, span: Span) -> Result<Ident, Refusal> {
    match name.0.as_slice() {
        [part] => part.as_ident().cloned(),
        _ => None,
    }
    .ok_or_else(|| Refusal::new(Refused::Rule, format!("`{name}` is no plain name"), span))
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

/// Adds the conditions that read this relation alone.
fn apply_ready(rel: Rel, waiting: &mut Vec<Expr>, may_fail: bool) -> Rel {
    let produced = rel.produced();
    let (ready, later): (Vec<Expr>, Vec<Expr>) =
        std::mem::take(waiting).into_iter().partition(|one| {
            let columns = one.columns();
            !columns.is_empty() && columns.is_subset(&produced) && (may_fail || !one.can_fail())
        });
    *waiting = later;
    if ready.is_empty() {
        rel
    } else {
        rel.filtered(Expr::all(ready))
    }
}

/// Both sides of an equation between two relations, the left one first.
pub(super) fn sides(
    condition: &Expr,
    left: &std::collections::BTreeSet<Id>,
    right: &std::collections::BTreeSet<Id>,
) -> Option<(Expr, Expr)> {
    let Node::Compare(Comparison::Equal, one, other) = &condition.node else {
        return None;
    };
    let (one, other) = (one.as_ref(), other.as_ref());
    // What may stop at some rows is not computed for all of them.
    if one.can_fail() || other.can_fail() {
        return None;
    }
    let (ones, others) = (one.columns(), other.columns());
    if ones.is_empty() || others.is_empty() {
        return None;
    }
    let (first, second) = if ones.is_subset(left) && others.is_subset(right) {
        (one, other)
    } else if ones.is_subset(right) && others.is_subset(left) {
        (other, one)
    } else {
        return None;
    };
    Some(same_type(first.clone(), second.clone()))
}

/// Keys of a join have one type in Polars, too: decimals of one scale.
fn same_type(one: Expr, other: Expr) -> (Expr, Expr) {
    if one.kind == other.kind || one.kind.is_whole() && other.kind.is_whole() {
        return (one, other);
    }
    let Some(kind) = super::conversion::unified([one.kind, other.kind]) else {
        return (one, other);
    };
    let to = |expr: Expr| {
        if expr.kind == kind {
            expr
        } else {
            super::conversion::cast_to(expr, kind, Default::default(), Span::empty())
        }
    };
    (to(one), to(other))
}
