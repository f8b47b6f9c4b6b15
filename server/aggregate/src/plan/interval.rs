//! Intervals: months, days and microseconds, which no column holds.

use sqlparser::ast::{DateTimeField, Expr as Ast, Interval, Value as Literal};
use sqlparser::tokenizer::Span;

use super::expression::Translator;
use crate::expression::{Expr, Node};
use crate::refusal::{Refusal, Refused};
use crate::types::SqlType;
use crate::value::Value;

/// Microseconds of a second.
const SECOND: i64 = 1_000_000;
/// Microseconds of a day.
pub(super) const DAY: i64 = 86_400 * SECOND;

/// An interval of its parts.
pub(super) fn of(parts: [Expr; 3]) -> Expr {
    Expr::new(SqlType::Interval, Node::Interval(Box::new(parts)))
}

fn constant(months: i64, days: i64, micros: i64) -> Expr {
    of([months, days, micros].map(Expr::whole))
}

/// The parts of an interval that is written out.
pub(super) fn parts_of(expr: &Expr) -> Option<[i64; 3]> {
    let Node::Interval(parts) = &expr.node else {
        return None;
    };
    let whole = |part: &Expr| match part.as_constant() {
        Some(Value::Whole(value)) => Some(*value),
        _ => None,
    };
    Some([whole(&parts[0])?, whole(&parts[1])?, whole(&parts[2])?])
}

/// What a unit of that name is: months, days and microseconds.
fn unit(name: &str) -> Option<[i64; 3]> {
    let name = name.to_lowercase();
    let singular = name
        .strip_suffix('s')
        .filter(|one| one.len() > 1)
        .unwrap_or(&name);
    Some(match singular {
        "year" | "yr" | "y" => [12, 0, 0],
        "month" | "mon" => [1, 0, 0],
        "decade" => [120, 0, 0],
        "week" | "w" => [0, 7, 0],
        "day" | "d" => [0, 1, 0],
        "hour" | "hr" | "h" => [0, 0, 3_600 * SECOND],
        "minute" | "min" | "m" => [0, 0, 60 * SECOND],
        "second" | "sec" | "s" => [0, 0, SECOND],
        "millisecond" | "msec" => [0, 0, 1_000],
        "microsecond" | "usec" => [0, 0, 1],
        _ => return None,
    })
}

/// An interval as a text writes it: `1 month -2 days 03:04:05`.
pub(super) fn parsed(text: &str) -> Option<Expr> {
    let mut sum = [0_i64; 3];
    let mut words = text.split_whitespace().peekable();
    words.peek()?;
    while let Some(word) = words.next() {
        if word.contains(':') {
            sum[2] = sum[2].checked_add(clock(word)?)?;
            continue;
        }
        // `1day` is as good as `1 day`.
        let split = word
            .find(|c: char| c.is_ascii_alphabetic())
            .unwrap_or(word.len());
        let (number, name) = word.split_at(split);
        let name = if name.is_empty() { words.next()? } else { name };
        add(&mut sum, number, unit(name)?)?;
    }
    Some(constant(sum[0], sum[1], sum[2]))
}

/// Adds `number` times a unit. Fractions of months and days are left to PostgreSQL, which counts 30
/// days and 24 hours for them.
fn add(sum: &mut [i64; 3], number: &str, unit: [i64; 3]) -> Option<()> {
    let (whole, rest) = number.split_once('.').unwrap_or((number, ""));
    let count: i64 = whole.parse().ok()?;
    for (total, part) in sum.iter_mut().zip(unit) {
        *total = total.checked_add(part.checked_mul(count)?)?;
    }
    if !rest.is_empty() {
        if unit[0] != 0 || unit[1] != 0 || rest.len() > 6 {
            return None;
        }
        let digits: i64 = format!("{rest:0<6}").parse().ok()?;
        let sign = if number.starts_with('-') { -1 } else { 1 };
        // An hour has whole microseconds in each of its millionths.
        sum[2] = sum[2].checked_add(sign * (unit[2].checked_mul(digits)? / 1_000_000))?;
    }
    Some(())
}

