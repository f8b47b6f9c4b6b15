//! The sentences people read: what happened, is data affected, what to do.

use std::io::ErrorKind;

use aggregate::Fault;
use report::Lang;
use source::SourceError;

use super::{EngineError, MissingColumns, PartitionsDiffer};
use crate::FailedCheck;
use crate::words::grouped;

/// The message for people in their language.
pub(super) fn of(error: &EngineError, lang: Lang) -> String {
    match lang {
        Lang::Ko => korean(error),
        Lang::En => english(error),
    }
}

fn korean(error: &EngineError) -> String {
    match error {
        EngineError::Cancelled => "실행을 취소했습니다. 파일은 만들어지지 않았고 원본 데이터는 그대로입니다.".into(),
        EngineError::UnknownSource { source_name, .. } => format!(
            "이 보고서가 읽는 데이터 소스가 설정되어 있지 않습니다: ‘{source_name}’. 읽은 데이터는 없습니다. 관리자에게 소스 설정을 요청하세요."
        ),
        EngineError::Source { source, source_name, block, .. } => match source.class() {
            "cancelled" => korean(&EngineError::Cancelled),
            "source_down" => format!(
                "데이터베이스 ‘{source_name}’에 연결할 수 없습니다. 데이터는 그대로이며 잃은 것은 없습니다. 잠시 뒤 다시 시도합니다. 계속되면 관리자에게 알려 주세요."
            ),
            "source_timeout" => format!(
                "데이터베이스 ‘{source_name}’에서 ‘{block}’ 조회가 제한 시간 안에 끝나지 않아 멈췄습니다. 데이터는 그대로입니다. 기간을 줄이거나 나중에 다시 실행하세요."
            ),
            "permission" => format!(
                "데이터베이스 ‘{source_name}’에서 ‘{block}’ 조회를 허락하지 않았습니다. 데이터는 그대로입니다. 관리자에게 읽기 권한을 요청하세요."
            ),
            "too_big" => format!(
                "‘{block}’ 조회 결과가 허용된 크기를 넘어 멈췄습니다. 데이터는 그대로입니다. 기간이나 조건을 좁혀 다시 실행하세요."
            ),
            "internal" => format!(
                "데이터베이스 ‘{source_name}’에서 ‘{block}’ 조회를 읽는 중 문제가 생겼습니다. 데이터는 그대로이며 파일은 만들지 않았습니다. 관리자에게 알려 주세요."
            ),
            _ if let SourceError::Type { column, row, .. } = &**source => format!(
                "‘{block}’ 조회 결과의 ‘{column}’ 열 {}번째 행에 셀에 담을 수 없는 값이 있어 멈췄습니다. 데이터는 그대로입니다. 보고서 담당자에게 알려 주세요.",
                grouped(*row)
            ),
            _ => format!(
                "이 보고서의 ‘{block}’ 조회에 오류가 있어 데이터베이스 ‘{source_name}’에서 실행하지 못했습니다. 데이터는 그대로입니다. 보고서 담당자에게 알려 주세요."
            ),
        },
        EngineError::TooManyRows { block, limit } => format!(
            "‘{block}’ 조회가 {}행을 넘어 멈췄습니다. 데이터는 그대로이며 잘린 파일은 만들지 않았습니다. 기간이나 조건을 좁혀 다시 실행하거나, 담당자에게 `limits.rows`를 늘려 달라고 하세요.",
            grouped(*limit)
        ),
        EngineError::PivotTooLarge { sheet, .. } => format!(
            "‘{sheet}’ 시트의 피벗이 한 시트에 담기에는 너무 커서 멈췄습니다. 데이터는 그대로입니다. 기간이나 조건을 좁혀 다시 실행하세요."
        ),
        EngineError::Runtime { limit } => format!(
            "이 보고서의 제한 시간({})을 넘어 멈췄습니다. 데이터는 그대로입니다. 기간을 줄여 다시 실행하거나, 담당자에게 `limits.runtime`을 늘려 달라고 하세요.",
            duration_ko(limit.as_secs())
        ),
        EngineError::Aggregate { block, fault, .. } => fault_ko(block, &fault.fault),
        EngineError::Refused { block, .. } | EngineError::Bind { block, .. } => format!(
            "이 보고서의 ‘{block}’ 계산에 오류가 있어 멈췄습니다. 데이터는 그대로이며 파일은 만들지 않았습니다. 보고서 담당자에게 알려 주세요."
        ),
        EngineError::ColumnType { block, column, .. } => format!(
            "‘{block}’의 ‘{column}’ 열은 엑셀에 담을 수 없는 형식입니다. 데이터는 그대로입니다. 보고서 담당자에게 형식을 바꿔 달라고 하세요."
        ),
        EngineError::PartitionsDiffer(differ) => differ_ko(differ),
        EngineError::IncrementColumn { block, column, .. } => format!(
            "‘{block}’ 조회는 ‘{column}’ 열을 기준으로 새 행만 읽지만 결과에 그 열이 없습니다. 데이터는 그대로입니다. 보고서 담당자에게 알려 주세요."
        ),
        EngineError::IncrementLookback { block, column } => format!(
            "‘{block}’ 조회의 `lookback`은 날짜나 시각에만 쓸 수 있는데 ‘{column}’ 열은 그렇지 않습니다. 데이터는 그대로입니다. 보고서 담당자에게 알려 주세요."
        ),
        EngineError::SplitColumn { block, column } => format!(
            "‘{block}’ 조회는 ‘{column}’ 열로 나누어 읽지만 그 열은 정수가 아닙니다. 데이터는 그대로입니다. 보고서 담당자에게 알려 주세요."
        ),
        EngineError::CheckFailed(check) => check_ko(check),
        EngineError::Columns(columns) => columns_ko(columns),
        EngineError::Disk { source, .. } => match source.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
                "서버의 디스크가 가득 차서 멈췄습니다. 데이터는 그대로이며 반쪽 파일은 남지 않았습니다. 관리자에게 알리고, 공간이 생기면 다시 실행하세요.".into()
            }
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
                "서버가 작업 폴더에 쓸 수 없어 멈췄습니다. 데이터는 그대로입니다. 관리자에게 폴더 권한을 확인해 달라고 하세요.".into()
            }
            _ => "서버의 디스크에 문제가 생겨 멈췄습니다. 데이터는 그대로이며 반쪽 파일은 남지 않았습니다. 관리자에게 알려 주세요.".into(),
        },
        EngineError::Proof { what, expected, found, .. } => format!(
            "‘{what}’의 행 수가 맞지 않아 파일을 내보내지 않았습니다({}행이어야 하는데 {}행). 데이터베이스의 데이터는 그대로입니다. 다시 실행하고, 되풀이되면 관리자에게 알려 주세요.",
            grouped(*expected),
            grouped(*found)
        ),
        EngineError::TooManyChoices { param, limit, .. } => format!(
            "‘{param}’의 선택지가 {}개를 넘어 보여 줄 수 없습니다. 보고서 담당자에게 선택지를 줄여 달라고 하세요.",
            grouped(*limit as u64)
        ),
        EngineError::ChoiceColumn { param, column, .. } => format!(
            "‘{param}’의 선택지 조회에 ‘{column}’ 열이 없습니다. 보고서 담당자에게 알려 주세요."
        ),
        EngineError::UnknownBlock { .. }
        | EngineError::Stage { .. }
        | EngineError::Workbook { .. }
        | EngineError::Internal { .. } => {
            "프로그램 내부에 문제가 생겨 파일을 만들지 못했습니다. 데이터는 그대로입니다. 다시 실행하고, 되풀이되면 관리자에게 알려 주세요.".into()
        }
    }
}

