//! Native charts and what a page draws of them.

use calamine::Data;
use lang::{Lang, Text};
use report::{Chart, ChartKind, Format};

use crate::book::*;

fn chart(kind: ChartKind, series: Option<&str>) -> Chart {
    Chart {
        kind,
        title: Some(Text::same("지역별 매출")),
        x: "day".into(),
        y: vec!["revenue".into()],
        series: series.map(str::to_owned),
        rows: None,
        at: None,
    }
}

fn sales(charts: Vec<Chart>) -> workbook::SheetInput {
    let mut spec = sheet("매출", "by_day");
    spec.columns
        .insert("day".into(), column("날짜", None, None));
    spec.columns
        .insert("region".into(), column("지역", None, None));
    spec.columns
        .insert("revenue".into(), column("매출액", Some(Format::Krw), None));
    spec.charts = charts;
    let table = vec![
        ("day", dates(&[20_002, 20_000, 20_001, 20_000])),
        ("region", words(&["서울", "서울", "부산", "부산"])),
        ("revenue", cents(&[300, 100, 250, 50])),
    ];
    input(spec, table)
}

#[test]
fn every_kind_is_a_native_chart_over_cells() {
    let kinds = [
        (ChartKind::Line, "<c:lineChart>"),
        (ChartKind::Column, "<c:barDir val=\"col\"/>"),
        (ChartKind::Bar, "<c:barDir val=\"bar\"/>"),
        (ChartKind::Area, "<c:areaChart>"),
        (ChartKind::Pie, "<c:pieChart>"),
        (ChartKind::Scatter, "<c:scatterChart>"),
    ];
    let finished = finish(vec![sales(
        kinds.iter().map(|(kind, _)| chart(*kind, None)).collect(),
    )]);
    for (number, (_, element)) in kinds.iter().enumerate() {
        let part = finished.part(&format!("xl/charts/chart{}.xml", number + 1));
        assert!(part.contains(element), "{element} is missing: {part}");
        assert!(part.contains("<c:f>매출!$C$2:$C$5</c:f>"), "{part}");
        assert!(part.contains("<c:v>2.5</c:v>"), "no cached values: {part}");
        assert!(part.contains("지역별 매출"));
    }
    let charts = &finished.written.sheets[0].view.charts;
    assert_eq!(charts.len(), 6);
    assert_eq!(charts[1].kind, "column");
    assert_eq!(
        charts[0].x,
        ["2024-10-06", "2024-10-04", "2024-10-05", "2024-10-04"]
    );
    assert_eq!(charts[0].series[0].name, "매출액");
    assert_eq!(charts[0].series[0].values, [3.0, 1.0, 2.5, 0.5].map(Some));
    assert_eq!(charts[0].format, "krw");
}

#[test]
fn one_series_per_value_is_drawn_from_a_block_of_cells() {
    for limits in every_storage() {
        let finished = finish_within(
            vec![sales(vec![chart(ChartKind::Line, Some("region"))])],
            Lang::Ko,
            limits,
        );
        assert_eq!(
            finished.sheets(),
            ["매출", "차트 데이터", "이 파일에 대하여"]
        );
        let cells = |row: u32| -> Vec<Data> {
            (0..3)
                .map(|column| finished.cell("차트 데이터", row, column))
                .collect()
        };
        assert_eq!(cells(1)[1..], [string("서울"), string("부산")]);
        assert_eq!(moment(&cells(2)[0]), "2024-10-04 00:00:00");
        assert_eq!(cells(2)[1..], [Data::Float(1.0), Data::Float(0.5)]);
        assert_eq!(cells(3)[1..], [Data::Empty, Data::Float(2.5)]);
        assert_eq!(cells(4)[1..], [Data::Float(3.0), Data::Empty]);
        let part = finished.part("xl/charts/chart1.xml");
        assert!(
            part.contains("<c:f>'차트 데이터'!$B$3:$B$5</c:f>"),
            "{part}"
        );
        assert!(part.contains("<c:f>'차트 데이터'!$C$2</c:f>"), "{part}");
        assert!(part.contains("<c:dateAx>"), "{part}");
        assert!(
            part.contains("<c:plotVisOnly val=\"0\"/>") || !part.contains("plotVisOnly val=\"1\""),
            "{part}"
        );
        let view = &finished.written.sheets[0].view.charts[0];
        assert_eq!(view.x, ["2024-10-04", "2024-10-05", "2024-10-06"]);
        assert_eq!(view.series[1].values, [Some(0.5), Some(2.5), None]);
    }
}

