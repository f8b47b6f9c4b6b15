//! One SELECT.

use std::collections::BTreeSet;

use sqlparser::ast::{
    Distinct, Expr as Ast, GroupByExpr, GroupByWithModifier, Ident, ObjectName, OrderByExpr,
    Select, SelectItem, SelectItemQualifiedWildcardKind, Spanned, Value as Literal,
    WildcardAdditionalOptions,
};
use sqlparser::tokenizer::Span;

use super::aggregates::ordered;
use super::expression::{Clause, Translator};
use super::planner::{Output, Planned, Planner};
use super::scope::{Scope, is_named};
use super::state::{Attached, Ordered, PendingAggregate, PendingWindow, State};
use super::subquery::joined;
use crate::expression::{Call, Expr, Id, Node};
use crate::refusal::{Refusal, Refused};
use crate::relation::{Aggregate, Rel, Window};
use crate::types::SqlType;

/// A column of the answer before it is computed.
struct Item {
    name: String,
    expr: Expr,
    relation: Option<String>,
    span: Span,
}

/// What rows are grouped by.
struct Groups {
    keys: Vec<Expr>,
    /// The keys of each grouping set, by place.
    sets: Vec<Vec<usize>>,
}

/// Reads expressions over groups: what is grouped by is a column, and no other column may be read.
struct Regrouped<'a> {
    keys: &'a [(Expr, Id)],
    /// Columns of the rows below the groups.
    below: &'a BTreeSet<Id>,
}

