//! Values of one type as values of another, as PostgreSQL casts them.

use ethnum::I256;

use super::{format, numeric, parse};
use crate::Fault;
use crate::call::{Answer, Call};
use crate::expression::Limit;
use crate::fault::Misfit;
use crate::types::{Scale, SqlType};

/// Microseconds of a day.
const DAY: i64 = 86_400_000_000;

/// The decimal a text writes.
pub(crate) fn decimal_of(text: &str) -> Result<(i128, u8), Fault> {
    numeric::parsed(text).unwrap_or_else(|| {
        Err(Fault::Text {
            text: text.to_owned(),
            wanted: SqlType::WHOLE,
        })
    })
}

/// The first argument of the call as the result's type.
pub(crate) fn cast(call: &Call<'_>, limit: Limit) -> Answer {
    use SqlType as T;
    match (call.types[0], call.result) {
        (from, T::Integer | T::BigInt) => to_whole(call, from, limit),
        (from, T::Numeric(scale)) => to_decimal(call, from, scale, limit),
        (from, T::Double) => to_double(call, from),
        (from, T::Text) => to_text(call, from, limit),
        (from, T::Boolean) => to_boolean(call, from),
        (from, T::Date) => to_date(call, from),
        (from, T::Timestamp) => to_timestamp(call, from),
        (from, T::Time) => to_time(call, from),
        _ => Err(Fault::Argument("there is no such cast")),
    }
}

fn to_whole(call: &Call<'_>, from: SqlType, limit: Limit) -> Answer {
    let kind = call.result;
    let fitting = |value: i64| {
        let is_too_long = match (kind, limit.is_short) {
            (SqlType::Integer, true) => i16::try_from(value).is_err(),
            (SqlType::Integer, false) => i32::try_from(value).is_err(),
            _ => false,
        };
        match is_too_long {
            true if limit.is_short => Err(Fault::Short),
            true => Err(Fault::Overflow(kind)),
            false => Ok(Some(value)),
        }
    };
    match from {
        SqlType::Integer | SqlType::BigInt => {
            let values = call.whole(0)?;
            call.to_whole(|row| values.at(row).map_or(Ok(None), fitting))
        }
        SqlType::Numeric(_) => {
            let values = call.numbers(0)?;
            let scale = values.scale();
            call.to_whole(|row| match values.at(row) {
                Some(value) => numeric::to_whole(value, scale)
                    .map_err(|_| Fault::Overflow(kind))
                    .and_then(fitting),
                None => Ok(None),
            })
        }
        SqlType::Double => {
            let values = call.doubles(0)?;
            call.to_whole(|row| match values.at(row) {
                Some(value) => {
                    let whole = value.round_ties_even();
                    // 2^63 itself is too large.
                    if !(-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&whole)
                    {
                        return Err(Fault::Overflow(kind));
                    }
                    #[expect(clippy::cast_possible_truncation, reason = "inside the range")]
                    fitting(whole as i64)
                }
                None => Ok(None),
            })
        }
        SqlType::Boolean => {
            let values = call.truths(0)?;
            call.to_whole(|row| Ok(values.at(row).map(i64::from)))
        }
        _ => {
            let texts = call.texts(0)?;
            call.to_whole(|row| match texts.at(row) {
                Some(text) => parse::whole_of(text).and_then(fitting),
                None => Ok(None),
            })
        }
    }
}

fn to_decimal(call: &Call<'_>, from: SqlType, scale: Scale, limit: Limit) -> Answer {
    let to = scale.digits(call.quotient_digits);
    let most = limit.whole_digits.map(|digits| {
        10_i128
            .checked_pow(u32::from(digits) + u32::from(to))
            .unwrap_or(i128::MAX)
    });
    let brought = |mantissa: i128, from: u8| {
        let value = numeric::rescaled(mantissa, from, to).map_err(|fault| match scale {
            Scale::Quotient => Fault::Quotient(Misfit::Large),
            Scale::Fixed(_) | Scale::UpTo(_) => fault,
        })?;
        if scale == Scale::Quotient && from > to {
            let is_whole = numeric::rescaled(value, to, from).ok() == Some(mantissa);
            numeric::kept(I256::from(value), is_whole, to, to)?;
        }
        match most {
            Some(most) if value.abs() >= most => Err(Fault::Overflow(call.result)),
            _ => Ok(Some(value)),
        }
    };
    match from {
        SqlType::Integer | SqlType::BigInt | SqlType::Numeric(_) => {
            let values = call.numbers(0)?;
            let from = values.scale();
            call.to_decimals(|row| {
                values
                    .at(row)
                    .map_or(Ok(None), |value| brought(value, from))
            })
        }
        SqlType::Double => {
            let values = call.doubles(0)?;
            call.to_decimals(|row| match values.at(row) {
                Some(value) => {
                    let (mantissa, from) = numeric::of_double(value)?;
                    brought(mantissa, from)
                }
                None => Ok(None),
            })
        }
        _ => {
            let texts = call.texts(0)?;
            call.to_decimals(|row| match texts.at(row) {
                Some(text) => {
                    let (mantissa, from) = decimal_of(text)?;
                    brought(mantissa, from)
                }
                None => Ok(None),
            })
        }
    }
}