fn fault_ko(block: &str, fault: &Fault) -> String {
    let what = match fault {
        Fault::DivisionByZero => "0으로 나누어야 해서",
        Fault::Overflow(_) | Fault::Digits | Fault::Quotient(_) => "담을 수 있는 자릿수를 넘어",
        Fault::NotFinite => "소수가 될 수 없는 값(NaN, 무한대)이 있어",
        Fault::Text { .. } => "수나 날짜로 읽을 수 없는 텍스트가 있어",
        Fault::Calendar => "1년에서 9999년 사이를 벗어난 날짜가 생겨",
        Fault::Argument(_) => "함수가 받을 수 없는 값이 있어",
        Fault::ManyRows => "한 값이어야 할 하위 조회가 여러 행을 내서",
        Fault::Polars(_) => "오류가 나서",
    };
    format!(
        "이 보고서의 ‘{block}’ 계산이 {what} 멈췄습니다. 데이터는 그대로이며 파일은 만들지 않았습니다. 보고서 담당자에게 알려 주세요."
    )
}

fn fault_en(block: &str, fault: &Fault) -> String {
    let what = match fault {
        Fault::DivisionByZero => "would have to divide by zero",
        Fault::Overflow(_) | Fault::Digits | Fault::Quotient(_) => {
            "reached a number with more digits than can be kept"
        }
        Fault::NotFinite => "met NaN or infinity, which are no decimals,",
        Fault::Text { .. } => "met a text that is no number or date",
        Fault::Calendar => "reached a date outside the years 1 to 9999",
        Fault::Argument(_) => "met a value its function is not made for",
        Fault::ManyRows => "found several rows where one value is needed",
        Fault::Polars(_) => "met an error",
    };
    format!(
        "The calculation “{block}” of this report {what} and was stopped. Your data is untouched and no file was made. Tell the report's owner."
    )
}

