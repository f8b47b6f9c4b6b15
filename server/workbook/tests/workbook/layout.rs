//! First look: header, table, totals, formats, names, properties, "About".

use calamine::{Data, DataType};
use lang::{Lang, Text};
use report::{Column, Condition, Format, Freeze, Op, Operand, Rule, RuleStyle, Total};

use crate::book::*;

fn sales() -> workbook::SheetInput {
    let mut spec = sheet("일별 매출", "by_day");
    spec.columns
        .insert("day".into(), column("날짜", Some(Format::Date), None));
    spec.columns
        .insert("region".into(), column("지역 [시/도]", None, None));
    spec.columns.insert(
        "orders".into(),
        column("주문", Some(Format::Int), Some(Total::Sum)),
    );
    spec.columns.insert(
        "revenue".into(),
        column("매출", Some(Format::Krw), Some(Total::Sum)),
    );
    spec.columns.insert(
        "basket".into(),
        column("객단가", Some(Format::Krw), Some(Total::Average)),
    );
    spec.freeze = Some(Freeze {
        rows: 1,
        columns: 2,
    });
    spec.rules.push(Rule {
        column: "revenue".into(),
        when: Condition {
            op: Op::Ge,
            value: Operand::Number("1000".parse().unwrap()),
        },
        style: RuleStyle::Good,
    });
    let table = vec![
        ("day", dates(&[20_696, 20_697, 20_698])),
        (
            "region",
            words(&["서울특별시", "부산광역시", "제주특별자치도"]),
        ),
        ("orders", integers(&[3, 5, 10])),
        ("revenue", cents(&[123_456_750, 99_900, 25])),
        ("basket", cents(&[41_152_250, 19_980, 3])),
    ];
    input(spec, table)
}

#[test]
fn the_header_is_frozen_and_the_rows_are_a_table_with_totals() {
    for limits in every_storage() {
        let finished = finish_within(vec![sales()], Lang::Ko, limits);
        let sheet = finished.part("xl/worksheets/sheet1.xml");
        assert!(
            sheet.contains("<pane xSplit=\"2\" ySplit=\"1\" topLeftCell=\"C2\""),
            "{sheet}"
        );
        assert!(sheet.contains("<tablePart "));
        assert!(sheet.contains("fitToPage=\"1\"") && sheet.contains("paperSize=\"9\""));
        let table = finished.part("xl/tables/table1.xml");
        assert!(table.contains("name=\"data_by_day\""), "{table}");
        assert!(
            table.contains("ref=\"A1:E5\" totalsRowCount=\"1\""),
            "{table}"
        );
        assert!(table.contains("<autoFilter ref=\"A1:E4\"/>"), "{table}");
        assert!(
            table.contains("totalsRowFunction=\"average\" name=\"객단가\""),
            "{table}"
        );
        assert!(
            finished
                .part("xl/workbook.xml")
                .contains("_xlnm.Print_Titles")
        );
    }
}

#[test]
fn totals_are_formulas_with_their_values_stored() {
    for limits in every_storage() {
        let finished = finish_within(vec![sales()], Lang::Ko, limits);
        let formula = |column| {
            finished
                .formulas("일별 매출")
                .get_value((4, column))
                .cloned()
                .unwrap_or_default()
        };
        assert_eq!(finished.cell("일별 매출", 4, 0), string("합계"));
        assert_eq!(formula(2), "SUBTOTAL(109,data_by_day[주문])");
        assert_eq!(finished.cell("일별 매출", 4, 2), Data::Float(18.0));
        assert_eq!(finished.cell("일별 매출", 4, 3), Data::Float(1_235_566.75));
        assert_eq!(formula(4), "SUBTOTAL(101,data_by_day[객단가])");
        let values: Vec<_> = finished
            .written
            .totals
            .iter()
            .map(|total| total.value.as_str())
            .collect();
        assert_eq!(values, ["18", "1235566.75", "137240.77666667"]);
        let shown = finished.written.sheets[0].view.totals.clone().unwrap();
        assert_eq!(shown[3].as_deref(), Some("₩1,235,567"));
        assert_eq!(shown[0].as_deref(), Some("합계"));
    }
}

