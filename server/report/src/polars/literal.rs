//! Values as literals of a parsed tree.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;
use sqlparser::ast::{
    CastKind, DataType, Expr, Query, Spanned, TimezoneInfo, TypedString, UnaryOperator,
    Value as Literal, ValueWithSpan, Visit, VisitMut, Visitor, VisitorMut,
};
use sqlparser::tokenizer::Span;

use crate::binding::BindError;
use crate::block::Block;
use crate::condition::visit_uses;
use crate::param::{Options, Param, ParamKind};
use crate::period::{before, is_before};
use crate::report::Report;
use crate::value::{Value, Values};

/// Deeper trees could exhaust the stack when they are printed. A list of so many `OR` is still fine.
const DEEPEST: usize = 300;

impl Block {
    /// The statement of an aggregation: conditions applied, values in it as typed literals.
    ///
    /// Texts are `CAST('…' AS TEXT)`, and choices plain texts in quotes, which become what they are
    /// compared with. Period bounds and dates are `CAST('2026-01-31' AS DATE)`, moments are
    /// `TIMESTAMP '2026-01-31 09:00:00'` as wall time of the report's zone, as the stage has them.
    ///
    /// # Errors
    /// [`BindError::Missing`] when a used parameter has no value, [`BindError::Engine`] for an
    /// extraction, [`BindError::Parse`] when the result cannot be read.
    pub fn polars_query(&self, report: &Report, values: &Values) -> Result<Query, BindError> {
        if !self.is_polars() {
            return Err(BindError::Engine {
                block: self.name.clone(),
            });
        }
        let text = super::masked(self, &|name| crate::binding::is_kept(values, name));
        let failed = |message: String| BindError::Parse {
            block: self.name.clone(),
            message,
        };
        let mut query = super::parse_query(&text).map_err(|error| failed(error.message))?;
        if is_too_deep(&query) {
            return Err(failed("it nests too deeply".to_owned()));
        }
        let literals = self.literals(report, values)?;
        fill(&mut query, &literals).map_err(|error| super::form::missing(self, error.name))?;
        Ok(query)
    }

    /// A literal of the right type for every use of a parameter.
    pub(super) fn examples(&self, report: &Report) -> BTreeMap<String, Vec<Expr>> {
        let mut literals = BTreeMap::new();
        visit_uses(&self.pieces, &mut |found, _| {
            let example = report
                .params
                .get(&found.name)
                .map_or_else(|| vec![plain(Literal::Null)], example);
            literals.insert(
                super::placeholder(&found.name, found.field.as_deref()),
                example,
            );
        });
        literals
    }

    /// Literals by placeholder. Only parameters outside dropped conditions need a value.
    fn literals(
        &self,
        report: &Report,
        values: &Values,
    ) -> Result<BTreeMap<String, Vec<Expr>>, BindError> {
        let mut literals = BTreeMap::new();
        let mut failure = None;
        visit_uses(&self.pieces, &mut |found, inside| {
            if inside.is_some_and(|name| !crate::binding::is_kept(values, name)) {
                return;
            }
            let written = match &found.field {
                Some(field) => format!("{}.{field}", found.name),
                None => found.name.clone(),
            };
            let literal = match values.get(&found.name) {
                None => Err(BindError::Missing {
                    block: self.name.clone(),
                    name: written,
                }),
                Some(value) => {
                    of(value, found.field.as_deref(), &report.timezone).ok_or(BindError::Kind {
                        block: self.name.clone(),
                        name: written,
                    })
                }
            };
            match literal {
                Ok(literal) => {
                    literals.insert(
                        super::placeholder(&found.name, found.field.as_deref()),
                        literal,
                    );
                }
                Err(error) => failure = failure.take().or(Some(error)),
            }
        });
        failure.map_or(Ok(literals), Err)
    }
}

/// One literal, or one per value of a list.
fn of(value: &Value, field: Option<&str>, zone: &TimeZone) -> Option<Vec<Expr>> {
    Some(match (value, field) {
        (Value::Text(value), None) => vec![text(value)],
        (Value::Choice(value), None) => vec![quoted(value)],
        (Value::Choices(values), None) => values.iter().map(|value| quoted(value)).collect(),
        (Value::Integer(value), None) => vec![integer(*value)],
        (Value::Decimal(value), None) => vec![decimal(*value)],
        (Value::Boolean(value), None) => vec![plain(Literal::Boolean(*value))],
        (Value::Date(value), None) => vec![date(*value)],
        (Value::Datetime(value), None) => {
            let wall = value.to_zoned(zone.clone()).datetime();
            vec![timestamp(wall.strftime("%Y-%m-%d %H:%M:%S%.f").to_string())]
        }
        (Value::Period { from, .. }, Some("from" | "first_day")) => vec![date(*from)],
        (Value::Period { from, .. }, Some(field)) if is_before(field) => {
            vec![date(before(*from, field)?)]
        }
        (Value::Period { until, .. }, Some("until")) => vec![date(*until)],
        (Value::Period { until, .. }, Some("last_day")) => vec![date(until.yesterday().ok()?)],
        _ => return None,
    })
}

fn plain(literal: Literal) -> Expr {
    Expr::Value(literal.into())
}

/// A text in quotes, which becomes what it is compared with.
fn quoted(value: &str) -> Expr {
    plain(Literal::SingleQuotedString(value.to_owned()))
}