fn english(error: &EngineError) -> String {
    match error {
        EngineError::Cancelled => "The run was cancelled. No file was made and no data was changed.".into(),
        EngineError::UnknownSource { source_name, .. } => format!(
            "This report reads the source “{source_name}”, which is not configured. Nothing was read. Ask an administrator to configure it."
        ),
        EngineError::Source { source, source_name, block, .. } => match source.class() {
            "cancelled" => english(&EngineError::Cancelled),
            "source_down" => format!(
                "The database “{source_name}” cannot be reached. Your data is untouched and nothing was lost. We try again shortly; if it goes on, tell an administrator."
            ),
            "source_timeout" => format!(
                "The database “{source_name}” did not finish “{block}” within its time limit and was stopped. Your data is untouched. Choose a shorter period or run it later."
            ),
            "permission" => format!(
                "The database “{source_name}” does not allow reading “{block}”. Your data is untouched. Ask an administrator for the right to read it."
            ),
            "too_big" => format!(
                "The answer of “{block}” is larger than allowed and was stopped. Your data is untouched. Narrow the period or the filters and run it again."
            ),
            "internal" => format!(
                "Reading “{block}” from the database “{source_name}” went wrong. Your data is untouched and no file was made. Tell an administrator."
            ),
            _ if let SourceError::Type { column, row, .. } = &**source => format!(
                "Row {} of “{block}” has a value in its column “{column}” that no cell can hold. Your data is untouched. Tell the report's owner.",
                grouped(*row)
            ),
            _ => format!(
                "The query “{block}” of this report has a mistake, and the database “{source_name}” could not run it. Your data is untouched. Tell the report's owner."
            ),
        },
        EngineError::TooManyRows { block, limit } => format!(
            "“{block}” passed {} rows and was stopped. Your data is untouched, and no shortened file was made. Narrow the period or the filters, or ask the owner to raise `limits.rows`.",
            grouped(*limit)
        ),
        EngineError::PivotTooLarge { sheet, .. } => format!(
            "The pivot of sheet “{sheet}” is larger than a sheet can hold and was stopped. Your data is untouched. Narrow the period or the filters and run it again."
        ),
        EngineError::Runtime { limit } => format!(
            "The run passed this report's time limit of {} and was stopped. Your data is untouched. Choose a shorter period, or ask the owner to raise `limits.runtime`.",
            duration_en(limit.as_secs())
        ),
        EngineError::Aggregate { block, fault, .. } => fault_en(block, &fault.fault),
        EngineError::Refused { block, .. } | EngineError::Bind { block, .. } => format!(
            "The calculation “{block}” of this report has a mistake and was stopped. Your data is untouched and no file was made. Tell the report's owner."
        ),
        EngineError::ColumnType { block, column, .. } => format!(
            "Column “{column}” of “{block}” has a type Excel cannot hold. Your data is untouched. Ask the report's owner to convert it."
        ),
        EngineError::PartitionsDiffer(differ) => differ_en(differ),
        EngineError::IncrementColumn { block, column, .. } => format!(
            "“{block}” reads what is newer by its column “{column}”, which it does not return. Your data is untouched. Tell the report's owner."
        ),
        EngineError::IncrementLookback { block, column } => format!(
            "The `lookback` of “{block}” works on days and moments only, and its column “{column}” holds neither. Your data is untouched. Tell the report's owner."
        ),
        EngineError::SplitColumn { block, column } => format!(
            "“{block}” is split by its column “{column}”, which holds no whole numbers. Your data is untouched. Tell the report's owner."
        ),
        EngineError::CheckFailed(check) => check_en(check),
        EngineError::Columns(columns) => columns_en(columns),
        EngineError::Disk { source, .. } => match source.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
                "The server's disk is full. Your data is untouched and no half file was left. Tell an administrator, and run it again when there is room.".into()
            }
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
                "The server may not write to its working folder. Your data is untouched. Ask an administrator to check the folder's permissions.".into()
            }
            _ => "The server's disk had a problem. Your data is untouched and no half file was left. Tell an administrator.".into(),
        },
        EngineError::Proof { what, expected, found, .. } => format!(
            "The rows of “{what}” do not add up ({} expected, {} found), so the file was withheld. The data in the database is untouched. Run it again; if it happens again, tell an administrator.",
            grouped(*expected),
            grouped(*found)
        ),
        EngineError::TooManyChoices { param, limit, .. } => format!(
            "“{param}” has more than {} choices, too many to show. Ask the report's owner to narrow them.",
            grouped(*limit as u64)
        ),
        EngineError::ChoiceColumn { param, column, .. } => {
            format!("The query behind the choices of “{param}” has no column “{column}”. Tell the report's owner.")
        }
        EngineError::UnknownBlock { .. }
        | EngineError::Stage { .. }
        | EngineError::Workbook { .. }
        | EngineError::Internal { .. } => {
            "Something went wrong inside the program and no file was made. Your data is untouched. Run it again; if it happens again, tell an administrator.".into()
        }
    }
}

