//! Values as literals of a parsed tree.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;
use sqlparser::ast::{
    CastKind, DataType, Expr, Query, TimezoneInfo, TypedString, UnaryOperator, Value as Literal,
    ValueWithSpan, Visit, VisitMut, Visitor, VisitorMut,
};

use crate::binding::BindError;
use crate::block::Block;
use crate::condition::visit_uses;
use crate::period::{before, is_before};
use crate::report::Report;
use crate::value::{Value, Values};

/// Deeper trees could exhaust the stack when they are printed. A list of so many `OR` is still fine.
const DEEPEST: usize = 300;

impl Block {
    /// The statement for Polars: conditions applied, values in it as typed literals.
    ///
    /// Period bounds and dates are `CAST('2026-01-31' AS DATE)`, moments are
    /// `TIMESTAMP '2026-01-31 09:00:00'` as wall time of the report's zone, as the stage has them.
    ///
    /// # Errors
    /// [`BindError::Missing`] when a used parameter has no value, [`BindError::Engine`] for an
    /// extraction, [`BindError::Parse`] when the result cannot be read.
    pub fn polars_sql(&self, report: &Report, values: &Values) -> Result<String, BindError> {
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
        let mut query = super::parse(&text).map_err(|error| failed(error.message))?;
        if is_too_deep(&query) {
            return Err(failed("it nests too deeply".to_owned()));
        }
        let literals = self.literals(report, values)?;
        let mut filler = Filler {
            literals: &literals,
            texts: Vec::new(),
            missing: None,
        };
        let _ = VisitMut::visit(&mut query, &mut filler);
        if let Some(name) = filler.missing {
            return Err(BindError::Missing {
                block: self.name.clone(),
                name,
            });
        }
        let printed = query.to_string();
        // The printer guesses about quotes. What it printed is read again and must hold the same
        // texts, or a value could end its string and become SQL.
        let again = super::parse(&printed).map_err(|error| failed(error.message))?;
        let mut texts = Texts(Vec::new());
        let _ = Visit::visit(&again, &mut texts);
        if texts.0 != filler.texts {
            return Err(failed("a text in it cannot be written as SQL".to_owned()));
        }
        Ok(printed)
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
        (Value::Text(value) | Value::Choice(value), None) => vec![text(value)],
        (Value::Choices(values), None) => values.iter().map(|value| text(value)).collect(),
        (Value::Integer(value), None) => vec![integer(*value)],
        (Value::Decimal(value), None) => vec![decimal(*value)],
        (Value::Boolean(value), None) => vec![plain(Literal::Boolean(*value))],
        (Value::Date(value), None) => vec![date(*value)],
        (Value::Datetime(value), None) => {
            let wall = value.to_zoned(zone.clone()).datetime();
            vec![Expr::TypedString(TypedString {
                data_type: DataType::Timestamp(None, TimezoneInfo::None),
                value: Literal::SingleQuotedString(wall.strftime("%Y-%m-%d %H:%M:%S").to_string())
                    .into(),
                uses_odbc_syntax: false,
            })]
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

fn text(value: &str) -> Expr {
    plain(Literal::SingleQuotedString(value.to_owned()))
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
    // Polars reads digits without a point as a 64-bit integer.
    let size = if size.contains('.') || size.parse::<i64>().is_ok() {
        size
    } else {
        format!("{size}.0")
    };
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

/// Puts literals in the place of placeholders, and doubles the quotes of every text.
struct Filler<'a> {
    literals: &'a BTreeMap<String, Vec<Expr>>,
    /// Every text of the tree as it is meant, in the order of visiting.
    texts: Vec<String>,
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
            *expr = match literal {
                // `5 - -3` must not become `5 --3`.
                Expr::UnaryOp { .. } => Expr::Nested(Box::new(literal.clone())),
                other => other.clone(),
            };
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_value(&mut self, value: &mut ValueWithSpan) -> ControlFlow<()> {
        match &mut value.value {
            Literal::SingleQuotedString(text) => {
                self.texts.push(text.clone());
                // The printer takes doubled quotes for escaped ones and leaves them alone.
                *text = text.replace('\'', "''");
            }
            Literal::Placeholder(name) => self.missing = Some(name.clone()),
            _ => {}
        }
        ControlFlow::Continue(())
    }
}

struct Texts(Vec<String>);

impl Visitor for Texts {
    type Break = ();

    fn pre_visit_value(&mut self, value: &ValueWithSpan) -> ControlFlow<()> {
        if let Literal::SingleQuotedString(text) = &value.value {
            self.0.push(text.clone());
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