#[test]
fn formats_have_separators_and_currencies() {
    let finished = finish(vec![sales()]);
    let styles = finished.part("xl/styles.xml");
    for code in ["[$₩-412]#,##0", "yyyy\\-mm\\-dd", "맑은 고딕"] {
        assert!(styles.contains(code), "{code} is missing: {styles}");
    }
    let view = &finished.written.sheets[0].view;
    assert_eq!(view.preview[0][0].as_deref(), Some("2026-08-31"));
    assert_eq!(view.preview[0][3].as_deref(), Some("₩1,234,568"));
    assert_eq!(view.columns[3].format, "krw");
}

#[test]
fn listed_columns_come_first_and_others_may_be_hidden() {
    let table = || {
        vec![
            ("a", integers(&[1])),
            ("b", integers(&[2])),
            ("c", integers(&[3])),
        ]
    };
    let mut spec = sheet("S", "q");
    spec.columns.insert("c".into(), Column::default());
    let shown = finish(vec![input(spec.clone(), table())]);
    assert_eq!(
        [0, 1, 2].map(|column| shown.cell("S", 1, column)),
        [3.0, 1.0, 2.0].map(Data::Float)
    );
    spec.others = false;
    let hidden = finish(vec![input(spec, table())]);
    assert_eq!(hidden.range("S").width(), 1);
}

#[test]
fn headings_that_are_equal_are_told_apart() {
    let mut spec = sheet("S", "q");
    spec.columns
        .insert("a".into(), column("매출", None, Some(Total::Sum)));
    spec.columns
        .insert("b".into(), column("매출", None, Some(Total::Sum)));
    let finished = finish(vec![input(
        spec,
        vec![("a", integers(&[1])), ("b", integers(&[2]))],
    )]);
    assert_eq!(finished.cell("S", 0, 1), string("매출 (2)"));
    assert_eq!(
        finished.formulas("S").get_value((2, 1)).unwrap(),
        "SUBTOTAL(109,data_q[매출 (2)])"
    );
}

#[test]
fn an_empty_sheet_has_its_header_and_the_authors_sentence() {
    let mut spec = sheet("미발행", "not_invoiced");
    spec.empty = Some(Text::both(
        "모든 주문에 계산서가 있습니다.",
        "Every order has an invoice.",
    ));
    spec.columns.insert(
        "sold".into(),
        column("금액", Some(Format::Krw), Some(Total::Sum)),
    );
    let empty = || vec![("order_id", integers(&[])), ("sold", cents(&[]))];
    let finished = finish(vec![
        input(spec, empty()),
        input(sheet("기본", "q"), empty()),
    ]);
    assert_eq!(finished.cell("미발행", 0, 0), string("금액"));
    assert_eq!(
        finished.cell("미발행", 1, 0),
        string("모든 주문에 계산서가 있습니다.")
    );
    assert_eq!(
        finished.cell("기본", 1, 0),
        string("이 조건에 해당하는 데이터가 없습니다.")
    );
    let view = &finished.written.sheets[0].view;
    assert_eq!(
        view.empty.as_deref(),
        Some("모든 주문에 계산서가 있습니다.")
    );
    assert_eq!((view.rows, view.totals.is_none()), (0, true));
    assert_eq!(finished.written.totals[0].value, "0");
}

#[test]
fn about_says_where_every_number_comes_from() {
    let finished = finish(vec![sales()]);
    assert_eq!(finished.sheets(), ["일별 매출", "이 파일에 대하여"]);
    let range = finished.range("이 파일에 대하여");
    let texts: Vec<String> = range
        .used_cells()
        .map(|(_, _, cell)| cell.to_string())
        .collect();
    for wanted in [
        "월별 매출 & 목표",
        "sales/monthly",
        "김민지",
        "2026-09-03 07:12:05 (Asia/Seoul)",
        "2026-09-03 07:10:00 (Asia/Seoul)",
        "2026-08-01 ~ 2026-08-31",
        "orders",
        "184000",
        "1235566.75",
        "5f1c5f1c",
    ] {
        assert!(
            texts.iter().any(|text| text.contains(wanted)),
            "{wanted} is missing in {texts:?}"
        );
    }
    let links = finished
        .parts()
        .into_iter()
        .filter(|(name, _)| name.ends_with("sheet2.xml.rels"));
    assert!(
        links
            .map(|(_, text)| text)
            .any(|text| text.contains("https://digger.example.com/runs/0197-run"))
    );
    let core = finished.part("docProps/core.xml");
    assert!(
        core.contains("월별 매출 &amp; 목표") && core.contains("김민지"),
        "{core}"
    );
    assert!(core.contains("2026-09-02T22:12:05Z"), "{core}");
}