fn differ_ko(differ: &PartitionsDiffer) -> String {
    format!(
        "‘{}’ 조회의 ‘{}’ 열이 ‘{}’ 구간과 ‘{}’ 구간에서 서로 달라 하나로 합칠 수 없습니다. 데이터는 그대로이며 파일은 만들지 않았습니다. 보고서 담당자에게 이 열의 형식을 정해 달라고 하세요(예: `CAST(… AS …)`).",
        differ.block, differ.column, differ.first.0, differ.second.0
    )
}

fn differ_en(differ: &PartitionsDiffer) -> String {
    format!(
        "Column “{}” of “{}” is not the same in {} and in {}, so the two cannot be put together. Your data is untouched and no file was made. Ask the report's owner to give it one type, for example with `CAST(… AS …)`.",
        differ.column, differ.block, differ.first.0, differ.second.0
    )
}

fn check_ko(check: &FailedCheck) -> String {
    let why = check
        .description
        .as_ref()
        .map(|text| format!(" {text}"))
        .unwrap_or_default();
    format!(
        "점검 ‘{}’에서 {}행이 걸려 파일을 내보내지 않았습니다.{why} 데이터는 그대로입니다. 보고서 담당자에게 알려 주세요.",
        check.block,
        grouped(check.rows)
    )
}

fn check_en(check: &FailedCheck) -> String {
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
    format!(
        "{} {rows} the check “{}”, so the file was withheld.{why} Your data is untouched. Tell the report's owner.",
        grouped(check.rows),
        check.block
    )
}

fn columns_ko(columns: &MissingColumns) -> String {
    let missing: Vec<_> = columns
        .missing
        .iter()
        .map(|(name, near)| match near {
            Some(near) => format!("‘{name}’(혹시 ‘{near}’?)"),
            None => format!("‘{name}’"),
        })
        .collect();
    format!(
        "시트 ‘{}’에 필요하지만 조회 결과에 없는 열이 있습니다: {}. ‘{}’ 결과에 있는 열: {}. 데이터는 그대로입니다. 보고서 담당자에게 알려 주세요.",
        columns.sheet,
        missing.join(", "),
        columns.block,
        columns.returned.join(", ")
    )
}

fn columns_en(columns: &MissingColumns) -> String {
    let missing: Vec<_> = columns
        .missing
        .iter()
        .map(|(name, near)| match near {
            Some(near) => format!("“{name}” (did you mean “{near}”?)"),
            None => format!("“{name}”"),
        })
        .collect();
    format!(
        "Sheet “{}” needs {}, which “{}” does not return. It returns {}. Your data is untouched. Tell the report's owner.",
        columns.sheet,
        missing.join(", "),
        columns.block,
        columns.returned.join(", ")
    )
}

fn duration_ko(seconds: u64) -> String {
    if seconds >= 60 && seconds.is_multiple_of(60) {
        format!("{}분", seconds / 60)
    } else {
        format!("{seconds}초")
    }
}

fn duration_en(seconds: u64) -> String {
    let (number, unit) = if seconds >= 60 && seconds.is_multiple_of(60) {
        (seconds / 60, "minute")
    } else {
        (seconds, "second")
    };
    format!("{number} {unit}{}", if number == 1 { "" } else { "s" })
}
