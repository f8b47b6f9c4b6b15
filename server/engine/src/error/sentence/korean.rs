//! What people read in Korean.

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
            "실행을 취소했습니다.",
            "파일은 만들어지지 않았고 원본 데이터는 그대로입니다.",
            "",
        ),
        EngineError::UnknownSource { source_name, .. } => Parts::new(
            format!("이 보고서가 읽는 데이터 소스가 설정되어 있지 않습니다: ‘{source_name}’."),
            "읽은 데이터는 없습니다.",
            "관리자에게 소스 설정을 요청하세요.",
        ),
        EngineError::Source {
            source,
            source_name,
            block,
            ..
        } => match source.class() {
            FailureClass::Cancelled => parts(&EngineError::Cancelled),
            FailureClass::SourceDown => Parts::new(
                format!("데이터베이스 ‘{source_name}’에 연결할 수 없습니다."),
                "데이터는 그대로이며 잃은 것은 없습니다.",
                "잠시 뒤 다시 시도합니다. 계속되면 관리자에게 알려 주세요.",
            ),
            FailureClass::SourceTimeout => Parts::new(
                format!(
                    "데이터베이스 ‘{source_name}’에서 ‘{block}’ 조회가 제한 시간 안에 끝나지 않아 멈췄습니다."
                ),
                "데이터는 그대로입니다.",
                "기간을 줄이거나 나중에 다시 실행하세요.",
            ),
            FailureClass::Permission => Parts::new(
                format!("데이터베이스 ‘{source_name}’에서 ‘{block}’ 조회를 허락하지 않았습니다."),
                "데이터는 그대로입니다.",
                "관리자에게 읽기 권한을 요청하세요.",
            ),
            FailureClass::TooBig => Parts::new(
                format!("‘{block}’ 조회 결과가 허용된 크기를 넘어 멈췄습니다."),
                "데이터는 그대로입니다.",
                "기간이나 조건을 좁혀 다시 실행하세요.",
            ),
            FailureClass::Internal => Parts::new(
                format!(
                    "데이터베이스 ‘{source_name}’에서 ‘{block}’ 조회를 읽는 중 문제가 생겼습니다."
                ),
                "데이터는 그대로이며 파일은 만들지 않았습니다.",
                "관리자에게 알려 주세요.",
            ),
            _ if let SourceError::Type { column, row, .. } = &**source => Parts::new(
                format!(
                    "‘{block}’ 조회 결과의 ‘{column}’ 열 {}번째 행에 셀에 담을 수 없는 값이 있어 멈췄습니다.",
                    grouped(*row)
                ),
                "데이터는 그대로입니다.",
                "보고서 담당자에게 알려 주세요.",
            ),
            _ => Parts::new(
                format!(
                    "이 보고서의 ‘{block}’ 조회에 오류가 있어 데이터베이스 ‘{source_name}’에서 실행하지 못했습니다."
                ),
                "데이터는 그대로입니다.",
                "보고서 담당자에게 알려 주세요.",
            ),
        },
        EngineError::TooManyRows { block, limit } => Parts::new(
            format!("‘{block}’ 조회가 {}행을 넘어 멈췄습니다.", grouped(*limit)),
            "데이터는 그대로이며 잘린 파일은 만들지 않았습니다.",
            "기간이나 조건을 좁혀 다시 실행하거나, 담당자에게 `limits.rows`를 늘려 달라고 하세요.",
        ),
        EngineError::PivotTooLarge { sheet, .. } => Parts::new(
            format!("‘{sheet}’ 시트의 피벗이 한 시트에 담기에는 너무 커서 멈췄습니다."),
            "데이터는 그대로입니다.",
            "기간이나 조건을 좁혀 다시 실행하세요.",
        ),
        EngineError::Runtime { limit } => Parts::new(
            format!(
                "이 보고서의 제한 시간({})을 넘어 멈췄습니다.",
                duration(limit.as_secs())
            ),
            "데이터는 그대로입니다.",
            "기간을 줄여 다시 실행하거나, 담당자에게 `limits.runtime`을 늘려 달라고 하세요.",
        ),
        EngineError::Aggregate { block, fault, .. } => stopped(block, &fault.fault),
        EngineError::Refused { block, .. } | EngineError::Bind { block, .. } => Parts::new(
            format!("이 보고서의 ‘{block}’ 계산에 오류가 있어 멈췄습니다."),
            "데이터는 그대로이며 파일은 만들지 않았습니다.",
            "보고서 담당자에게 알려 주세요.",
        ),
        EngineError::ColumnType { block, column, .. } => Parts::new(
            format!("‘{block}’의 ‘{column}’ 열은 엑셀에 담을 수 없는 형식입니다."),
            "데이터는 그대로입니다.",
            "보고서 담당자에게 형식을 바꿔 달라고 하세요.",
        ),
        EngineError::PartitionsDiffer(differ) => partitions(differ),
        EngineError::IncrementColumn { block, column, .. } => Parts::new(
            format!(
                "‘{block}’ 조회는 ‘{column}’ 열을 기준으로 새 행만 읽지만 결과에 그 열이 없습니다."
            ),
            "데이터는 그대로입니다.",
            "보고서 담당자에게 알려 주세요.",
        ),
        EngineError::IncrementLookback { block, column } => Parts::new(
            format!(
                "‘{block}’ 조회의 `lookback`은 날짜나 시각에만 쓸 수 있는데 ‘{column}’ 열은 그렇지 않습니다."
            ),
            "데이터는 그대로입니다.",
            "보고서 담당자에게 알려 주세요.",
        ),
        EngineError::SplitColumn { block, column } => Parts::new(
            format!("‘{block}’ 조회는 ‘{column}’ 열로 나누어 읽지만 그 열은 정수가 아닙니다."),
            "데이터는 그대로입니다.",
            "보고서 담당자에게 알려 주세요.",
        ),
        EngineError::CheckFailed(check) => failed_check(check),
        EngineError::Columns(columns) => missing_columns(columns),
        EngineError::Disk { source, .. } => match source.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Parts::new(
                "서버의 디스크가 가득 차서 멈췄습니다.",
                "데이터는 그대로이며 반쪽 파일은 남지 않았습니다.",
                "관리자에게 알리고, 공간이 생기면 다시 실행하세요.",
            ),
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => Parts::new(
                "서버가 작업 폴더에 쓸 수 없어 멈췄습니다.",
                "데이터는 그대로입니다.",
                "관리자에게 폴더 권한을 확인해 달라고 하세요.",
            ),
            _ => Parts::new(
                "서버의 디스크에 문제가 생겨 멈췄습니다.",
                "데이터는 그대로이며 반쪽 파일은 남지 않았습니다.",
                "관리자에게 알려 주세요.",
            ),
        },
        EngineError::Proof {
            what,
            expected,
            found,
            ..
        } => Parts::new(
            format!(
                "‘{what}’의 행 수가 맞지 않아 파일을 내보내지 않았습니다({}행이어야 하는데 {}행).",
                grouped(*expected),
                grouped(*found)
            ),
            "데이터베이스의 데이터는 그대로입니다.",
            "다시 실행하고, 되풀이되면 관리자에게 알려 주세요.",
        ),
        EngineError::TooManyChoices { param, limit, .. } => Parts::new(
            format!(
                "‘{param}’의 선택지가 {}개를 넘어 보여 줄 수 없습니다.",
                grouped(*limit as u64)
            ),
            "",
            "보고서 담당자에게 선택지를 줄여 달라고 하세요.",
        ),
        EngineError::ChoiceColumn { param, column, .. } => Parts::new(
            format!("‘{param}’의 선택지 조회에 ‘{column}’ 열이 없습니다."),
            "",
            "보고서 담당자에게 알려 주세요.",
        ),
        EngineError::UnknownBlock { .. }
        | EngineError::Stage { .. }
        | EngineError::Workbook { .. }
        | EngineError::Internal { .. } => Parts::new(
            "프로그램 내부에 문제가 생겨 파일을 만들지 못했습니다.",
            "데이터는 그대로입니다.",
            "다시 실행하고, 되풀이되면 관리자에게 알려 주세요.",
        ),
    }
}