fn clock(word: &str) -> Option<i64> {
    let (sign, word) = match word.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, word.trim_start_matches('+')),
    };
    let mut parts = word.split(':');
    let hours: i64 = parts.next()?.parse().ok()?;
    let minutes: i64 = parts.next()?.parse().ok()?;
    let mut total = [0, 0, 0];
    if let Some(seconds) = parts.next() {
        add(&mut total, seconds, [0, 0, SECOND])?;
    }
    if parts.next().is_some()
        || !(0..60).contains(&minutes)
        || !(0..60 * SECOND).contains(&total[2])
    {
        return None;
    }
    Some(sign * (hours * 3_600 * SECOND + minutes * 60 * SECOND + total[2]))
}

/// `INTERVAL '1 day'`, `INTERVAL '1' DAY`.
pub(super) fn written(interval: &Interval, span: Span) -> Result<Expr, Refusal> {
    let refused = || {
        Refusal::new(
            Refused::Type,
            format!("{interval} cannot be read as interval"),
            span,
        )
        .help("write INTERVAL '1 month 2 days', or a number times INTERVAL '1 day'")
    };
    if interval.last_field.is_some() || interval.leading_precision.is_some() {
        return Err(refused());
    }
    let text = match interval.value.as_ref() {
        Ast::Value(value) => match &value.value {
            Literal::SingleQuotedString(text) => text.clone(),
            _ => return Err(refused()),
        },
        _ => return Err(refused()),
    };
    let text = match &interval.leading_field {
        None => text,
        Some(field) => {
            let is_number = text.trim().parse::<i64>().is_ok();
            if !is_number {
                return Err(refused());
            }
            format!("{} {}", text.trim(), field_name(field))
        }
    };
    parsed(&text).ok_or_else(refused)
}

fn field_name(field: &DateTimeField) -> String {
    field.to_string().to_lowercase()
}

impl Translator<'_, '_> {
    /// `date + interval`, `timestamp - interval`.
    pub(super) fn shifted(
        &mut self,
        value: Expr,
        interval: Expr,
        is_back: bool,
        span: Span,
    ) -> Result<Expr, Refusal> {
        let value = super::conversion::coerced(value, SqlType::Timestamp, span)?;
        let Node::Interval(parts) = interval.node else {
            return Err(Refusal::new(
                Refused::Type,
                "an interval is needed here",
                span,
            ));
        };
        let parts = if is_back {
            let mut negated = Vec::with_capacity(3);
            for part in *parts {
                negated.push(self.operator("-", vec![part], span)?);
            }
            <[Expr; 3]>::try_from(negated).map_err(|_| self.broken(span))?
        } else {
            *parts
        };
        let place = crate::refusal::Location::of(span);
        let node = Node::AddInterval {
            value: Box::new(value),
            interval: Box::new(parts),
            place,
        };
        Ok(super::fold::folded(Expr::new(SqlType::Timestamp, node)))
    }

    /// A time of day plus an interval: days and months do not move a clock.
    pub(super) fn clock_moved(
        &mut self,
        time: Expr,
        interval: Expr,
        operator: &str,
        span: Span,
    ) -> Result<Expr, Refusal> {
        let Node::Interval(parts) = interval.node else {
            return Err(self.broken(span));
        };
        let [_, _, micros] = *parts;
        let micros = match operator {
            "-" => self.operator("-", vec![micros], span)?,
            _ => micros,
        };
        self.operator("clock moved", vec![time, micros], span)
    }

    /// An interval times a whole number, or the sum of two intervals.
    pub(super) fn interval_arithmetic(
        &mut self,
        operator: &str,
        one: Expr,
        other: Expr,
        span: Span,
    ) -> Result<Expr, Refusal> {
        let refused = |one: &Expr, other: &Expr| {
            Refusal::unsupported(
                format!(
                    "{} {operator} {} cannot be computed here",
                    one.kind, other.kind
                ),
                "add intervals to dates and timestamps, or multiply them by whole numbers",
                span,
            )
        };
        match (operator, &one.node, &other.node) {
            ("+" | "-", Node::Interval(a), Node::Interval(b)) => {
                let mut parts = Vec::with_capacity(3);
                for (a, b) in a.iter().zip(b.iter()) {
                    parts.push(self.operator(operator, vec![a.clone(), b.clone()], span)?);
                }
                let parts = <[Expr; 3]>::try_from(parts).map_err(|_| self.broken(span))?;
                Ok(of(parts))
            }
            ("*", Node::Interval(parts), _) if other.kind.is_whole() => {
                self.multiplied(parts, other.clone(), span)
            }
            ("*", _, Node::Interval(parts)) if one.kind.is_whole() => {
                self.multiplied(parts, one.clone(), span)
            }
            _ => Err(refused(&one, &other)),
        }
    }

