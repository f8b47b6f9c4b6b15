//! Blocks that must return no rows.

use lang::{Message, Parts, grouped};
use report::{Block, Check};

use crate::first_rows::first_rows;
use crate::meter::{Counter, Location, Meter};
use crate::stage::Answer;
use crate::{EngineError, FailedCheck, Step, Warning};

/// Rows of a failed check that are shown.
const SHOWN_ROWS: usize = 20;

/// Looks at the answer of a block; a warning when it checks and only warns.
///
/// # Errors
/// [`EngineError::CheckFailed`] when it checks, has rows, and must not.
pub(crate) async fn look(
    meter: &Meter<'_>,
    block: &Block,
    answer: &Answer,
) -> Result<Option<Warning>, EngineError> {
    let Some(check) = block.check else {
        return Ok(None);
    };
    if answer.rows == 0 {
        return Ok(None);
    }
    let place = Location {
        step: Step::Summarising,
        block: None,
        total: None,
    };
    let first = {
        let answer = answer.clone();
        meter
            .run(place, &Counter::default(), move || {
                first_rows(&answer, SHOWN_ROWS)
            })
            .await?
    };
    let failed = FailedCheck {
        block: block.name.clone(),
        description: block.description.clone(),
        rows: answer.rows,
        columns: answer
            .columns
            .iter()
            .map(|column| column.name.clone())
            .collect(),
        first,
    };
    match check {
        Check::Fail => Err(EngineError::CheckFailed(Box::new(failed))),
        Check::Warn => Ok(Some(warning(failed))),
    }
}

fn warning(check: FailedCheck) -> Warning {
    let why = check
        .description
        .as_ref()
        .map(|text| format!(" {text}"))
        .unwrap_or_default();
    let rows = grouped(check.rows);
    let noun = if check.rows == 1 { "row" } else { "rows" };
    let message = Message::of(
        Parts::new(
            format!("점검 ‘{}’에서 {rows}행이 걸렸습니다.{why}", check.block),
            "파일은 만들었지만 확인이 필요합니다.",
            "",
        ),
        Parts::new(
            format!("The check “{}” found {rows} {noun}.{why}", check.block),
            "The file was made all the same; please look into it.",
            "",
        ),
    );
    Warning {
        code: "run::check_failed".to_owned(),
        message,
        rows: Some(check),
    }
}