fn stopped(block: &str, fault: &Fault) -> Parts {
    let what = match fault {
        Fault::DivisionByZero => "0으로 나누어야 해서",
        Fault::Overflow(_) | Fault::Short | Fault::Digits | Fault::Quotient(_) => {
            "담을 수 있는 자릿수를 넘어"
        }
        Fault::NotFinite => "소수가 될 수 없는 값(NaN, 무한대)이 있어",
        Fault::Text { .. } => "수나 날짜로 읽을 수 없는 텍스트가 있어",
        Fault::Calendar => "1년에서 9999년 사이를 벗어난 날짜가 생겨",
        Fault::Argument(_) => "함수가 받을 수 없는 값이 있어",
        Fault::ManyRows => "한 값이어야 할 하위 조회가 여러 행을 내서",
        Fault::Polars(_) => "오류가 나서",
    };
    Parts::new(
        format!("이 보고서의 ‘{block}’ 계산이 {what} 멈췄습니다."),
        "데이터는 그대로이며 파일은 만들지 않았습니다.",
        "보고서 담당자에게 알려 주세요.",
    )
}

fn partitions(differ: &PartitionsDiffer) -> Parts {
    Parts::new(
        format!(
            "‘{}’ 조회의 ‘{}’ 열이 ‘{}’ 구간과 ‘{}’ 구간에서 서로 달라 하나로 합칠 수 없습니다.",
            differ.block, differ.column, differ.first.0, differ.second.0
        ),
        "데이터는 그대로이며 파일은 만들지 않았습니다.",
        "보고서 담당자에게 이 열의 형식을 정해 달라고 하세요(예: `CAST(… AS …)`).",
    )
}

fn failed_check(check: &FailedCheck) -> Parts {
    let why = check
        .description
        .as_ref()
        .map(|text| format!(" {text}"))
        .unwrap_or_default();
    Parts::new(
        format!(
            "점검 ‘{}’에서 {}행이 걸려 파일을 내보내지 않았습니다.{why}",
            check.block,
            grouped(check.rows)
        ),
        "데이터는 그대로입니다.",
        "보고서 담당자에게 알려 주세요.",
    )
}

fn missing_columns(columns: &MissingColumns) -> Parts {
    let missing: Vec<_> = columns
        .missing
        .iter()
        .map(|(name, near)| match near {
            Some(near) => format!("‘{name}’(혹시 ‘{near}’?)"),
            None => format!("‘{name}’"),
        })
        .collect();
    Parts::new(
        format!(
            "시트 ‘{}’에 필요하지만 조회 결과에 없는 열이 있습니다: {}. ‘{}’ 결과에 있는 열: {}.",
            columns.sheet,
            missing.join(", "),
            columns.block,
            columns.returned.join(", ")
        ),
        "데이터는 그대로입니다.",
        "보고서 담당자에게 알려 주세요.",
    )
}

fn duration(seconds: u64) -> String {
    if seconds >= 60 && seconds.is_multiple_of(60) {
        format!("{}분", seconds / 60)
    } else {
        format!("{seconds}초")
    }
}
