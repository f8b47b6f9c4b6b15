//! Aggregates: what each takes and gives.

use sqlparser::ast::{
    DuplicateTreatment, Function as Written, FunctionArg, FunctionArgExpr, FunctionArgumentClause,
    FunctionArguments, OrderByExpr, Spanned,
};
use sqlparser::tokenizer::Span;

use super::call::asts;
use super::conversion::coerced;
use super::expression::{Clause, Translator};
use super::state::{Ordered, PendingAggregate};
use crate::expression::{Expr, Node};
use crate::refusal::{Place, Refusal, Refused};
use crate::relation::By;
use crate::types::SqlType;
use crate::value::Value;

/// Their names.
pub(super) const NAMES: [&str; 25] = [
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
            place: Place::of(span),
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

    fn by_name(
        &mut self,
        name: &str,
        mut arguments: Vec<Expr>,
        order: Vec<Ordered>,
        is_distinct: bool,
        span: Span,
    ) -> Result<Shaped, Refusal> {
        let refused = || not_so(name, span);
        let count = arguments.len();
        let first = arguments.first().map_or(SqlType::Unknown, |one| one.kind);
        let number = |kind: SqlType| kind.is_number() || kind == SqlType::Any;
        let (by, result) = match (name, count) {
            ("count", 1) => (By::Count, SqlType::BigInt),
            ("sum", 1) if number(first) => (
                By::Sum,
                match first {
                    SqlType::Integer => SqlType::BigInt,
                    SqlType::BigInt => SqlType::WHOLE,
                    kind => kind,
                },
            ),
            ("avg", 1) if number(first) => (By::Average, averaged(first)),
            ("min" | "max" | "any_value", 1) if is_ordered(first) => {
                let kind = if first == SqlType::Unknown {
                    SqlType::Text
                } else {
                    first
                };
                arguments = vec![coerced(arguments.remove(0), kind, span)?];
                let by = if name == "max" {
                    By::Greatest
                } else {
                    By::Least
                };
                (by, kind)
            }
            ("stddev" | "stddev_samp" | "stddev_pop" | "variance" | "var_samp" | "var_pop", 1)
                if number(first) =>
            {
                (
                    By::Spread {
                        is_sample: !name.ends_with("_pop"),
                        is_root: name.starts_with("std"),
                    },
                    averaged(first),
                )
            }
            ("bool_and" | "every", 1) if matches!(first, SqlType::Boolean | SqlType::Any) => {
                (By::And, SqlType::Boolean)
            }
            ("bool_or", 1) if matches!(first, SqlType::Boolean | SqlType::Any) => {
                (By::Or, SqlType::Boolean)
            }
            ("string_agg", 2) => {
                let separator = match arguments.remove(1).as_constant() {
                    Some(Value::Text(text)) => text.clone(),
                    Some(Value::Null) => String::new(),
                    _ => {
                        return Err(Refusal::unsupported(
                            "the separator of STRING_AGG must be written out",
                            "write STRING_AGG(x, ', ' ORDER BY x)",
                            span,
                        ));
                    }
                };
                if !matches!(first, SqlType::Text | SqlType::Unknown | SqlType::Any) {
                    return Err(Refusal::new(
                        Refused::Function,
                        format!("STRING_AGG joins texts, and this is {first}"),
                        span,
                    )
                    .help("write CAST(… AS TEXT)"));
                }
                arguments = vec![coerced(arguments.remove(0), SqlType::Text, span)?];
                if is_distinct && order.iter().any(|one| one.expr != arguments[0]) {
                    return Err(Refusal::new(
                        Refused::Rule,
                        "STRING_AGG of different texts is sorted by those texts only",
                        span,
                    )
                    .help("write STRING_AGG(DISTINCT x, ', ' ORDER BY x)"));
                }
                return Ok(Shaped {
                    by: By::Texts(separator),
                    arguments,
                    result: SqlType::Text,
                    order,
                });
            }
            ("corr", 2) => (By::Correlation, SqlType::Double),
            ("covar_pop" | "covar_samp", 2) => (
                By::Covariance {
                    is_sample: name == "covar_samp",
                },
                SqlType::Double,
            ),
            ("median", 1) if number(first) => (By::Quantile(0.5), SqlType::Double),
            ("quantile_cont" | "quantile_disc", 2) if number(first) => {
                let fraction = fraction(&arguments[1]).ok_or_else(refused)?;
                arguments.truncate(1);
                if name == "quantile_cont" {
                    (By::Quantile(fraction), SqlType::Double)
                } else {
                    (By::QuantileValue(fraction), first)
                }
            }
            ("percentile_cont" | "percentile_disc", 1) if order.len() == 1 => {
                let fraction = fraction(&arguments[0]).ok_or_else(|| {
                    refused().help("the fraction is a number from 0 to 1 that is written out")
                })?;
                let value = order[0].clone();
                let fraction = if value.is_descending {
                    1.0 - fraction
                } else {
                    fraction
                };
                if name == "percentile_cont" {
                    if !number(value.expr.kind) {
                        return Err(refused());
                    }
                    arguments = vec![value.expr];
                    (By::Quantile(fraction), SqlType::Double)
                } else {
                    if value.is_descending {
                        return Err(refused().help("sort it without DESC"));
                    }
                    let kind = value.expr.kind;
                    arguments = vec![value.expr];
                    (By::QuantileValue(fraction), kind)
                }
            }
            ("mode", 0)
                if order.len() == 1
                    && !order[0].is_descending
                    && order[0].expr.as_constant().is_none() =>
            {
                let kind = order[0].expr.kind;
                arguments = vec![order[0].expr.clone()];
                (By::Mode, kind)
            }
            _ => {
                let kinds: Vec<String> = arguments.iter().map(|one| one.kind.to_string()).collect();
                return Err(Refusal::new(
                    Refused::Function,
                    format!(
                        "there is no `{}({})`",
                        name.to_uppercase(),
                        kinds.join(", ")
                    ),
                    span,
                )
                .help(help(name)));
            }
        };
        if matches!(
            by,
            By::Correlation | By::Covariance { .. } | By::Quantile(_)
        ) {
            arguments = arguments
                .into_iter()
                .map(|one| coerced(one, SqlType::Double, span))
                .collect::<Result<_, _>>()?;
        }
        if let Some(kind) = arguments.first().map(|one| one.kind)
            && kind == SqlType::Unknown
        {
            let first = arguments.remove(0);
            arguments.insert(0, coerced(first, SqlType::Text, span)?);
        }
        Ok(Shaped {
            by,
            arguments,
            result,
            order: Vec::new(),
        })
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

fn averaged(kind: SqlType) -> SqlType {
    match kind {
        SqlType::Double | SqlType::Any => kind,
        _ => SqlType::QUOTIENT,
    }
}

/// Types that have a least and a greatest value in PostgreSQL.
fn is_ordered(kind: SqlType) -> bool {
    !matches!(kind, SqlType::Boolean | SqlType::Interval | SqlType::Bytea)
}

fn fraction(expr: &Expr) -> Option<f64> {
    let value = match expr.as_constant()? {
        Value::Whole(value) => *value as f64,
        Value::Decimal(mantissa, scale) => crate::kernel::numeric::to_double(*mantissa, *scale),
        Value::Double(value) => *value,
        _ => return None,
    };
    (0.0..=1.0).contains(&value).then_some(value)
}

fn not_so(name: &str, span: Span) -> Refusal {
    Refusal::new(
        Refused::Function,
        format!("`{}` is not called like this", name.to_uppercase()),
        span,
    )
    .help(help(name))
}

fn help(name: &str) -> &'static str {
    match name {
        "count" => "write COUNT(*), COUNT(x) or COUNT(DISTINCT x)",
        "sum" | "avg" => "only numbers are added up; write CAST where a text holds numbers",
        "min" | "max" => "write BOOL_AND(x) or BOOL_OR(x) for truth values",
        "string_agg" => "write STRING_AGG(x, ', ' ORDER BY x)",
        "percentile_cont" | "percentile_disc" => {
            "write PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY x)"
        }
        "mode" => "write MODE() WITHIN GROUP (ORDER BY x)",
        "grouping" => "write GROUPING(x) with columns of GROUP BY",
        "bool_and" | "bool_or" | "every" => "write a condition in it",
        _ => "only numbers can be computed with; write CAST where a text holds numbers",
    }
}
