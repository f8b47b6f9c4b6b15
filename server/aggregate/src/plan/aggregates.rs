//! Aggregates: what each takes and gives.

mod shapes;

use shapes::not_so;

use sqlparser::ast::{
    DuplicateTreatment, Function as Written, FunctionArg, FunctionArgExpr, FunctionArgumentClause,
    FunctionArguments, OrderByExpr, Spanned,
};
use sqlparser::tokenizer::Span;

use super::call::asts;
use super::expression::{Clause, Translator};
use super::state::{Ordered, PendingAggregate};
use crate::expression::{Expr, Node};
use crate::refusal::{Location, Refusal, Refused};
use crate::relation::By;
use crate::types::SqlType;

/// Their names.
pub(super) const NAMES: [&str; 37] = [
    "count",
    "sum",
    "avg",
    "min",
    "max",
    "stddev",
    "stddev_samp",
    "stddev_pop",
    "variance",
    "var_samp",
    "var_pop",
    "bool_and",
    "bool_or",
    "every",
    "string_agg",
    "percentile_cont",
    "percentile_disc",
    "mode",
    "corr",
    "covar_pop",
    "covar_samp",
    "median",
    "quantile_cont",
    "quantile_disc",
    "any_value",
    "bit_and",
    "bit_or",
    "bit_xor",
    "regr_count",
    "regr_slope",
    "regr_intercept",
    "regr_r2",
    "regr_avgx",
    "regr_avgy",
    "regr_sxx",
    "regr_syy",
    "regr_sxy",
];

/// What an aggregate is, once its arguments are known.
pub(super) struct Shaped {
    pub(super) by: By,
    pub(super) arguments: Vec<Expr>,
    pub(super) result: SqlType,
    pub(super) order: Vec<Ordered>,
}

impl Translator<'_, '_> {
    /// An aggregate; `None` when the name is that of no aggregate.
    pub(super) fn aggregate_function(
        &mut self,
        name: &str,
        written: &Written,
        span: Span,
    ) -> Result<Option<Expr>, Refusal> {
        if name == "grouping" {
            return self.grouping(written, span).map(Some);
        }
        if !NAMES.contains(&name) {
            return Ok(None);
        }
        if !self.clause.allows_aggregates() {
            let refusal = Refusal::new(
                Refused::Rule,
                format!(
                    "the aggregate {} may not stand in {}",
                    name.to_uppercase(),
                    self.clause.word()
                ),
                span,
            );
            return Err(match self.clause {
                Clause::Where => refusal.help("write the condition in HAVING"),
                Clause::GroupBy => refusal.help("group by what is added up, not by the sum"),
                Clause::Aggregate => {
                    refusal.help("compute the inner one in a query of its own first")
                }
                _ => refusal.help("compute it in a query of its own first"),
            });
        }
        let mut inner = self.within(Clause::Aggregate);
        let is_distinct = is_distinct(written);
        let mut shaped = inner.shaped(name, written, span)?;
        inner.filtered(&mut shaped, written, span)?;
        // PostgreSQL computes an aggregate of columns of the query around it there.
        let own = self.scope.ids();
        let mut read = std::collections::BTreeSet::new();
        shaped
            .arguments
            .iter()
            .for_each(|one| one.add_columns(&mut read));
        if !read.is_empty() && !self.planner.outer.is_empty() {
            let outer = self.planner.outer.iter().any(|scope| {
                let ids = scope.ids();
                read.iter().all(|id| ids.contains(id) && !own.contains(id))
            });
            if outer {
                return Err(Refusal::unsupported(
                    "an aggregate in a subquery reads only columns of the query around it",
                    "compute it in the query around it",
                    span,
                ));
            }
        }
        let pending = PendingAggregate {
            id: 0,
            by: shaped.by,
            arguments: shaped.arguments,
            result: shaped.result,
            is_distinct,
            order: shaped.order,
            place: Location::of(span),
        };
        Ok(Some(self.added(pending)))
    }

    /// The column of an aggregate; equal ones share one.
    fn added(&mut self, mut pending: PendingAggregate) -> Expr {
        let same = self.state.aggregates.iter().find(|one| {
            one.by == pending.by
                && one.arguments == pending.arguments
                && one.is_distinct == pending.is_distinct
                && one.order == pending.order
        });
        if let Some(same) = same {
            return Expr::column(same.id, same.result);
        }
        let (id, kind) = (self.planner.id(pending.result), pending.result);
        pending.id = id;
        self.state.aggregates.push(pending);
        Expr::column(id, kind)
    }

