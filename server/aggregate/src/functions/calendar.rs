//! Functions of dates and times.

use super::Topic;
use crate::call::{Answer, Call};
use crate::function::{Argument, Function, Gives, Shape};
use crate::kernel::calendar::{self, DAY, Field};
use crate::kernel::template::{Reader, Template};
use crate::types::Scale;
use crate::{Fault, SqlType};

pub(super) const TOPIC: Topic = Topic {
    title: ["날짜와 시간", "Dates and times"],
    functions: &[
        Function {
            name: "+",
            arguments: &[Argument::Date, Argument::Whole],
            more: None,
            result: Gives::By(later),
            apply: |call| shifted(call, 0, 1, 1),
            can_fail: true,
            meaning: ["그만큼의 날 뒤", "The date so many days later."],
            example: "DATE '2026-02-27' + 3",
            postgres: None,
        },
        Function {
            name: "+",
            arguments: &[Argument::Whole, Argument::Date],
            more: None,
            result: Gives::By(later),
            apply: |call| shifted(call, 1, 0, 1),
            can_fail: true,
            meaning: ["그만큼의 날 뒤", "The date so many days later."],
            example: "3 + DATE '2026-02-27'",
            postgres: None,
        },
        Function {
            name: "-",
            arguments: &[Argument::Date, Argument::Whole],
            more: None,
            result: Gives::By(later),
            apply: |call| shifted(call, 0, 1, -1),
            can_fail: true,
            meaning: ["그만큼의 날 앞", "The date so many days earlier."],
            example: "DATE '2026-03-02' - 3",
            postgres: None,
        },
        Function {
            name: "-",
            arguments: &[Argument::Date, Argument::Date],
            more: None,
            result: Gives::By(days),
            apply: |call| between(call, 0, 1),
            can_fail: false,
            meaning: [
                "두 날짜 사이의 날 수",
                "The number of days between two dates.",
            ],
            example: "DATE '2026-03-02' - DATE '2026-02-27'",
            postgres: None,
        },
        Function {
            name: "+",
            arguments: &[Argument::Date, Argument::Time],
            more: None,
            result: Gives::By(moment),
            apply: moment_of,
            can_fail: false,
            meaning: [
                "그 날의 그 시각",
                "The timestamp of a date and a time of day.",
            ],
            example: "DATE '2026-08-19' + TIME '10:20'",
            postgres: None,
        },
        Function {
            name: "make_date",
            arguments: &[Argument::Whole, Argument::Whole, Argument::Whole],
            more: None,
            result: Gives::Is(SqlType::Date),
            apply: made,
            can_fail: true,
            meaning: [
                "연, 월, 일의 날짜",
                "The date of a year, a month and a day.",
            ],
            example: "MAKE_DATE(2026, 8, 19)",
            postgres: None,
        },
        Function {
            name: "date_trunc",
            arguments: &[Argument::ConstantText, Argument::Timestamp],
            more: None,
            result: Gives::By(cut_timestamp),
            apply: cut,
            can_fail: true,
            meaning: [
                "그 단위의 시작. 단위는 microseconds부터 millennium까지, 주는 월요일부터",
                "The beginning of the unit: microseconds to millennium; weeks begin on Monday.",
            ],
            example: "DATE_TRUNC('hour', TIMESTAMP '2026-08-19 10:20:30')",
            postgres: None,
        },
        Function {
            name: "date_trunc",
            arguments: &[Argument::ConstantText, Argument::Date],
            more: None,
            result: Gives::By(cut_date),
            apply: cut,
            can_fail: true,
            meaning: [
                "그 단위의 첫날. PostgreSQL에서는 그날 0시의 timestamp입니다.",
                "The first day of the unit; PostgreSQL gives midnight of that day.",
            ],
            example: "DATE_TRUNC('month', DATE '2026-08-19')",
            postgres: Some("CAST(DATE_TRUNC('month', DATE '2026-08-19') AS DATE)"),
        },
        Function {
            name: "extract",
            arguments: &[Argument::ConstantText, Argument::Timestamp],
            more: None,
            result: Gives::By(part_of_timestamp),
            apply: part,
            can_fail: false,
            meaning: [
                "`EXTRACT(부분 FROM x)`: 연, 월, 일, 주, 요일, 시각 등",
                "`EXTRACT(part FROM x)`: year, month, day, week, dow, hour and so on.",
            ],
            example: "EXTRACT(second FROM TIMESTAMP '2026-08-19 10:20:30.5')",
            postgres: None,
        },
        Function {
            name: "extract",
            arguments: &[Argument::ConstantText, Argument::Date],
            more: None,
            result: Gives::By(part_of_date),
            apply: part,
            can_fail: false,
            meaning: [
                "날짜의 부분. 시각의 부분은 없습니다.",
                "A part of a date; it has no hour.",
            ],
            example: "EXTRACT(week FROM DATE '2026-08-19')",
            postgres: None,
        },
        Function {
            name: "extract",
            arguments: &[Argument::ConstantText, Argument::Time],
            more: None,
            result: Gives::By(part_of_time),
            apply: part,
            can_fail: false,
            meaning: ["시각의 부분", "A part of a time of day."],
            example: "EXTRACT(hour FROM TIME '10:20:30')",
            postgres: None,
        },
        Function {
            name: "date_part",
            arguments: &[Argument::ConstantText, Argument::Timestamp],
            more: None,
            result: Gives::By(double_of_timestamp),
            apply: part,
            can_fail: false,
            meaning: [
                "`EXTRACT`와 같은 값을 배정밀도 수로 줍니다.",
                "What `EXTRACT` gives, as a number of double precision.",
            ],
            example: "DATE_PART('month', TIMESTAMP '2026-08-19 10:20:30')",
            postgres: None,
        },
        Function {
            name: "date_part",
            arguments: &[Argument::ConstantText, Argument::Time],
            more: None,
            result: Gives::By(double_of_time),
            apply: part,
            can_fail: false,
            meaning: [
                "시각의 부분을 배정밀도 수로 줍니다.",
                "A part of a time of day, as a number of double precision.",
            ],
            example: "DATE_PART('minute', TIME '10:20:30')",
            postgres: None,
        },
        Function {
            name: "to_char",
            arguments: &[Argument::Timestamp, Argument::ConstantText],
            more: None,
            result: Gives::By(template),
            apply: written,
            can_fail: false,
            meaning: [
                "서식대로 쓴 텍스트: YYYY, MM, DD, HH24, MI, SS, MS, Mon, Day, IW, Q, FM 등",
                "The text of a template: YYYY, MM, DD, HH24, MI, SS, MS, Mon, Day, IW, Q, FM and so on.",
            ],
            example: "TO_CHAR(TIMESTAMP '2026-08-19 10:20:30', 'YYYY-MM-DD HH24:MI')",
            postgres: None,
        },
        Function {
            name: "to_date",
            arguments: &[Argument::Text, Argument::ConstantText],
            more: None,
            result: Gives::By(read_date),
            apply: date_read,
            can_fail: true,
            meaning: [
                "서식대로 읽은 날짜: YYYY, YY, MM, Mon, Month, DD, DDD 등. 연도가 있어야 합니다.",
                "The date a text has by a template: YYYY, YY, MM, Mon, Month, DD, DDD and so on, with a year.",
            ],
            example: "TO_DATE('19.08.2026', 'DD.MM.YYYY')",
            postgres: None,
        },
        Function {
            name: "to_timestamp",
            arguments: &[Argument::Text, Argument::ConstantText],
            more: None,
            result: Gives::By(read_timestamp),
            apply: timestamp_read,
            can_fail: true,
            meaning: [
                "서식대로 읽은 시각. `CAST(… AS TIMESTAMP)`나 `CAST(… AS DATE)` 안에 씁니다.",
                "The moment a text has by a template; stands in `CAST(… AS TIMESTAMP)` or `CAST(… AS DATE)`.",
            ],
            example: "CAST(TO_TIMESTAMP('08/19/2026 3:20 PM', 'MM/DD/YYYY HH12:MI AM') AS TIMESTAMP)",
            postgres: None,
        },
        Function {
            name: "strftime",
            arguments: &[Argument::Timestamp, Argument::ConstantText],
            more: None,
            result: Gives::By(format),
            apply: formatted,
            can_fail: false,
            meaning: [
                "`%` 서식대로 쓴 텍스트: %Y %m %d %H %M %S %y %j %G %V %u %B %b %A %a %p %I %F %T",
                "The text of a format: %Y %m %d %H %M %S %y %j %G %V %u %B %b %A %a %p %I %F %T.",
            ],
            example: "STRFTIME(DATE '2026-08-19', '%Y/%m/%d')",
            postgres: Some("TO_CHAR(DATE '2026-08-19', 'YYYY/MM/DD')"),
        },
        Function {
            name: "last_day",
            arguments: &[Argument::Timestamp],
            more: None,
            result: Gives::Is(SqlType::Date),
            apply: last_day,
            can_fail: false,
            meaning: ["그 달의 마지막 날", "The last day of the month."],
            example: "LAST_DAY(DATE '2026-02-10')",
            postgres: Some(
                "CAST(DATE_TRUNC('month', DATE '2026-02-10') + INTERVAL '1 month' - INTERVAL '1 day' AS DATE)",
            ),
        },
        Function {
            name: "days_between",
            arguments: &[Argument::Timestamp, Argument::Timestamp],
            more: None,
            result: Gives::Is(SqlType::Integer),
            apply: days_between,
            can_fail: false,
            meaning: [
                "앞 날짜에서 뒤 날짜까지의 날 수. 시각은 보지 않습니다.",
                "The number of days from the first date until the second one; times of day do not count.",
            ],
            example: "DAYS_BETWEEN(DATE '2026-02-27', DATE '2026-03-02')",
            postgres: Some("DATE '2026-03-02' - DATE '2026-02-27'"),
        },
        Function {
            name: "year",
            arguments: &[Argument::Timestamp],
            more: None,
            result: Gives::Is(SqlType::BigInt),
            apply: |call| number(call, Field::Year),
            can_fail: false,
            meaning: ["연도", "The year."],
            example: "YEAR(DATE '2026-08-19')",
            postgres: Some("CAST(EXTRACT(YEAR FROM DATE '2026-08-19') AS BIGINT)"),
        },
        Function {
            name: "quarter",
            arguments: &[Argument::Timestamp],
            more: None,
            result: Gives::Is(SqlType::BigInt),
            apply: |call| number(call, Field::Quarter),
            can_fail: false,
            meaning: ["분기", "The quarter, 1 to 4."],
            example: "QUARTER(DATE '2026-08-19')",
            postgres: Some("CAST(EXTRACT(QUARTER FROM DATE '2026-08-19') AS BIGINT)"),
        },
        Function {
            name: "month",
            arguments: &[Argument::Timestamp],
            more: None,
            result: Gives::Is(SqlType::BigInt),
            apply: |call| number(call, Field::Month),
            can_fail: false,
            meaning: ["달", "The month, 1 to 12."],
            example: "MONTH(DATE '2026-08-19')",
            postgres: Some("CAST(EXTRACT(MONTH FROM DATE '2026-08-19') AS BIGINT)"),
        },
        Function {
            name: "day",
            arguments: &[Argument::Timestamp],
            more: None,
            result: Gives::Is(SqlType::BigInt),
            apply: |call| number(call, Field::Day),
            can_fail: false,
            meaning: ["날", "The day of the month."],
            example: "DAY(DATE '2026-08-19')",
            postgres: Some("CAST(EXTRACT(DAY FROM DATE '2026-08-19') AS BIGINT)"),
        },
    ],
};