impl Planner<'_> {
    /// A SELECT with the ORDER BY that stands behind it. The limit is the caller's.
    pub(super) fn select(
        &mut self,
        select: &Select,
        order_by: &[OrderByExpr],
    ) -> Result<Planned, Refusal> {
        refuse_clauses(select)?;
        let (mut parts, scope) = self.from(&select.from)?;
        let mut state = State::default();
        let mut translator = Translator {
            planner: self,
            scope: &scope,
            state: &mut state,
            clause: Clause::Where,
            windows: &select.named_window,
            depth: 0,
        };
        let conditions = match &select.selection {
            Some(condition) => translator.condition(condition)?.conjuncts(),
            None => Vec::new(),
        };
        let attached = std::mem::take(&mut translator.state.rows);
        let (items, is_complete) = translator.items(&select.projection)?;
        let groups = translator.groups(&select.group_by, &items)?;
        let having = match &select.having {
            Some(condition) => Some((
                translator.within(Clause::Having).condition(condition)?,
                condition.span(),
            )),
            None => None,
        };
        let qualify = match &select.qualify {
            Some(condition) => Some((
                translator.within(Clause::Qualify).condition(condition)?,
                condition.span(),
            )),
            None => None,
        };
        let order = translator.order(order_by, &items)?;
        let distinct_on = match &select.distinct {
            Some(Distinct::On(exprs)) => Some(translator.distinct_on(exprs, &items)?),
            _ => None,
        };
        let own = self.own_columns(&scope);

        // What reads no subquery is applied where its columns come from.
        let produced: BTreeSet<Id> = parts.rels.iter().flat_map(Rel::produced).collect();
        let open: BTreeSet<Id> = self.asked.values().copied().collect();
        let (plain, rest): (Vec<Expr>, Vec<Expr>) = conditions.into_iter().partition(|condition| {
            condition
                .columns()
                .iter()
                .all(|id| produced.contains(id) || open.contains(id))
        });
        parts.conditions.extend(plain);
        let tree = self.tree(parts);
        let mut rel = joined(self, tree, attached);
        if !rest.is_empty() {
            rel = rel.filtered(Expr::all(rest));
        }

        let State {
            aggregates,
            windows,
            rows,
            late,
            groupings,
        } = state;
        rel = joined(self, rel, rows);
        let is_grouped = groups.is_some() || !aggregates.is_empty() || having.is_some();
        let groups = groups.unwrap_or(Groups {
            keys: Vec::new(),
            sets: vec![Vec::new()],
        });
        let mut keys: Vec<(Expr, Id)> = Vec::new();
        if is_grouped {
            rel = self.grouped(rel, &groups, aggregates, groupings, &mut keys)?;
        } else if !groupings.is_empty() {
            return Err(Refusal::new(
                Refused::Rule,
                "GROUPING needs GROUP BY",
                select.select_token.0.span,
            ));
        }
        let reading = Regrouped {
            keys: &keys,
            below: &own,
        };
        let read = |expr: Expr, span: Span| {
            if is_grouped {
                reading.read(&expr, span)
            } else {
                Ok(expr)
            }
        };
        let mut attached = Vec::with_capacity(late.len());
        for one in late {
            let span = select.select_token.0.span;
            let on = one
                .on
                .into_iter()
                .map(|(expr, id)| Ok((read(expr, span)?, id)))
                .collect::<Result<Vec<_>, Refusal>>()?;
            if is_grouped
                && one.given.iter().any(|(outer, _)| {
                    own.contains(outer) && !keys.iter().any(|(_, id)| id == outer)
                })
            {
                return Err(Refusal::new(
                    Refused::Rule,
                    "a subquery reads a column that is not grouped by",
                    span,
                ));
            }
            attached.push(Attached { on, ..one });
        }
        rel = joined(self, rel, attached);
        if let Some((condition, span)) = having {
            // A constant is not what rows are grouped by, whatever that is.
            let condition = match condition.as_constant() {
                Some(_) => condition,
                None => read(condition, span)?,
            };
            rel = rel.filtered(condition);
        }
        rel = self.windowed(rel, windows, &read)?;
        if let Some((condition, span)) = qualify {
            rel = rel.filtered(read(condition, span)?);
        }
        self.shown(rel, items, is_complete, order, distinct_on, select, &read)
    }

    /// The answer's columns, without what stands twice, in order.
    #[expect(clippy::too_many_arguments, reason = "the clauses of a SELECT")]
    fn shown(
        &mut self,
        rel: Rel,
        items: Vec<Item>,
        is_complete: bool,
        order: Vec<Ordered>,
        distinct_on: Option<Vec<Expr>>,
        select: &Select,
        read: &dyn Fn(Expr, Span) -> Result<Expr, Refusal>,
    ) -> Result<Planned, Refusal> {
        let mut computed = Vec::new();
        let mut columns = Vec::with_capacity(items.len());
        for item in items {
            let expr = read(item.expr, item.span)?;
            if expr.kind == SqlType::Interval {
                return Err(Refusal::unsupported(
                    format!("`{}` is an interval, which no column holds", item.name),
                    "write EXTRACT(EPOCH FROM …), or subtract dates to get days",
                    item.span,
                ));
            }
            let id = self.id_of(&expr, &mut computed);
            columns.push(Output {
                name: item.name,
                id,
                kind: expr.kind,
                relation: item.relation,
            });
        }
        let mut by = Vec::with_capacity(order.len());
        for one in order {
            let expr = read(one.expr.clone(), Span::empty())?;
            by.push(one.by(self.id_of(&expr, &mut computed)));
        }
        let shown: Vec<Id> = columns.iter().map(|column| column.id).collect();
        let on = match distinct_on {
            Some(exprs) => {
                let mut ids = Vec::with_capacity(exprs.len());
                for expr in exprs {
                    let expr = read(expr, Span::empty())?;
                    ids.push(self.id_of(&expr, &mut computed));
                }
                if by.iter().take(ids.len()).any(|key| !ids.contains(&key.id)) {
                    return Err(Refusal::new(
                        Refused::Rule,
                        "ORDER BY must begin with what stands in DISTINCT ON",
                        select.select_token.0.span,
                    ));
                }
                Some(ids)
            }
            None => None,
        };
        let mut rel = rel.computed(computed);
        let is_distinct = matches!(select.distinct, Some(Distinct::Distinct));
        if is_distinct {
            if by.iter().any(|key| !shown.contains(&key.id)) {
                return Err(Refusal::new(
                    Refused::Rule,
                    "with DISTINCT, rows are sorted by what is shown",
                    select.select_token.0.span,
                ));
            }
            rel = rel.distinct(shown);
        }
        if !by.is_empty() {
            rel = Rel::Sort {
                input: Box::new(rel),
                by,
            };
        }
        if let Some(on) = on {
            rel = rel.distinct(on);
        }
        Ok(Planned {
            rel,
            columns,
            is_complete,
        })
    }

    /// The rows of all grouping sets.
    fn grouped(
        &mut self,
        rel: Rel,
        groups: &Groups,
        aggregates: Vec<PendingAggregate>,
        groupings: Vec<(Id, Vec<Expr>)>,
        keys: &mut Vec<(Expr, Id)>,
    ) -> Result<Rel, Refusal> {
        let mut items = Vec::new();
        for key in &groups.keys {
            let id = self.id_of(key, &mut items);
            keys.push((key.clone(), id));
        }
        let calls: Vec<(Id, Aggregate)> = aggregates
            .into_iter()
            .map(|one| call_of(self, one, &mut items))
            .collect();
        let mut asked = Vec::with_capacity(groupings.len());
        for (id, arguments) in groupings {
            let places = arguments
                .iter()
                .map(|argument| keys.iter().position(|(key, _)| key == argument))
                .collect::<Option<Vec<usize>>>()
                .ok_or_else(|| {
                    Refusal::new(
                        Refused::Rule,
                        "GROUPING takes what stands in GROUP BY",
                        Span::empty(),
                    )
                })?;
            asked.push((id, places));
        }
        let below = rel.computed(items);
        let mut rels = Vec::with_capacity(groups.sets.len());
        for set in &groups.sets {
            let mut ids: Vec<Id> = set.iter().map(|place| keys[*place].1).collect();
            ids.sort_unstable();
            ids.dedup();
            let mut rel = Rel::Aggregate {
                input: Box::new(below.clone()),
                keys: ids.clone(),
                calls: calls.clone(),
            };
            let mut added: Vec<(Id, Expr)> = keys
                .iter()
                .filter(|(_, id)| !ids.contains(id))
                .map(|(key, id)| (*id, Expr::null(key.kind)))
                .collect();
            added.dedup_by_key(|(id, _)| *id);
            for (id, places) in &asked {
                let bits = places.iter().fold(0_i64, |bits, place| {
                    bits << 1 | i64::from(!ids.contains(&keys[*place].1))
                });
                added.push((
                    *id,
                    Expr::constant(crate::value::Value::Whole(bits), SqlType::Integer),
                ));
            }
            rel = rel.computed(added);
            rels.push(rel);
        }
        if rels.len() == 1 {
            return Ok(rels.remove(0));
        }
        let mut ids: Vec<Id> = keys.iter().map(|(_, id)| *id).collect();
        ids.extend(calls.iter().map(|(id, _)| *id));
        ids.extend(asked.iter().map(|(id, _)| *id));
        ids.sort_unstable();
        ids.dedup();
        Ok(Rel::Append {
            inputs: rels.into_iter().map(|rel| (rel, ids.clone())).collect(),
            ids,
        })
    }

    fn windowed(
        &mut self,
        rel: Rel,
        windows: Vec<PendingWindow>,
        read: &dyn Fn(Expr, Span) -> Result<Expr, Refusal>,
    ) -> Result<Rel, Refusal> {
        if windows.is_empty() {
            return Ok(rel);
        }
        let mut items = Vec::new();
        let mut calls = Vec::with_capacity(windows.len());
        for one in windows {
            let mut id_of = |planner: &mut Self, expr: Expr| {
                let expr = read(expr, Span::empty())?;
                Ok::<_, Refusal>((planner.id_of(&expr, &mut items), expr.kind))
            };
            let mut arguments = Vec::new();
            let mut kinds = Vec::new();
            for argument in one.arguments {
                let (id, kind) = id_of(self, argument)?;
                arguments.push(id);
                kinds.push(kind);
            }
            let mut partition = Vec::new();
            for expr in one.partition {
                partition.push(id_of(self, expr)?.0);
            }
            let mut order = Vec::new();
            let mut order_kinds = Vec::new();
            for item in one.order {
                let (id, kind) = id_of(self, item.expr.clone())?;
                order.push(item.by(id));
                order_kinds.push(kind);
            }
            calls.push((
                one.id,
                Window {
                    by: one.by,
                    arguments,
                    kinds,
                    result: one.result,
                    partition,
                    order,
                    order_kinds,
                    frame: one.frame,
                    place: one.place,
                },
            ));
        }
        Ok(Rel::Window {
            input: Box::new(rel.computed(items)),
            calls,
        })
    }

    /// The columns of this FROM.
    fn own_columns(&self, scope: &Scope) -> BTreeSet<Id> {
        let open: Vec<Id> = scope.relations.iter().filter_map(|one| one.open).collect();
        let asked = self
            .asked
            .iter()
            .filter(|((table, _), _)| open.contains(table))
            .map(|(_, id)| *id);
        scope
            .relations
            .iter()
            .flat_map(|relation| relation.columns.iter().map(|column| column.id))
            .chain(scope.merged.iter().map(|merged| merged.column.id))
            .chain(asked)
            .collect()
    }
}

