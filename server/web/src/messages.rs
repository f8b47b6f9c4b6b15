//! The few sentences that are shown on a page but not known to it.

use app::AppError;
use lang::Lang;

/// Why a form could not be taken although nothing is wrong with it.
pub fn problem(error: &AppError, lang: Lang) -> String {
    match (error, lang) {
        (AppError::TooMany, Lang::Ko) => {
            "이미 많은 실행이 기다리고 있습니다. 잠시 뒤 다시 실행해 주세요. 입력한 값은 그대로 남아 있습니다.".to_owned()
        }
        (AppError::TooMany, Lang::En) => {
            "Many of your runs are waiting already. Please try again later; what you typed is still here.".to_owned()
        }
        (AppError::Unavailable { reference }, Lang::Ko) => {
            format!("지금은 실행을 받을 수 없습니다. 잠시 뒤 다시 눌러 주세요. 입력한 값은 그대로 남아 있습니다. (문의 번호 {reference})")
        }
        (AppError::Unavailable { reference }, Lang::En) => {
            format!("Runs cannot be taken right now. Please press the button again in a moment; what you typed is still here. (reference {reference})")
        }
        (error, _) => error.to_string(),
    }
}

/// Why there is no result to use although one was offered.
pub fn result_gone(lang: Lang) -> String {
    match lang {
        Lang::Ko => "그 결과를 더 이상 쓸 수 없거나 값이 바뀌었습니다. 입력한 값은 그대로 남아 있으니 새로 실행해 주세요.",
        Lang::En => "That result can no longer be used, or the values were changed. What you typed is still here; please run it anew.",
    }
    .to_owned()
}