/// Microseconds of a column of times have three digits less.
const NANOS: i64 = 1_000;

fn has_unknown(arguments: &[Shape<'_>]) -> bool {
    arguments.iter().any(|one| one.kind == SqlType::Unknown)
}

/// PostgreSQL does not read a text in quotes as a date beside a number.
fn later(arguments: &[Shape<'_>]) -> Option<SqlType> {
    (!has_unknown(arguments)).then_some(SqlType::Date)
}

fn moment(arguments: &[Shape<'_>]) -> Option<SqlType> {
    (!has_unknown(arguments)).then_some(SqlType::Timestamp)
}

/// Beside a date, a text in quotes is a date, too.
fn days(arguments: &[Shape<'_>]) -> Option<SqlType> {
    let is_known = arguments.iter().any(|one| one.kind != SqlType::Unknown);
    is_known.then_some(SqlType::Integer)
}

fn field(arguments: &[Shape<'_>]) -> Option<Field> {
    Field::named(arguments.first()?.text()?)
}

fn cut_timestamp(arguments: &[Shape<'_>]) -> Option<SqlType> {
    field(arguments)?.is_unit().then_some(SqlType::Timestamp)
}

/// A text in quotes is a timestamp for PostgreSQL.
fn cut_date(arguments: &[Shape<'_>]) -> Option<SqlType> {
    let is_unit = field(arguments)?.is_unit() && arguments.get(1)?.kind != SqlType::Unknown;
    is_unit.then_some(SqlType::Date)
}

fn part_of(arguments: &[Shape<'_>], kind: SqlType) -> Option<SqlType> {
    let field = field(arguments)?;
    let given = arguments.get(1)?.kind;
    // The hour of a date is refused, also where the date could become a timestamp.
    let is_given = given == kind || given == SqlType::Any;
    let digits = Scale::Fixed(field.scale(kind));
    (is_given && field.is_part_of(kind)).then_some(SqlType::Numeric(digits))
}

fn part_of_timestamp(arguments: &[Shape<'_>]) -> Option<SqlType> {
    part_of(arguments, SqlType::Timestamp)
}

fn part_of_date(arguments: &[Shape<'_>]) -> Option<SqlType> {
    part_of(arguments, SqlType::Date)
}

fn part_of_time(arguments: &[Shape<'_>]) -> Option<SqlType> {
    part_of(arguments, SqlType::Time)
}

fn double_of(arguments: &[Shape<'_>], kind: SqlType) -> Option<SqlType> {
    let is_known = arguments.get(1)?.kind != SqlType::Unknown;
    (is_known && field(arguments)?.is_part_of(kind)).then_some(SqlType::Double)
}

fn double_of_timestamp(arguments: &[Shape<'_>]) -> Option<SqlType> {
    double_of(arguments, SqlType::Timestamp)
}

fn double_of_time(arguments: &[Shape<'_>]) -> Option<SqlType> {
    double_of(arguments, SqlType::Time)
}

fn template(arguments: &[Shape<'_>]) -> Option<SqlType> {
    let is_known = arguments.first()?.kind != SqlType::Unknown;
    let template = Template::read(arguments.get(1)?.text()?);
    (is_known && template.is_some()).then_some(SqlType::Text)
}

fn read_date(arguments: &[Shape<'_>]) -> Option<SqlType> {
    Reader::of(arguments.get(1)?.text()?).map(|_| SqlType::Date)
}

fn read_timestamp(arguments: &[Shape<'_>]) -> Option<SqlType> {
    Reader::of(arguments.get(1)?.text()?).map(|_| SqlType::Timestamp)
}

fn format(arguments: &[Shape<'_>]) -> Option<SqlType> {
    Template::of_strftime(arguments.get(1)?.text()?).map(|_| SqlType::Text)
}

/// The text of an argument that is written out.
fn constant<'a>(call: &Call<'a>, place: usize) -> Result<&'a str, Fault> {
    let columns: &'a [_] = call.columns;
    let text = columns[place].str()?.get(0);
    text.ok_or(Fault::Argument("a unit or a template must be written out"))
}

fn named(call: &Call<'_>) -> Result<Field, Fault> {
    Field::named(constant(call, 0)?).ok_or(Fault::Argument("there is no such unit"))
}

/// A date some days later or, with the factor -1, earlier.
fn shifted(call: &Call<'_>, date: usize, days: usize, factor: i64) -> Answer {
    let (dates, days) = (call.dates(date)?, call.whole(days)?);
    call.to_dates(|row| match (dates.at(row), days.at(row)) {
        (Some(date), Some(days)) => {
            let days = days.checked_mul(factor).ok_or(Fault::Calendar)?;
            calendar::add_days(date, days).map(Some)
        }
        _ => Ok(None),
    })
}

fn between(call: &Call<'_>, until: usize, from: usize) -> Answer {
    let (until, from) = (call.dates(until)?, call.dates(from)?);
    call.to_whole(|row| {
        Ok(match (until.at(row), from.at(row)) {
            (Some(until), Some(from)) => Some(i64::from(until) - i64::from(from)),
            _ => None,
        })
    })
}

fn moment_of(call: &Call<'_>) -> Answer {
    let (dates, times) = (call.dates(0)?, call.times(1)?);
    call.to_timestamps(|row| {
        Ok(match (dates.at(row), times.at(row)) {
            (Some(date), Some(time)) => Some(i64::from(date) * DAY + time / NANOS),
            _ => None,
        })
    })
}

fn made(call: &Call<'_>) -> Answer {
    let (years, months, days) = (call.whole(0)?, call.whole(1)?, call.whole(2)?);
    call.to_dates(|row| match (years.at(row), months.at(row), days.at(row)) {
        (Some(year), Some(month), Some(day)) => calendar::make_date(year, month, day).map(Some),
        _ => Ok(None),
    })
}

fn cut(call: &Call<'_>) -> Answer {
    let unit = named(call)?;
    if call.result == SqlType::Date {
        let dates = call.dates(1)?;
        return call.to_dates(|row| {
            let first = |date| unit.first_day(i64::from(date));
            dates.at(row).map(first).transpose()
        });
    }
    let timestamps = call.timestamps(1)?;
    call.to_timestamps(|row| timestamps.at(row).map(|at| unit.start(at)).transpose())
}

/// A part of a date, a timestamp or a time, as the result says.
fn part(call: &Call<'_>) -> Answer {
    let field = named(call)?;
    match call.columns[1].dtype() {
        polars::prelude::DataType::Date => {
            let dates = call.dates(1)?;
            parts(call, field, SqlType::Date, |row| {
                dates.at(row).map(|date| field.of_date(date))
            })
        }
        polars::prelude::DataType::Time => {
            let times = call.times(1)?;
            parts(call, field, SqlType::Time, |row| {
                times.at(row).map(|time| field.of_time_of_day(time / NANOS))
            })
        }
        _ => {
            let timestamps = call.timestamps(1)?;
            parts(call, field, SqlType::Timestamp, |row| {
                timestamps.at(row).map(|at| field.of_timestamp(at))
            })
        }
    }
}

fn parts(
    call: &Call<'_>,
    field: Field,
    kind: SqlType,
    at: impl Fn(usize) -> Option<i64>,
) -> Answer {
    if call.result == SqlType::Double {
        return call.to_doubles(|row| Ok(at(row).map(|value| field.to_double(value, kind))));
    }
    call.to_decimals(|row| Ok(at(row).map(i128::from)))
}

fn number(call: &Call<'_>, field: Field) -> Answer {
    let timestamps = call.timestamps(0)?;
    call.to_whole(|row| Ok(timestamps.at(row).map(|at| field.of_timestamp(at))))
}

fn written(call: &Call<'_>) -> Answer {
    let template = Template::read(constant(call, 1)?);
    write(
        call,
        &template.ok_or(Fault::Argument("there is no such template"))?,
    )
}

fn reader(call: &Call<'_>) -> Result<Reader, Fault> {
    Reader::of(constant(call, 1)?).ok_or(Fault::Argument("there is no such template"))
}

fn date_read(call: &Call<'_>) -> Answer {
    let (texts, reader) = (call.texts(0)?, reader(call)?);
    call.to_dates(|row| {
        let read = |text| {
            let (days, _) = reader.read(text, SqlType::Date)?;
            calendar::date(days)
        };
        texts.at(row).map(read).transpose()
    })
}

fn timestamp_read(call: &Call<'_>) -> Answer {
    let (texts, reader) = (call.texts(0)?, reader(call)?);
    call.to_timestamps(|row| {
        let read = |text| {
            let (days, time) = reader.read(text, SqlType::Timestamp)?;
            calendar::joined(days, time)
        };
        texts.at(row).map(read).transpose()
    })
}

fn formatted(call: &Call<'_>) -> Answer {
    let template = Template::of_strftime(constant(call, 1)?);
    write(
        call,
        &template.ok_or(Fault::Argument("there is no such format"))?,
    )
}

fn write(call: &Call<'_>, template: &Template) -> Answer {
    let timestamps = call.timestamps(0)?;
    call.to_texts(|row| Ok(timestamps.at(row).map(|at| template.written(at))))
}

fn last_day(call: &Call<'_>) -> Answer {
    let timestamps = call.timestamps(0)?;
    call.to_dates(|row| {
        let last = |at: i64| calendar::last_day(at.div_euclid(DAY));
        timestamps.at(row).map(last).transpose()
    })
}

fn days_between(call: &Call<'_>) -> Answer {
    let (from, until) = (call.timestamps(0)?, call.timestamps(1)?);
    call.to_whole(|row| {
        Ok(match (from.at(row), until.at(row)) {
            (Some(from), Some(until)) => Some(until.div_euclid(DAY) - from.div_euclid(DAY)),
            _ => None,
        })
    })
}