impl Regrouped<'_> {
    fn read(&self, expr: &Expr, span: Span) -> Result<Expr, Refusal> {
        let read = replaced(expr, &mut |part| {
            self.keys
                .iter()
                .find(|(key, _)| key == part)
                .map(|(_, id)| Expr::column(*id, part.kind))
        });
        let grouped: BTreeSet<Id> = self.keys.iter().map(|(_, id)| *id).collect();
        let stray = read
            .columns()
            .into_iter()
            .any(|id| self.below.contains(&id) && !grouped.contains(&id));
        if stray {
            return Err(Refusal::new(
                Refused::Rule,
                "a column must stand in GROUP BY or inside an aggregate",
                span,
            )
            .help("add it to GROUP BY, or write MIN(…), MAX(…) or SUM(…) around it"));
        }
        Ok(read)
    }
}

/// The expression with parts replaced, from the outside in.
pub(super) fn replaced(expr: &Expr, replace: &mut dyn FnMut(&Expr) -> Option<Expr>) -> Expr {
    if let Some(other) = replace(expr) {
        return other;
    }
    let mut one = |part: &Expr| replaced(part, replace);
    let node = match &expr.node {
        Node::Column(_) | Node::Constant(_) => return expr.clone(),
        Node::Call(call) => Node::Call(Call {
            function: call.function,
            arguments: call.arguments.iter().map(one).collect(),
            place: call.place,
        }),
        Node::Cast {
            value,
            limit,
            place,
        } => Node::Cast {
            value: Box::new(one(value)),
            limit: *limit,
            place: *place,
        },
        Node::Case {
            branches,
            otherwise,
        } => Node::Case {
            branches: branches
                .iter()
                .map(|(condition, value)| (one(condition), one(value)))
                .collect(),
            otherwise: Box::new(one(otherwise)),
        },
        Node::Not(value) => Node::Not(Box::new(one(value))),
        Node::IsNull(value) => Node::IsNull(Box::new(one(value))),
        Node::And(parts) => Node::And(parts.iter().map(one).collect()),
        Node::Or(parts) => Node::Or(parts.iter().map(one).collect()),
        Node::Coalesce(parts) => Node::Coalesce(parts.iter().map(one).collect()),
        Node::Compare(how, a, b) => {
            let a = Box::new(one(a));
            Node::Compare(*how, a, Box::new(one(b)))
        }
        Node::In(value, list) => Node::In(Box::new(one(value)), list.clone()),
        Node::Interval(parts) => {
            let [a, b, c] = parts.as_ref();
            Node::Interval(Box::new([one(a), one(b), one(c)]))
        }
        Node::AddInterval {
            value,
            interval,
            place,
        } => {
            let [a, b, c] = interval.as_ref();
            Node::AddInterval {
                value: Box::new(one(value)),
                interval: Box::new([one(a), one(b), one(c)]),
                place: *place,
            }
        }
        Node::Single {
            count,
            value,
            place,
        } => Node::Single {
            count: Box::new(one(count)),
            value: Box::new(one(value)),
            place: *place,
        },
    };
    Expr::new(expr.kind, node)
}