    fn multiplied(&mut self, parts: &[Expr; 3], by: Expr, span: Span) -> Result<Expr, Refusal> {
        let mut products = Vec::with_capacity(3);
        for part in parts {
            products.push(self.operator("*", vec![part.clone(), by.clone()], span)?);
        }
        let products = <[Expr; 3]>::try_from(products).map_err(|_| self.broken(span))?;
        Ok(of(products))
    }

    /// The interval between two timestamps: whole days and the rest.
    pub(super) fn between(&mut self, one: Expr, other: Expr, span: Span) -> Result<Expr, Refusal> {
        let one = super::conversion::coerced(one, SqlType::Timestamp, span)?;
        let other = super::conversion::coerced(other, SqlType::Timestamp, span)?;
        let micros = self.operator("microseconds between", vec![one, other], span)?;
        let days = self.operator("/", vec![micros.clone(), Expr::whole(DAY)], span)?;
        let rest = self.operator("%", vec![micros, Expr::whole(DAY)], span)?;
        Ok(of([Expr::whole(0), days, rest]))
    }

    /// What two intervals are compared by: microseconds, with months of 30 days.
    pub(super) fn comparable(&mut self, interval: Expr, span: Span) -> Result<Expr, Refusal> {
        let Node::Interval(parts) = interval.node else {
            return Err(Refusal::new(
                Refused::Type,
                "an interval is needed here",
                span,
            ));
        };
        let [months, days, micros] = *parts;
        let months = self.operator("*", vec![months, Expr::whole(30 * DAY)], span)?;
        let days = self.operator("*", vec![days, Expr::whole(DAY)], span)?;
        let sum = self.operator("+", vec![months, days], span)?;
        self.operator("+", vec![sum, micros], span)
    }

    /// `EXTRACT(field FROM interval)`.
    pub(super) fn interval_part(
        &mut self,
        field: &str,
        interval: Expr,
        span: Span,
    ) -> Result<Expr, Refusal> {
        let Node::Interval(parts) = interval.node else {
            return Err(Refusal::new(
                Refused::Type,
                "an interval is needed here",
                span,
            ));
        };
        let [months, days, micros] = *parts;
        let value = match field {
            "year" => self.operator("/", vec![months, Expr::whole(12)], span)?,
            "month" => self.operator("%", vec![months, Expr::whole(12)], span)?,
            "day" => days,
            "hour" => self.operator("/", vec![micros, Expr::whole(3_600 * SECOND)], span)?,
            "minute" => {
                let rest = self.operator("%", vec![micros, Expr::whole(3_600 * SECOND)], span)?;
                self.operator("/", vec![rest, Expr::whole(60 * SECOND)], span)?
            }
            "second" => {
                let rest = self.operator("%", vec![micros, Expr::whole(60 * SECOND)], span)?;
                return self.seconds(rest, span);
            }
            "epoch" => {
                if !matches!(months.as_constant(), Some(Value::Whole(0))) {
                    return Err(Refusal::unsupported(
                        "the seconds of an interval with months depend on the months",
                        "subtract two timestamps and take the EPOCH of that",
                        span,
                    ));
                }
                let days = self.operator("*", vec![days, Expr::whole(DAY)], span)?;
                let sum = self.operator("+", vec![days, micros], span)?;
                return self.seconds(sum, span);
            }
            _ => {
                return Err(Refusal::unsupported(
                    format!("an interval has no {field} here"),
                    "take its EPOCH, DAY, HOUR, MINUTE, SECOND, MONTH or YEAR",
                    span,
                ));
            }
        };
        Ok(super::conversion::cast_to(
            value,
            SqlType::WHOLE,
            Default::default(),
            span,
        ))
    }

    /// Microseconds as seconds with six digits behind the point.
    fn seconds(&mut self, micros: Expr, span: Span) -> Result<Expr, Refusal> {
        let millionth = Expr::constant(
            Value::Decimal(1, 6),
            SqlType::Numeric(crate::Scale::Fixed(6)),
        );
        self.operator("*", vec![micros, millionth], span)
    }
}