#[test]
fn about_speaks_english_to_english_readers() {
    let finished = finish_within(vec![sales()], Lang::En, Default::default());
    assert_eq!(finished.sheets(), ["일별 매출", "About"]);
    let texts: Vec<String> = finished
        .range("About")
        .used_cells()
        .map(|(_, _, cell)| cell.to_string())
        .collect();
    for wanted in ["Run by", "Control totals", "Nothing in particular."] {
        assert!(
            texts.iter().any(|text| text == wanted),
            "{wanted} is missing in {texts:?}"
        );
    }
}

#[test]
fn control_totals_on_about_look_like_their_columns() {
    let finished = finish(vec![sales()]);
    let about = finished.range("이 파일에 대하여");
    for (title, code, value) in [
        ("매출", "[$₩-412]#,##0", 1_235_566.75),
        ("객단가", "[$₩-412]#,##0", 137_240.776_666_67),
    ] {
        let row = (0..)
            .find(|row| about.get_value((*row, 1)) == Some(&string(title)))
            .unwrap();
        let cell = format!("D{}", row + 1);
        assert_eq!(finished.code("xl/worksheets/sheet2.xml", &cell), code);
        assert_eq!(about.get_value((row, 3)), Some(&Data::Float(value)));
    }
}

#[test]
fn a_total_of_doubles_is_a_number_on_about_too() {
    let mut spec = sheet("비중", "shares");
    spec.columns.insert(
        "share".into(),
        column("비중", Some(Format::Percent1), Some(Total::Sum)),
    );
    let shares = rows::ColumnData::Float(flat(&[Some(0.097_034_069_277_239_11)]));
    let finished = finish(vec![input(spec, vec![("share", shares)])]);
    // More digits than Excel shows, and yet one double.
    assert_eq!(finished.written.totals[0].value, "0.09703406927723911");
    let about = finished.range("이 파일에 대하여");
    assert!(
        about
            .used_cells()
            .any(|(_, column, cell)| column == 3 && *cell == Data::Float(0.097_034_069_277_239_11))
    );
}

#[test]
fn the_first_sheet_is_open_and_no_other_is_selected() {
    let finished = finish(vec![
        sales(),
        input(sheet("B", "b"), vec![("a", integers(&[1]))]),
    ]);
    assert!(
        finished
            .part("xl/worksheets/sheet1.xml")
            .contains("tabSelected=\"1\"")
    );
    for sheet in ["sheet2", "sheet3"] {
        assert!(
            !finished
                .part(&format!("xl/worksheets/{sheet}.xml"))
                .contains("tabSelected")
        );
    }
}

#[test]
fn sheet_names_are_valid_whatever_the_author_wrote() {
    let one = || vec![("a", integers(&[1]))];
    let names = [
        "About",
        "a/b",
        "A b",
        "지역별 매출과 목표 대비 달성률 그리고 전년 동월 대비 증감률",
    ];
    let sheets = names.map(|name| input(sheet(name, "q"), one()));
    let finished = finish_within(sheets.into(), Lang::En, Default::default());
    let given = finished.sheets();
    assert_eq!(&given[..3], ["About", "a b", "A b (2)"]);
    assert_eq!(
        given[3],
        "지역별 매출과 목표 대비 달성률 그리고 전년 동월 대비"
    );
    assert_eq!(given[4], "About (2)");
}