/// An aggregate whose arguments are columns.
pub(super) fn call_of(
    planner: &mut Planner<'_>,
    pending: PendingAggregate,
    items: &mut Vec<(Id, Expr)>,
) -> (Id, Aggregate) {
    let kinds = pending.arguments.iter().map(|one| one.kind).collect();
    let arguments = pending
        .arguments
        .iter()
        .map(|one| planner.id_of(one, items))
        .collect();
    let order = pending
        .order
        .iter()
        .map(|one| one.by(planner.id_of(&one.expr, items)))
        .collect();
    (
        pending.id,
        Aggregate {
            by: pending.by,
            arguments,
            kinds,
            result: pending.result,
            is_distinct: pending.is_distinct,
            order,
            place: pending.place,
        },
    )
}

fn refuse_clauses(select: &Select) -> Result<(), Refusal> {
    let span = select.select_token.0.span;
    let has_other = select.top.is_some()
        || select.exclude.is_some()
        || select.into.is_some()
        || !select.lateral_views.is_empty()
        || select.prewhere.is_some()
        || !select.connect_by.is_empty()
        || !select.cluster_by.is_empty()
        || !select.distribute_by.is_empty()
        || !select.sort_by.is_empty()
        || select.value_table_mode.is_some()
        || select.select_modifiers.is_some()
        || select.flavor != sqlparser::ast::SelectFlavor::Standard;
    if has_other {
        return Err(Refusal::unsupported(
            "a clause of this SELECT is not known here",
            "write SELECT … FROM … WHERE … GROUP BY … HAVING … ORDER BY … LIMIT",
            span,
        ));
    }
    Ok(())
}

