//! Functions there are not, and what to write instead.

use sqlparser::tokenizer::Span;

use crate::expression::Expr;
use crate::function::Function;
use crate::functions;
use crate::plan::scope::suggest;
use crate::refusal::{Refusal, Refused};

/// Functions of the planner itself, for suggestions.
pub(in crate::plan) const OWN: [&str; 6] = [
    "coalesce", "nullif", "greatest", "least", "grouping", "cast",
];

/// What authors of other databases look for, and what to write.
const ELSEWHERE: &[(&str, &str)] = &[
    (
        "now",
        "use a parameter of type `datetime` or `date`, so that a run can be repeated",
    ),
    ("random", "nothing in a report may depend on chance"),
    ("nvl", "write `COALESCE(x, 0)`"),
    ("isnull", "write `COALESCE(x, 0)`"),
    ("date_format", "write `TO_CHAR(x, 'YYYY-MM')`"),
    (
        "format",
        "choose a `format` for the column in the workbook section",
    ),
    ("eomonth", "write `LAST_DAY(x)`"),
    ("str_to_date", "write `TO_DATE(x, 'YYYY-MM-DD')`"),
    ("julianday", "subtract one date from the other"),
    ("datediff", "subtract one date from the other"),
    ("date_diff", "subtract one date from the other"),
    ("age", "subtract one date from the other"),
    ("date_add", "write `x + INTERVAL '1 day'`"),
    ("date_sub", "write `x - INTERVAL '1 day'`"),
    ("dateadd", "write `x + INTERVAL '1 day'`"),
    ("hour", "write `EXTRACT(HOUR FROM x)`"),
    ("minute", "write `EXTRACT(MINUTE FROM x)`"),
    ("weekday", "write `EXTRACT(ISODOW FROM x)`"),
    ("dayofweek", "write `EXTRACT(DOW FROM x)`"),
    (
        "cbrt",
        "its last digit differs between C libraries; write `POWER(x, 1.0 / 3)` for what is not negative",
    ),
    ("log2", "write `LN(x) / LN(2)`"),
    ("log1p", "write `LN(1 + x)`"),
    ("truncate", "write `TRUNC(x, 2)`"),
    ("instr", "write `STRPOS(x, y)`"),
    ("ucase", "write `UPPER(x)`"),
    ("lcase", "write `LOWER(x)`"),
    (
        "array_agg",
        "columns hold single values; write `STRING_AGG(x, ', ' ORDER BY x)`",
    ),
    ("group_concat", "write `STRING_AGG(x, ', ' ORDER BY x)`"),
    ("listagg", "write `STRING_AGG(x, ', ' ORDER BY x)`"),
    (
        "first",
        "write `MIN(x)`, or FIRST_VALUE(x) OVER (… ORDER BY …)",
    ),
    (
        "last",
        "write `MAX(x)`, or FIRST_VALUE(x) OVER (… ORDER BY … DESC)",
    ),
    (
        "read_parquet",
        "blocks read the blocks of this report and nothing else",
    ),
    (
        "read_csv",
        "blocks read the blocks of this report and nothing else",
    ),
    (
        "read_json",
        "blocks read the blocks of this report and nothing else",
    ),
    (
        "read_ipc",
        "blocks read the blocks of this report and nothing else",
    ),
];

/// There is no such function, or not for such values.
pub(super) fn unknown(name: &str, arguments: &[Expr], span: Span) -> Refusal {
    let kinds = arguments
        .iter()
        .map(|one| one.kind.to_string())
        .collect::<Vec<_>>()
        .join(", ");
    let shown = name.to_uppercase();
    let rows: Vec<&Function> = functions::named(name).collect();
    if rows.is_empty() {
        let refusal = Refusal::new(
            Refused::Function,
            format!("there is no function `{shown}`"),
            span,
        );
        if let Some((_, help)) = ELSEWHERE.iter().find(|(other, _)| *other == name) {
            return refusal.help(*help);
        }
        let names = functions::all()
            .map(|function| function.name)
            .chain(crate::plan::aggregates::NAMES)
            .chain(crate::plan::windows::NAMES)
            .chain(OWN)
            .filter(|name| name.starts_with(|c: char| c.is_ascii_alphabetic()))
            .map(str::to_uppercase)
            .collect::<Vec<_>>();
        let suggested = suggest(refusal.clone(), &shown, names);
        return match &suggested.help {
            Some(help) if help.starts_with("did you mean") => suggested,
            _ => refusal.help("docs/functions.md lists the functions; compute others in the query that reads from the source"),
        };
    }
    let is_operator = !name.starts_with(|c: char| c.is_ascii_alphabetic());
    let what = match (is_operator, arguments) {
        (true, [one, other]) => format!("there is no `{} {name} {}`", one.kind, other.kind),
        _ => format!("there is no `{shown}({kinds})`"),
    };
    let forms = rows
        .iter()
        .map(|row| {
            let kinds: Vec<&str> = row.arguments.iter().map(|one| one.word()).collect();
            if is_operator && kinds.len() == 2 {
                format!("{} {name} {}", kinds[0], kinds[1])
            } else {
                format!("{shown}({})", kinds.join(", "))
            }
        })
        .collect::<Vec<_>>()
        .join(", ");
    Refusal::new(Refused::Function, what, span).help(format!(
        "there are: {forms}; write CAST where the types differ"
    ))
}