/// A text that stays one.
fn text(value: &str) -> Expr {
    cast(value.to_owned(), DataType::Text)
}

fn timestamp(value: String) -> Expr {
    Expr::TypedString(TypedString {
        data_type: DataType::Timestamp(None, TimezoneInfo::None),
        value: Literal::SingleQuotedString(value).into(),
        uses_odbc_syntax: false,
    })
}

fn cast(value: String, data_type: DataType) -> Expr {
    Expr::Cast {
        kind: CastKind::Cast,
        expr: Box::new(plain(Literal::SingleQuotedString(value))),
        data_type,
        array: false,
        format: None,
    }
}

fn date(value: Date) -> Expr {
    cast(value.to_string(), DataType::Date)
}

fn integer(value: i64) -> Expr {
    match value.checked_abs() {
        Some(size) => signed(value < 0, size.to_string()),
        // The smallest integer has no positive twin to put a minus before.
        None => cast(value.to_string(), DataType::BigInt(None)),
    }
}

fn decimal(value: Decimal) -> Expr {
    let size = value.abs().normalize().to_string();
    signed(value.is_sign_negative() && !value.is_zero(), size)
}

fn signed(negative: bool, digits: String) -> Expr {
    let number = plain(Literal::Number(digits, false));
    if negative {
        Expr::UnaryOp {
            op: UnaryOperator::Minus,
            expr: Box::new(number),
        }
    } else {
        number
    }
}

/// An example of what a parameter holds. What a choice holds is only known with its list: NULL stands
/// beside every type.
fn example(param: &Param) -> Vec<Expr> {
    let day = || cast("2026-01-31".to_owned(), DataType::Date);
    let choice = || match &param.options {
        Some(Options::List(choices)) => choices.first().map_or_else(
            || plain(Literal::Null),
            |choice| plain(Literal::SingleQuotedString(choice.value.clone())),
        ),
        _ => plain(Literal::Null),
    };
    vec![match param.kind {
        ParamKind::Text => text("x"),
        ParamKind::Integer => integer(1),
        ParamKind::Decimal => decimal(Decimal::new(15, 1)),
        ParamKind::Boolean => plain(Literal::Boolean(true)),
        ParamKind::Date | ParamKind::Period => day(),
        ParamKind::Datetime => timestamp("2026-01-31 09:00:00".to_owned()),
        ParamKind::Choice | ParamKind::Choices => choice(),
    }]
}

/// Puts literals in the place of placeholders.
///
/// # Errors
/// When a placeholder has none.
pub(super) fn fill(
    query: &mut Query,
    literals: &BTreeMap<String, Vec<Expr>>,
) -> Result<(), NoLiteral> {
    let mut filler = Filler {
        literals,
        missing: None,
    };
    let _ = VisitMut::visit(query, &mut filler);
    match filler.missing {
        Some(name) => Err(NoLiteral { name }),
        None => Ok(()),
    }
}

/// A placeholder for which there is no literal.
#[derive(Debug, thiserror::Error)]
#[error("there is no literal for `{name}`")]
pub(super) struct NoLiteral {
    /// The placeholder as it is written.
    name: String,
}

struct Filler<'a> {
    literals: &'a BTreeMap<String, Vec<Expr>>,
    missing: Option<String>,
}

impl Filler<'_> {
    fn of(&self, expr: &Expr) -> Option<&Vec<Expr>> {
        match expr {
            Expr::Value(ValueWithSpan {
                value: Literal::Placeholder(name),
                ..
            }) => self.literals.get(name),
            _ => None,
        }
    }

    /// The literal at the place of its parameter, so that messages find it.
    fn at(literal: &Expr, span: Span) -> Expr {
        match literal {
            Expr::Value(value) => Expr::Value(ValueWithSpan {
                value: value.value.clone(),
                span,
            }),
            // `5 - -3` must not become `5 --3`.
            Expr::UnaryOp { .. } => Expr::Nested(Box::new(literal.clone())),
            other => other.clone(),
        }
    }
}

impl VisitorMut for Filler<'_> {
    type Break = ();

    fn pre_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
        if let Expr::InList { list, .. } = expr {
            let filled = list
                .iter()
                .flat_map(|item| self.of(item).cloned().unwrap_or_else(|| vec![item.clone()]))
                .collect();
            *list = filled;
        }
        if let Some([literal]) = self.of(expr).map(Vec::as_slice) {
            *expr = Self::at(literal, expr.span());
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_value(&mut self, value: &mut ValueWithSpan) -> ControlFlow<()> {
        if let Literal::Placeholder(name) = &value.value {
            self.missing = Some(name.clone());
        }
        ControlFlow::Continue(())
    }
}

/// True when the tree is deeper than it is safe to print.
pub(super) fn is_too_deep(query: &Query) -> bool {
    struct Depth(usize);
    impl Visitor for Depth {
        type Break = ();

        fn pre_visit_expr(&mut self, _: &Expr) -> ControlFlow<()> {
            self.0 += 1;
            if self.0 > DEEPEST {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        }

        fn post_visit_expr(&mut self, _: &Expr) -> ControlFlow<()> {
            self.0 -= 1;
            ControlFlow::Continue(())
        }
    }
    Visit::visit(query, &mut Depth(0)).is_break()
}