#[test]
fn rules_colour_numbers_dates_and_texts_but_no_empty_cells() {
    let mut spec = sheet("S", "q");
    let rule = |column: &str, op, value, style| Rule {
        column: column.into(),
        when: Condition { op, value },
        style,
    };
    spec.rules = vec![
        rule(
            "n",
            Op::Lt,
            Operand::Number("-1.5".parse().unwrap()),
            RuleStyle::Bad,
        ),
        rule(
            "t",
            Op::Eq,
            Operand::Text("늦음 \"A\"".into()),
            RuleStyle::Warn,
        ),
        rule(
            "d",
            Op::Gt,
            Operand::Text("2026-09-03".into()),
            RuleStyle::Muted,
        ),
    ];
    let table = vec![
        ("n", integers(&[1])),
        ("t", words(&["x"])),
        ("d", dates(&[0])),
    ];
    let finished = finish(vec![input(spec, table)]);
    let sheet = finished.part("xl/worksheets/sheet1.xml");
    for formula in [
        "AND(ISNUMBER($A2),$A2&lt;-1.5)",
        "AND($B2&lt;&gt;\"\",$B2=\"늦음 \"\"A\"\"\")",
        "AND(ISNUMBER($C2),$C2&gt;46268)",
    ] {
        assert!(sheet.contains(formula), "{formula} is missing in {sheet}");
    }
}

#[test]
fn widths_follow_the_author_and_else_the_letters() {
    let mut spec = sheet("S", "q");
    spec.columns.insert(
        "a".into(),
        Column {
            width: Some(33.0),
            ..Column::default()
        },
    );
    let table = vec![
        ("a", integers(&[1])),
        ("short", words(&["x"])),
        ("korean", words(&["가나다라마바사아자차카타파하"])),
        ("long", words(&["x".repeat(500).as_str()])),
    ];
    let finished = finish(vec![input(spec, table)]);
    let sheet = finished.part("xl/worksheets/sheet1.xml");
    let widths: Vec<f64> = sheet
        .split("width=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap().parse().unwrap())
        .collect();
    assert_eq!(widths.len(), 4);
    assert!(
        (33.0..34.0).contains(&widths[0]) && (30.0..31.0).contains(&widths[2]),
        "{widths:?}"
    );
    assert!(widths[1] < 13.0 && widths[3] < 50.0, "{widths:?}");
}

#[test]
fn a_total_that_cannot_be_is_told() {
    let mut spec = sheet("S", "q");
    spec.columns
        .insert("name".into(), column("이름", None, Some(Total::Sum)));
    let finished = finish(vec![input(spec, vec![("name", words(&["x"]))])]);
    assert_eq!(finished.warnings(), ["workbook::no_total"]);
    assert!(finished.written.totals.is_empty());
    assert!(finished.cell("S", 2, 0).is_empty());
}

#[test]
fn a_format_excel_cannot_read_is_told_and_left_out() {
    let mut spec = sheet("S", "q");
    let bad = Format::Excel("won\"".into());
    spec.columns
        .insert("n".into(), column("N", Some(bad), None));
    let finished = finish(vec![input(spec, vec![("n", integers(&[1_000]))])]);
    assert_eq!(finished.warnings(), ["workbook::bad_format"]);
    assert_eq!(
        finished.written.sheets[0].view.preview[0][0].as_deref(),
        Some("1,000")
    );
    assert!(!finished.part("xl/styles.xml").contains("won"));
}

#[test]
fn names_of_any_length_open() {
    let long = "아주 긴 이름 ".repeat(6_000);
    let mut spec = sheet("S", "q");
    spec.columns
        .insert("n".into(), column(&long, None, Some(Total::Sum)));
    spec.charts = vec![report::Chart {
        kind: report::ChartKind::Line,
        title: Some(Text::same(&long)),
        x: "t".into(),
        y: vec!["n".into()],
        series: Some("t".into()),
        rows: None,
        at: None,
    }];
    let table = vec![("n", integers(&[1])), ("t", words(&[&long]))];
    let finished = finish(vec![input(spec, table)]);
    assert_eq!(finished.written.sheets[0].rows, 1);
    assert!(
        finished.written.sheets[0].view.columns[0]
            .title
            .chars()
            .count()
            < 256
    );
}
