//! The buttons above a period field, each with its days.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

use super::{Expression, is_whole};
use crate::param::{Grain, Param};
use crate::report::Report;
use lang::Text;

/// A button above a period field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PeriodPreset {
    /// What is sent, for example `previous month`.
    pub expression: String,
    /// What people read.
    pub label: Text,
    /// First day, included.
    pub from: Date,
    /// Last day, included.
    pub last_day: Date,
}

/// Every button there is, with the coarsest grain it suits.
const PRESETS: [(&str, &str, &str); 13] = [
    ("last 1 days", "어제", "Yesterday"),
    ("last 7 days", "최근 7일", "Last 7 days"),
    ("last 30 days", "최근 30일", "Last 30 days"),
    ("this week", "이번 주", "This week"),
    ("previous week", "지난주", "Last week"),
    ("previous month", "지난달", "Last month"),
    ("this month", "이번 달", "This month"),
    ("last 3 months", "최근 3개월", "Last 3 months"),
    ("previous quarter", "지난 분기", "Last quarter"),
    ("this quarter", "이번 분기", "This quarter"),
    ("last 12 months", "최근 12개월", "Last 12 months"),
    ("this year", "올해", "This year"),
    ("previous year", "지난해", "Last year"),
];

impl Report {
    /// Buttons for a period field: the default first, then those that fit its grain and bounds.
    ///
    /// Empty when the parameter is unknown or no period.
    pub fn period_presets(&self, param: &str, now: Timestamp) -> Vec<PeriodPreset> {
        let Some(param) = self.params.get(param) else {
            return Vec::new();
        };
        if param.kind != crate::param::ParamKind::Period {
            return Vec::new();
        }
        let today = now.to_zoned(self.timezone.clone()).date();
        let default = param.default.first().map(String::as_str);
        let mut presets: Vec<PeriodPreset> = Vec::new();
        let ordered = default
            .into_iter()
            .map(|expression| (expression, label(expression)))
            .chain(
                PRESETS
                    .iter()
                    .map(|(expression, ko, en)| (*expression, Text::both(*ko, *en))),
            );
        for (expression, label) in ordered {
            if presets.iter().any(|preset| preset.expression == expression) {
                continue;
            }
            let Some((from, until)) = Expression::parse(expression).and_then(|e| e.resolve(today))
            else {
                continue;
            };
            if fits(param, from, until)
                && let Ok(last_day) = until.yesterday()
            {
                presets.push(PeriodPreset {
                    expression: expression.to_owned(),
                    label,
                    from,
                    last_day,
                });
            }
        }
        presets
    }
}

fn fits(param: &Param, from: Date, until: Date) -> bool {
    is_whole(from, until, param.grain.unwrap_or(Grain::Day))
        && crate::input::keeps_length(param, from, until)
}

/// The words for an expression, also for one that is no preset.
fn label(expression: &str) -> Text {
    if let Some((_, ko, en)) = PRESETS.iter().find(|(known, ..)| *known == expression) {
        return Text::both(*ko, *en);
    }
    let words: Vec<&str> = expression.split_whitespace().collect();
    if let ["last", count, unit] = words.as_slice() {
        let unit_ko = match unit.strip_suffix('s').unwrap_or(unit) {
            "day" => "일",
            "week" => "주",
            "month" => "개월",
            "quarter" => "분기",
            _ => "년",
        };
        let singular = unit.strip_suffix('s').unwrap_or(unit);
        let plural = if *count == "1" { "" } else { "s" };
        return Text::both(
            format!("최근 {count}{unit_ko}"),
            format!("Last {count} {singular}{plural}"),
        );
    }
    Text::same(expression)
}