#[test]
fn the_author_places_charts_and_limits_their_rows() {
    let mut limited = chart(ChartKind::Bar, None);
    limited.rows = Some(2);
    limited.at = Some("H12".into());
    for (limits, range) in every_storage().into_iter().zip([
        "매출!$C$2:$C$3",
        "'차트 데이터'!$B$3:$B$4",
        "'차트 데이터'!$B$3:$B$4",
    ]) {
        let finished = finish_within(vec![sales(vec![limited.clone()])], Lang::Ko, limits);
        assert!(finished.part("xl/charts/chart1.xml").contains(range));
        let drawing = finished.part("xl/drawings/drawing1.xml");
        assert!(
            drawing.contains("<xdr:col>7</xdr:col>") && drawing.contains("<xdr:row>11</xdr:row>"),
            "{drawing}"
        );
        assert_eq!(finished.written.sheets[0].view.charts[0].x.len(), 2);
        assert_eq!(
            finished.warnings(),
            Vec::<&str>::new(),
            "the author's own limit is no news"
        );
    }
}

#[test]
fn charts_stand_right_of_the_rows_one_below_the_other() {
    let finished = finish(vec![sales(vec![
        chart(ChartKind::Line, None),
        chart(ChartKind::Pie, None),
    ])]);
    let drawing = finished.part("xl/drawings/drawing1.xml");
    let from: Vec<&str> = drawing.split("<xdr:from>").skip(1).collect();
    assert!(
        from[0].starts_with("<xdr:col>4</xdr:col>") && from[0].contains("<xdr:row>1</xdr:row>"),
        "{drawing}"
    );
    assert!(
        from[1].starts_with("<xdr:col>4</xdr:col>") && from[1].contains("<xdr:row>20</xdr:row>"),
        "{drawing}"
    );
}

#[test]
fn too_many_points_are_cut_in_the_chart_and_told() {
    let mut spec = sheet("S", "q");
    spec.charts = vec![Chart {
        x: "n".into(),
        y: vec!["n".into()],
        ..chart(ChartKind::Line, None)
    }];
    let columns = vec![rows::ColumnInfo {
        name: "n".into(),
        kind: rows::ColumnType::Integer,
        is_narrow: false,
        is_mixed: false,
        is_guess: false,
    }];
    let limits = workbook::Limits {
        memory_cells: 0,
        ..Default::default()
    };
    let input = generated(spec, columns, 6_000, |range| {
        vec![integers(&range.map(|n| n as i64).collect::<Vec<_>>())]
    });
    let finished = finish_within(vec![input], Lang::Ko, limits);
    assert_eq!(finished.warnings(), ["workbook::chart_cut"]);
    let view = &finished.written.sheets[0].view.charts[0];
    assert_eq!(view.x.len(), 400);
    assert_eq!((view.x[0].as_str(), view.x[399].as_str()), ("0", "4,999"));
    assert_eq!(finished.written.sheets[0].rows, 6_000);
}

#[test]
fn a_chart_of_an_empty_sheet_is_left_out() {
    let mut spec = sheet("S", "q");
    spec.charts = vec![Chart {
        x: "n".into(),
        y: vec!["n".into()],
        ..chart(ChartKind::Line, None)
    }];
    let finished = finish(vec![input(spec, vec![("n", integers(&[]))])]);
    assert!(
        !finished
            .parts()
            .keys()
            .any(|name| name.starts_with("xl/charts/"))
    );
}

#[test]
fn a_chart_of_a_column_that_is_not_there_names_it() {
    let mut spec = sheet("S", "q");
    spec.charts = vec![chart(ChartKind::Line, None)];
    let folder = tempfile::tempdir().unwrap();
    let book = book(
        vec![input(spec, vec![("n", integers(&[1]))])],
        Lang::Ko,
        folder.path(),
    );
    let cancel = tokio_util::sync::CancellationToken::default();
    let error = workbook::write(book, &folder.path().join("x"), &mut |_| {}, &cancel).unwrap_err();
    assert!(
        error.to_string().contains("`day`") && error.to_string().contains("`revenue`"),
        "{error}"
    );
}

#[test]
fn a_name_that_looks_like_a_reference_is_text() {
    let titles = [
        "=Sheet1!$A$1",
        "=(a)",
        "=표[열]",
        "매출!A1",
        "'매출'!$A$1:$B$2",
        "<b>!A1",
        "_xFFFE_!A1_xFFFE_",
        "_xFFFE_",
        "plain",
    ];
    let charts = titles.map(|title| Chart {
        title: Some(Text::same(title)),
        ..chart(ChartKind::Scatter, None)
    });
    let mut sales = sales(charts.into());
    sales
        .spec
        .columns
        .insert("day".into(), column("=Sheet1!$A$1", None, None));
    let finished = finish(vec![sales]);
    for (number, title) in titles.iter().enumerate() {
        let part = finished.part(&format!("xl/charts/chart{}.xml", number + 1));
        let shown = title.replace('<', "&lt;").replace('>', "&gt;");
        assert!(
            part.contains(&format!("<a:t>{shown}</a:t>")),
            "{title}: {part}"
        );
        assert!(part.contains("<a:t>=Sheet1!$A$1</a:t>"), "{title}: {part}");
        assert!(!part.contains("<c:strRef><c:f>Sheet1"), "{title}: {part}");
    }
}