impl Translator<'_, '_> {
    fn items(&mut self, projection: &[SelectItem]) -> Result<(Vec<Item>, bool), Refusal> {
        if projection.is_empty() {
            return Err(Refusal::new(
                Refused::Rule,
                "the query selects no column",
                Span::empty(),
            ));
        }
        let mut items = Vec::with_capacity(projection.len());
        let mut is_complete = true;
        for item in projection {
            match item {
                SelectItem::UnnamedExpr(ast) => {
                    let expr = self.item(ast)?;
                    let relation = match ast {
                        Ast::CompoundIdentifier(parts) if parts.len() == 2 => {
                            Some(parts[0].value.clone())
                        }
                        _ => None,
                    };
                    items.push(Item {
                        name: self.column_name(ast, &expr),
                        expr,
                        relation,
                        span: ast.span(),
                    });
                }
                SelectItem::ExprWithAlias { expr: ast, alias } => {
                    let expr = self.item(ast)?;
                    items.push(Item {
                        name: alias.value.clone(),
                        expr,
                        relation: None,
                        span: ast.span(),
                    });
                }
                SelectItem::Wildcard(options) => {
                    plain_star(options, item.span())?;
                    is_complete &= self.scope.relations.iter().all(|one| one.open.is_none());
                    if self.scope.relations.is_empty() {
                        return Err(Refusal::new(Refused::Rule, "`*` needs a FROM", item.span()));
                    }
                    items.extend(
                        self.scope
                            .star()
                            .into_iter()
                            .map(|(relation, column)| Item {
                                name: column.name,
                                expr: Expr::column(column.id, column.kind),
                                relation,
                                span: item.span(),
                            }),
                    );
                }
                SelectItem::QualifiedWildcard(
                    SelectItemQualifiedWildcardKind::ObjectName(name),
                    options,
                ) => {
                    plain_star(options, item.span())?;
                    is_complete &= self.all_of(name, item.span(), &mut items)?;
                }
                other => {
                    return Err(Refusal::unsupported(
                        format!("`{other}` is no column"),
                        "name each column",
                        other.span(),
                    ));
                }
            }
        }
        Ok((items, is_complete))
    }

