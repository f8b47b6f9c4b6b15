//! The words of the file in both languages.

use lang::Lang;
use report::Total;

/// Messages that stand in the workbook.
pub(crate) struct Messages {
    pub about: &'static str,
    pub chart_data: &'static str,
    pub empty: &'static str,
    pub total: &'static str,
    pub total_of_part: &'static str,
    pub nothing: &'static str,
    pub report: &'static str,
    pub person: &'static str,
    pub started: &'static str,
    pub data_time: &'static str,
    pub run: &'static str,
    pub link: &'static str,
    pub open_run: &'static str,
    pub revision: &'static str,
    pub values: &'static str,
    pub no_values: &'static str,
    pub sheets: &'static str,
    pub queries: &'static str,
    pub totals: &'static str,
    pub warnings: &'static str,
    pub no_warnings: &'static str,
    pub rows: &'static str,
    pub column: &'static str,
    pub kind: &'static str,
    pub value: &'static str,
    pub split: &'static str,
    pub page: &'static str,
}

const KO: Messages = Messages {
    about: "이 파일에 대하여",
    chart_data: "차트 데이터",
    empty: "이 조건에 해당하는 데이터가 없습니다.",
    total: "합계",
    total_of_part: "이 시트 합계",
    nothing: "(없음)",
    report: "보고서",
    person: "실행한 사람",
    started: "실행 시각",
    data_time: "데이터 기준 시각",
    run: "실행 번호",
    link: "실행 화면",
    open_run: "브라우저에서 열기",
    revision: "보고서 판",
    values: "조회 조건",
    no_values: "조건 없이 실행했습니다.",
    sheets: "시트별 행 수",
    queries: "조회별 행 수",
    totals: "확인용 합계",
    warnings: "알아 두실 점",
    no_warnings: "특별히 알릴 것이 없습니다.",
    rows: "행 수",
    column: "열",
    kind: "종류",
    value: "값",
    split: "한 시트에 담을 수 있는 행 수를 넘어 다음 시트로 이어집니다.",
    page: "쪽",
};

const EN: Messages = Messages {
    about: "About",
    chart_data: "Chart data",
    empty: "No data for these values.",
    total: "Total",
    total_of_part: "Total of this sheet",
    nothing: "(none)",
    report: "Report",
    person: "Run by",
    started: "Run at",
    data_time: "Data as of",
    run: "Run",
    link: "Run page",
    open_run: "Open in the browser",
    revision: "Report revision",
    values: "Values",
    no_values: "Run without parameters.",
    sheets: "Rows per sheet",
    queries: "Rows per query",
    totals: "Control totals",
    warnings: "What to know",
    no_warnings: "Nothing in particular.",
    rows: "Rows",
    column: "Column",
    kind: "Kind",
    value: "Value",
    split: "More rows than one sheet can hold; it continues on the next sheet.",
    page: "Page",
};

/// The words of a language.
pub(crate) fn messages(lang: Lang) -> &'static Messages {
    match lang {
        Lang::Ko => &KO,
        Lang::En => &EN,
    }
}

/// What a kind of total is called.
pub(crate) fn total(kind: Total, lang: Lang) -> &'static str {
    match (kind, lang) {
        (Total::Sum, Lang::Ko) => "합계",
        (Total::Average, Lang::Ko) => "평균",
        (Total::Count, Lang::Ko) => "개수",
        (Total::Min, Lang::Ko) => "최솟값",
        (Total::Max, Lang::Ko) => "최댓값",
        (Total::Sum, Lang::En) => "Sum",
        (Total::Average, Lang::En) => "Average",
        (Total::Count, Lang::En) => "Count",
        (Total::Min, Lang::En) => "Minimum",
        (Total::Max, Lang::En) => "Maximum",
    }
}
