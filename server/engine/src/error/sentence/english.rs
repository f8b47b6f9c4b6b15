//! What people read in English.

use std::io::ErrorKind;

use aggregate::Fault;
use lang::{FailureClass, Parts, grouped};
use source::SourceError;
use workbook::MissingColumns;

use crate::FailedCheck;
use crate::error::{EngineError, PartitionsDiffer};

pub(super) fn parts(error: &EngineError) -> Parts {
    match error {
        EngineError::Cancelled => Parts::new(
            "The run was cancelled.",
            "No file was made and no data was changed.",
            "",
        ),
        EngineError::UnknownSource { source_name, .. } => Parts::new(
            format!("This report reads the source “{source_name}”, which is not configured."),
            "Nothing was read.",
            "Ask an administrator to configure it.",
        ),
        EngineError::Source {
            source,
            source_name,
            block,
            ..
        } => match source.class() {
            FailureClass::Cancelled => parts(&EngineError::Cancelled),
            FailureClass::SourceDown => Parts::new(
                format!("The database “{source_name}” cannot be reached."),
                "Your data is untouched and nothing was lost.",
                "We try again shortly; if it goes on, tell an administrator.",
            ),
            FailureClass::SourceTimeout => Parts::new(
                format!(
                    "The database “{source_name}” did not finish “{block}” within its time limit and was stopped."
                ),
                "Your data is untouched.",
                "Choose a shorter period or run it later.",
            ),
            FailureClass::Permission => Parts::new(
                format!("The database “{source_name}” does not allow reading “{block}”."),
                "Your data is untouched.",
                "Ask an administrator for the right to read it.",
            ),
            FailureClass::TooBig => Parts::new(
                format!("The answer of “{block}” is larger than allowed and was stopped."),
                "Your data is untouched.",
                "Narrow the period or the filters and run it again.",
            ),
            FailureClass::Internal => Parts::new(
                format!("Reading “{block}” from the database “{source_name}” went wrong."),
                "Your data is untouched and no file was made.",
                "Tell an administrator.",
            ),
            _ if let SourceError::Type { column, row, .. } = &**source => Parts::new(
                format!(
                    "Row {} of “{block}” has a value in its column “{column}” that no cell can hold.",
                    grouped(*row)
                ),
                "Your data is untouched.",
                "Tell the report's owner.",
            ),
            _ => Parts::new(
                format!(
                    "The query “{block}” of this report has a mistake, and the database “{source_name}” could not run it."
                ),
                "Your data is untouched.",
                "Tell the report's owner.",
            ),
        },
        EngineError::TooManyRows { block, limit } => Parts::new(
            format!("“{block}” passed {} rows and was stopped.", grouped(*limit)),
            "Your data is untouched, and no shortened file was made.",
            "Narrow the period or the filters, or ask the owner to raise `limits.rows`.",
        ),
        EngineError::PivotTooLarge { sheet, .. } => Parts::new(
            format!(
                "The pivot of sheet “{sheet}” is larger than a sheet can hold and was stopped."
            ),
            "Your data is untouched.",
            "Narrow the period or the filters and run it again.",
        ),
        EngineError::Runtime { limit } => Parts::new(
            format!(
                "The run passed this report's time limit of {} and was stopped.",
                duration(limit.as_secs())
            ),
            "Your data is untouched.",
            "Choose a shorter period, or ask the owner to raise `limits.runtime`.",
        ),
        EngineError::Aggregate { block, fault, .. } => stopped(block, &fault.fault),
        EngineError::Refused { block, .. } | EngineError::Bind { block, .. } => Parts::new(
            format!("The calculation “{block}” of this report has a mistake and was stopped."),
            "Your data is untouched and no file was made.",
            "Tell the report's owner.",
        ),
        EngineError::ColumnType { block, column, .. } => Parts::new(
            format!("Column “{column}” of “{block}” has a type Excel cannot hold."),
            "Your data is untouched.",
            "Ask the report's owner to convert it.",
        ),
        EngineError::PartitionsDiffer(differ) => partitions(differ),
        EngineError::IncrementColumn { block, column, .. } => Parts::new(
            format!(
                "“{block}” reads what is newer by its column “{column}”, which it does not return."
            ),
            "Your data is untouched.",
            "Tell the report's owner.",
        ),
        EngineError::IncrementLookback { block, column } => Parts::new(
            format!(
                "The `lookback` of “{block}” works on days and moments only, and its column “{column}” holds neither."
            ),
            "Your data is untouched.",
            "Tell the report's owner.",
        ),
        EngineError::SplitColumn { block, column } => Parts::new(
            format!("“{block}” is split by its column “{column}”, which holds no whole numbers."),
            "Your data is untouched.",
            "Tell the report's owner.",
        ),
        EngineError::CheckFailed(check) => failed_check(check),
        EngineError::Columns(columns) => missing_columns(columns),
        EngineError::Disk { source, .. } => match source.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Parts::new(
                "The server's disk is full.",
                "Your data is untouched and no half file was left.",
                "Tell an administrator, and run it again when there is room.",
            ),
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => Parts::new(
                "The server may not write to its working folder.",
                "Your data is untouched.",
                "Ask an administrator to check the folder's permissions.",
            ),
            _ => Parts::new(
                "The server's disk had a problem.",
                "Your data is untouched and no half file was left.",
                "Tell an administrator.",
            ),
        },
        EngineError::Proof {
            what,
            expected,
            found,
            ..
        } => Parts::new(
            format!(
                "The rows of “{what}” do not add up ({} expected, {} found), so the file was withheld.",
                grouped(*expected),
                grouped(*found)
            ),
            "The data in the database is untouched.",
            "Run it again; if it happens again, tell an administrator.",
        ),
        EngineError::TooManyChoices { param, limit, .. } => Parts::new(
            format!(
                "“{param}” has more than {} choices, too many to show.",
                grouped(*limit as u64)
            ),
            "",
            "Ask the report's owner to narrow them.",
        ),
        EngineError::ChoiceColumn { param, column, .. } => Parts::new(
            format!("The query behind the choices of “{param}” has no column “{column}”."),
            "",
            "Tell the report's owner.",
        ),
        EngineError::UnknownBlock { .. }
        | EngineError::Stage { .. }
        | EngineError::Workbook { .. }
        | EngineError::Internal { .. } => Parts::new(
            "Something went wrong inside the program and no file was made.",
            "Your data is untouched.",
            "Run it again; if it happens again, tell an administrator.",
        ),
    }
}