    /// The columns of one table; false when they are not known.
    fn all_of(
        &mut self,
        name: &ObjectName,
        span: Span,
        items: &mut Vec<Item>,
    ) -> Result<bool, Refusal> {
        let table = match name.0.as_slice() {
            [part] => part.as_ident().cloned(),
            _ => None,
        };
        let relation = table.as_ref().and_then(|table| {
            self.scope.relations.iter().find(|relation| {
                relation
                    .name
                    .as_ref()
                    .is_some_and(|name| is_named(table, name))
            })
        });
        let Some(relation) = relation else {
            return Err(Refusal::new(
                Refused::Table,
                format!("`{name}` is no table of this FROM"),
                span,
            ));
        };
        items.extend(relation.columns.iter().map(|column| Item {
            name: column.name.clone(),
            expr: Expr::column(column.id, column.kind),
            relation: relation.name.clone(),
            span,
        }));
        Ok(relation.open.is_none())
    }

    fn item(&mut self, ast: &Ast) -> Result<Expr, Refusal> {
        self.within(Clause::Select).expr(ast)
    }

    fn order(&mut self, written: &[OrderByExpr], items: &[Item]) -> Result<Vec<Ordered>, Refusal> {
        let mut order = Vec::with_capacity(written.len());
        for item in written {
            let expr = match named_item(&item.expr, items)? {
                Some(place) => items[place].expr.clone(),
                None => self.within(Clause::OrderBy).expr(&item.expr)?,
            };
            order.push(ordered(item, expr)?);
        }
        Ok(order)
    }

    fn distinct_on(&mut self, exprs: &[Ast], items: &[Item]) -> Result<Vec<Expr>, Refusal> {
        exprs
            .iter()
            .map(|ast| match named_item(ast, items)? {
                Some(place) => Ok(items[place].expr.clone()),
                None => self.within(Clause::OrderBy).expr(ast),
            })
            .collect()
    }

    /// What rows are grouped by; `None` without GROUP BY.
    fn groups(
        &mut self,
        group_by: &GroupByExpr,
        items: &[Item],
    ) -> Result<Option<Groups>, Refusal> {
        let GroupByExpr::Expressions(written, modifiers) = group_by else {
            return Err(Refusal::unsupported(
                "GROUP BY ALL is not known here",
                "name the columns",
                group_by.span(),
            ));
        };
        if written.is_empty() && modifiers.is_empty() {
            return Ok(None);
        }
        let mut keys = Vec::new();
        // The sets of all items together are every combination of theirs.
        let mut sets: Vec<Vec<usize>> = vec![Vec::new()];
        for ast in written {
            let more: Vec<Vec<usize>> = match ast {
                Ast::Rollup(parts) => {
                    let parts = self.key_lists(parts, items, &mut keys)?;
                    (0..=parts.len())
                        .rev()
                        .map(|count| parts[..count].concat())
                        .collect()
                }
                Ast::Cube(parts) => {
                    let parts = self.key_lists(parts, items, &mut keys)?;
                    if parts.len() > 8 {
                        return Err(Refusal::unsupported(
                            "CUBE of so many columns",
                            "name the sets with GROUPING SETS",
                            ast.span(),
                        ));
                    }
                    (0..1_usize << parts.len())
                        .rev()
                        .map(|bits| {
                            (0..parts.len())
                                .filter(|place| bits >> (parts.len() - 1 - place) & 1 == 1)
                                .flat_map(|place| parts[place].clone())
                                .collect()
                        })
                        .collect()
                }
                Ast::GroupingSets(parts) => self.key_lists(parts, items, &mut keys)?,
                Ast::Tuple(parts) => {
                    vec![self.key_list(parts, items, &mut keys)?]
                }
                ast => vec![vec![self.key(ast, items, &mut keys)?]],
            };
            sets = sets
                .iter()
                .flat_map(|set| more.iter().map(|one| [set.as_slice(), one].concat()))
                .collect();
        }
        for modifier in modifiers {
            match modifier {
                GroupByWithModifier::GroupingSets(Ast::GroupingSets(parts))
                    if written.is_empty() =>
                {
                    sets = self.key_lists(parts, items, &mut keys)?;
                }
                _ => {
                    return Err(Refusal::unsupported(
                        "GROUP BY … WITH is not known here",
                        "write GROUP BY ROLLUP (…)",
                        group_by.span(),
                    ));
                }
            }
        }
        Ok(Some(Groups { keys, sets }))
    }