fn to_double(call: &Call<'_>, from: SqlType) -> Answer {
    match from {
        SqlType::Integer | SqlType::BigInt => {
            let values = call.whole(0)?;
            #[expect(clippy::cast_precision_loss, reason = "the cast is asked for")]
            call.to_doubles(|row| Ok(values.at(row).map(|value| value as f64)))
        }
        SqlType::Numeric(_) => {
            let values = call.numbers(0)?;
            let scale = values.scale();
            call.to_doubles(|row| Ok(values.at(row).map(|value| numeric::to_double(value, scale))))
        }
        _ => {
            let texts = call.texts(0)?;
            call.to_doubles(|row| texts.at(row).map(parse::double_of).transpose())
        }
    }
}

fn to_text(call: &Call<'_>, from: SqlType, limit: Limit) -> Answer {
    match from {
        SqlType::Integer | SqlType::BigInt => {
            let values = call.whole(0)?;
            texts_of(call, limit, |row| {
                values.at(row).map(|value| value.to_string())
            })
        }
        SqlType::Numeric(_) => {
            let values = call.numbers(0)?;
            let scale = values.scale();
            texts_of(call, limit, |row| {
                values.at(row).map(|value| numeric::text(value, scale))
            })
        }
        SqlType::Double => {
            let values = call.doubles(0)?;
            texts_of(call, limit, |row| values.at(row).map(format::double_text))
        }
        SqlType::Boolean => {
            let values = call.truths(0)?;
            texts_of(call, limit, |row| {
                values
                    .at(row)
                    .map(|value| format::boolean_text(value).to_owned())
            })
        }
        SqlType::Date => {
            let values = call.dates(0)?;
            texts_of(call, limit, |row| values.at(row).map(format::date_text))
        }
        SqlType::Timestamp => {
            let values = call.timestamps(0)?;
            texts_of(call, limit, |row| {
                values.at(row).map(format::timestamp_text)
            })
        }
        SqlType::Time => {
            let values = call.times(0)?;
            texts_of(call, limit, |row| {
                values.at(row).map(|nanos| format::time_text(nanos / 1_000))
            })
        }
        _ => {
            let texts = call.texts(0)?;
            texts_of(call, limit, |row| texts.at(row).map(str::to_owned))
        }
    }
}

fn texts_of(call: &Call<'_>, limit: Limit, at: impl Fn(usize) -> Option<String>) -> Answer {
    call.to_texts(|row| {
        Ok(at(row).map(|mut text| {
            if let Some(most) = limit.characters
                && let Some((end, _)) = text.char_indices().nth(most as usize)
            {
                text.truncate(end);
            }
            text
        }))
    })
}

fn to_boolean(call: &Call<'_>, from: SqlType) -> Answer {
    if from.is_whole() {
        let values = call.whole(0)?;
        return call.to_truths(|row| Ok(values.at(row).map(|value| value != 0)));
    }
    let texts = call.texts(0)?;
    call.to_truths(|row| texts.at(row).map(parse::boolean_of).transpose())
}

fn to_date(call: &Call<'_>, from: SqlType) -> Answer {
    if from == SqlType::Timestamp {
        let values = call.timestamps(0)?;
        return call.to_dates(|row| {
            Ok(values
                .at(row)
                .and_then(|micros| i32::try_from(micros.div_euclid(DAY)).ok()))
        });
    }
    let texts = call.texts(0)?;
    call.to_dates(|row| texts.at(row).map(parse::date_of).transpose())
}

fn to_timestamp(call: &Call<'_>, from: SqlType) -> Answer {
    if from == SqlType::Date {
        let values = call.dates(0)?;
        return call.to_timestamps(|row| Ok(values.at(row).map(|days| i64::from(days) * DAY)));
    }
    let texts = call.texts(0)?;
    call.to_timestamps(|row| texts.at(row).map(parse::timestamp_of).transpose())
}

fn to_time(call: &Call<'_>, from: SqlType) -> Answer {
    if from == SqlType::Timestamp {
        let values = call.timestamps(0)?;
        return call
            .to_times(|row| Ok(values.at(row).map(|micros| micros.rem_euclid(DAY) * 1_000)));
    }
    let texts = call.texts(0)?;
    call.to_times(|row| {
        texts
            .at(row)
            .map(|text| Ok(parse::time_of(text)? * 1_000))
            .transpose()
    })
}