fn stopped(block: &str, fault: &Fault) -> Parts {
    let what = match fault {
        Fault::DivisionByZero => "would have to divide by zero",
        Fault::Overflow(_) | Fault::Short | Fault::Digits | Fault::Quotient(_) => {
            "reached a number with more digits than can be kept"
        }
        Fault::NotFinite => "met NaN or infinity, which are no decimals,",
        Fault::Text { .. } => "met a text that is no number or date",
        Fault::Calendar => "reached a date outside the years 1 to 9999",
        Fault::Argument(_) => "met a value its function is not made for",
        Fault::ManyRows => "found several rows where one value is needed",
        Fault::Polars(_) => "met an error",
    };
    Parts::new(
        format!("The calculation “{block}” of this report {what} and was stopped."),
        "Your data is untouched and no file was made.",
        "Tell the report's owner.",
    )
}

fn partitions(differ: &PartitionsDiffer) -> Parts {
    Parts::new(
        format!(
            "Column “{}” of “{}” is not the same in {} and in {}, so the two cannot be put together.",
            differ.column, differ.block, differ.first.0, differ.second.0
        ),
        "Your data is untouched and no file was made.",
        "Ask the report's owner to give it one type, for example with `CAST(… AS …)`.",
    )
}

fn failed_check(check: &FailedCheck) -> Parts {
    let why = check
        .description
        .as_ref()
        .map(|text| format!(" {text}"))
        .unwrap_or_default();
    let rows = if check.rows == 1 {
        "row fails"
    } else {
        "rows fail"
    };
    Parts::new(
        format!(
            "{} {rows} the check “{}”, so the file was withheld.{why}",
            grouped(check.rows),
            check.block
        ),
        "Your data is untouched.",
        "Tell the report's owner.",
    )
}

fn missing_columns(columns: &MissingColumns) -> Parts {
    let missing: Vec<_> = columns
        .missing
        .iter()
        .map(|(name, near)| match near {
            Some(near) => format!("“{name}” (did you mean “{near}”?)"),
            None => format!("“{name}”"),
        })
        .collect();
    Parts::new(
        format!(
            "Sheet “{}” needs {}, which “{}” does not return. It returns {}.",
            columns.sheet,
            missing.join(", "),
            columns.block,
            columns.returned.join(", ")
        ),
        "Your data is untouched.",
        "Tell the report's owner.",
    )
}

fn duration(seconds: u64) -> String {
    let (number, unit) = if seconds >= 60 && seconds.is_multiple_of(60) {
        (seconds / 60, "minute")
    } else {
        (seconds, "second")
    };
    format!("{number} {unit}{}", if number == 1 { "" } else { "s" })
}