    fn key_lists(
        &mut self,
        parts: &[Vec<Ast>],
        items: &[Item],
        keys: &mut Vec<Expr>,
    ) -> Result<Vec<Vec<usize>>, Refusal> {
        parts
            .iter()
            .map(|part| self.key_list(part, items, keys))
            .collect()
    }

    fn key_list(
        &mut self,
        part: &[Ast],
        items: &[Item],
        keys: &mut Vec<Expr>,
    ) -> Result<Vec<usize>, Refusal> {
        let mut places = Vec::new();
        for ast in part {
            match ast {
                Ast::Tuple(inner) => places.extend(self.key_list(inner, items, keys)?),
                ast => places.push(self.key(ast, items, keys)?),
            }
        }
        Ok(places)
    }

    fn key(&mut self, ast: &Ast, items: &[Item], keys: &mut Vec<Expr>) -> Result<usize, Refusal> {
        let span = ast.span();
        let expr = match ast {
            Ast::Value(_) => match named_item(ast, items)? {
                Some(place) => items[place].expr.clone(),
                None => self.within(Clause::GroupBy).expr(ast)?,
            },
            // A column of the tables comes before a name of the answer.
            Ast::Identifier(name) => match self.within(Clause::GroupBy).expr(ast) {
                Ok(expr) => expr,
                Err(refusal) => match by_name(name, items) {
                    Some(place) => items[place].expr.clone(),
                    None => return Err(refusal),
                },
            },
            Ast::UnaryOp { expr: inner, .. } if matches!(inner.as_ref(), Ast::Value(_)) => {
                return Err(Refusal::new(
                    Refused::Rule,
                    "a constant is no column to group by",
                    span,
                ));
            }
            Ast::Nested(inner) => return self.key(inner, items, keys),
            ast => self.within(Clause::GroupBy).expr(ast)?,
        };
        let aggregates: Vec<Id> = self.state.aggregates.iter().map(|one| one.id).collect();
        let windows: Vec<Id> = self.state.windows.iter().map(|one| one.id).collect();
        if expr
            .columns()
            .iter()
            .any(|id| aggregates.contains(id) || windows.contains(id))
        {
            return Err(Refusal::new(
                Refused::Rule,
                "rows cannot be grouped by an aggregate or a window function",
                span,
            )
            .help("compute it in a query of its own first"));
        }
        let expr = match expr.kind {
            SqlType::Unknown => Expr::new(SqlType::Text, expr.node),
            SqlType::Interval => {
                return Err(Refusal::unsupported(
                    "rows are not grouped by intervals here",
                    "group by EXTRACT(EPOCH FROM …)",
                    span,
                ));
            }
            _ => expr,
        };
        Ok(match keys.iter().position(|key| *key == expr) {
            Some(place) => place,
            None => {
                keys.push(expr);
                keys.len() - 1
            }
        })
    }

    /// The name PostgreSQL gives a column without one.
    fn column_name(&self, ast: &Ast, expr: &Expr) -> String {
        named(ast).map_or_else(
            || match (ast, expr.kind) {
                (Ast::Cast { .. } | Ast::TypedString(_), kind) => type_name(kind).to_owned(),
                _ => "?column?".to_owned(),
            },
            |(name, _)| name,
        )
    }
}