    /// What an aggregate computes, whether over groups or over windows.
    pub(super) fn shaped(
        &mut self,
        name: &str,
        written: &Written,
        span: Span,
    ) -> Result<Shaped, Refusal> {
        let no_order = Vec::new();
        let is_star = matches!(&written.args, FunctionArguments::List(list)
            if matches!(list.args.as_slice(), [FunctionArg::Unnamed(FunctionArgExpr::Wildcard)]));
        if is_star {
            if name != "count" || is_distinct(written) {
                return Err(not_so(name, span));
            }
            return Ok(Shaped {
                by: By::Rows,
                arguments: Vec::new(),
                result: SqlType::BigInt,
                order: no_order,
            });
        }
        let order = self.argument_order(written)?;
        let mut arguments = Vec::new();
        for ast in asts(written, span)? {
            arguments.push(self.expr(ast)?);
        }
        if !order.is_empty() && name != "string_agg" && written.within_group.is_empty() {
            // The order of the rows makes no difference to any other of them.
            return self.by_name(name, arguments, Vec::new(), false, span);
        }
        self.by_name(name, arguments, order, is_distinct(written), span)
    }

    /// `FILTER (WHERE …)`: what is filtered out is NULL, which aggregates do not see.
    pub(super) fn filtered(
        &mut self,
        shaped: &mut Shaped,
        written: &Written,
        _span: Span,
    ) -> Result<(), Refusal> {
        let Some(filter) = &written.filter else {
            return Ok(());
        };
        let condition = self.condition(filter)?;
        if shaped.by == By::Rows {
            shaped.by = By::Count;
            shaped.arguments = vec![Expr::whole(1)];
        }
        shaped.arguments = std::mem::take(&mut shaped.arguments)
            .into_iter()
            .map(|argument| {
                let kind = argument.kind;
                Expr::new(
                    kind,
                    Node::Case {
                        branches: vec![(condition.clone(), argument)],
                        otherwise: Box::new(Expr::null(kind)),
                    },
                )
            })
            .collect();
        Ok(())
    }

    /// The ORDER BY of the arguments, or of WITHIN GROUP.
    fn argument_order(&mut self, written: &Written) -> Result<Vec<Ordered>, Refusal> {
        let mut items: Vec<&OrderByExpr> = written.within_group.iter().collect();
        if let FunctionArguments::List(list) = &written.args {
            for clause in &list.clauses {
                match clause {
                    FunctionArgumentClause::OrderBy(order) => items.extend(order),
                    other => {
                        return Err(Refusal::unsupported(
                            format!("`{other}` is not known here"),
                            "leave it out",
                            written.name.span(),
                        ));
                    }
                }
            }
        }
        items.into_iter().map(|item| self.ordered(item)).collect()
    }

    /// An item of an ORDER BY that names no column of the answer.
    pub(super) fn ordered(&mut self, item: &OrderByExpr) -> Result<Ordered, Refusal> {
        let expr = self.expr(&item.expr)?;
        ordered(item, expr)
    }

    /// `GROUPING(a, b)`: which of them the row is not grouped by, as bits.
    fn grouping(&mut self, written: &Written, span: Span) -> Result<Expr, Refusal> {
        if !self.clause.allows_aggregates() {
            return Err(Refusal::new(
                Refused::Rule,
                format!("GROUPING may not stand in {}", self.clause.word()),
                span,
            ));
        }
        let mut inner = self.within(Clause::Aggregate);
        let arguments = inner.arguments(written, span)?;
        if arguments.is_empty() || arguments.len() > 31 {
            return Err(not_so("grouping", span));
        }
        let id = self.planner.id(SqlType::Integer);
        self.state.groupings.push((id, arguments));
        Ok(Expr::column(id, SqlType::Integer))
    }
}

/// An item of an ORDER BY with PostgreSQL's place for NULLs: last, and first when descending.
pub(super) fn ordered(item: &OrderByExpr, expr: Expr) -> Result<Ordered, Refusal> {
    if item.with_fill.is_some() {
        return Err(Refusal::unsupported(
            "WITH FILL is not known here",
            "join a list of all values",
            item.expr.span(),
        ));
    }
    if expr.kind == SqlType::Interval {
        return Err(Refusal::unsupported(
            "intervals are not sorted here",
            "sort by EXTRACT(EPOCH FROM …)",
            item.expr.span(),
        ));
    }
    let expr = match expr.kind {
        SqlType::Unknown => Expr::new(SqlType::Text, expr.node),
        _ => expr,
    };
    let is_descending = item.options.asc == Some(false);
    Ok(Ordered {
        expr,
        is_descending,
        nulls_first: item.options.nulls_first.unwrap_or(is_descending),
    })
}

pub(super) fn is_distinct(written: &Written) -> bool {
    matches!(&written.args, FunctionArguments::List(list)
        if list.duplicate_treatment == Some(DuplicateTreatment::Distinct))
}