/// The name of an expression, and whether it is a strong one (`FigureColname`).
fn named(ast: &Ast) -> Option<(String, bool)> {
    let strong = |name: &str| Some((name.to_owned(), true));
    match ast {
        Ast::Identifier(column) => strong(&column.value),
        Ast::CompoundIdentifier(parts) => strong(&parts.last()?.value),
        Ast::Nested(inner) => named(inner),
        Ast::Collate { expr, .. } => named(expr),
        Ast::Function(function) => strong(&function.name.to_string().to_lowercase()),
        Ast::Cast { expr, .. } => named(expr).filter(|(_, is_strong)| *is_strong),
        Ast::Extract { .. } => strong("extract"),
        Ast::Substring { .. } => strong("substring"),
        Ast::Position { .. } => strong("position"),
        Ast::Trim { trim_where, .. } => strong(match trim_where {
            Some(sqlparser::ast::TrimWhereField::Leading) => "ltrim",
            Some(sqlparser::ast::TrimWhereField::Trailing) => "rtrim",
            _ => "btrim",
        }),
        Ast::Ceil { .. } => strong("ceil"),
        Ast::Floor { .. } => strong("floor"),
        Ast::Exists { .. } => strong("exists"),
        Ast::Case { else_result, .. } => else_result
            .as_ref()
            .and_then(|inner| named(inner))
            .filter(|(_, is_strong)| *is_strong)
            .or(Some(("case".to_owned(), false))),
        Ast::Subquery(query) => match query.body.as_ref() {
            sqlparser::ast::SetExpr::Select(select) => match select.projection.first()? {
                SelectItem::ExprWithAlias { alias, .. } => strong(&alias.value),
                SelectItem::UnnamedExpr(expr) => named(expr),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    }
}

fn type_name(kind: SqlType) -> &'static str {
    match kind {
        SqlType::Boolean => "bool",
        SqlType::Integer => "int4",
        SqlType::BigInt => "int8",
        SqlType::Numeric(_) => "numeric",
        SqlType::Double => "float8",
        SqlType::Date => "date",
        SqlType::Timestamp => "timestamp",
        SqlType::Time => "time",
        SqlType::Interval => "interval",
        _ => "text",
    }
}

/// The item a position or a name of the answer means.
fn named_item(ast: &Ast, items: &[Item]) -> Result<Option<usize>, Refusal> {
    match ast {
        Ast::Value(value) => match &value.value {
            Literal::Number(number, _) => {
                let place = number
                    .to_string()
                    .parse::<usize>()
                    .ok()
                    .filter(|place| (1..=items.len()).contains(place));
                match place {
                    Some(place) => Ok(Some(place - 1)),
                    None => Err(Refusal::new(
                        Refused::Rule,
                        format!("there is no column at position {number}"),
                        value.span,
                    )),
                }
            }
            _ => Err(Refusal::new(
                Refused::Rule,
                "a constant is no column to sort or group by",
                value.span,
            )),
        },
        Ast::Identifier(name) => {
            let found: Vec<usize> = (0..items.len())
                .filter(|place| is_named(name, &items[*place].name))
                .collect();
            match found.as_slice() {
                [] => Ok(None),
                [first, rest @ ..] => {
                    if rest
                        .iter()
                        .any(|place| items[*place].expr != items[*first].expr)
                    {
                        return Err(Refusal::new(
                            Refused::Column,
                            format!(
                                "`{}` is ambiguous: several columns are called so",
                                name.value
                            ),
                            name.span,
                        ));
                    }
                    Ok(Some(*first))
                }
            }
        }
        _ => Ok(None),
    }
}

fn by_name(name: &Ident, items: &[Item]) -> Option<usize> {
    items.iter().position(|item| is_named(name, &item.name))
}

fn plain_star(options: &WildcardAdditionalOptions, span: Span) -> Result<(), Refusal> {
    if options.opt_ilike.is_some()
        || options.opt_exclude.is_some()
        || options.opt_except.is_some()
        || options.opt_replace.is_some()
        || options.opt_rename.is_some()
    {
        return Err(Refusal::unsupported(
            "`*` stands for all columns",
            "name the columns you want",
            span,
        ));
    }
    Ok(())
}
