//! The reports together use every feature of the format, so that each is seen to work on a real question.

use std::collections::BTreeSet;

use report::{BlockKind, Check, Format, Grain, Options, ParamKind, Report, Total};

fn seen<T: Ord>(reports: &[Report], each: impl Fn(&Report) -> Vec<T>) -> BTreeSet<T> {
    reports.iter().flat_map(each).collect()
}

/// Reports of a department; the examples are only there to show features.
fn of_departments() -> Vec<Report> {
    super::reports()
        .into_iter()
        .filter(|report| report.id.folder() != "examples")
        .collect()
}

#[test]
fn every_kind_of_parameter_is_asked_for() {
    let reports = of_departments();
    let kinds = seen(&reports, |report| {
        report
            .params
            .values()
            .map(|param| param.kind.as_str())
            .collect()
    });
    assert_eq!(
        kinds,
        ParamKind::ALL.iter().map(|kind| kind.as_str()).collect()
    );
    let params = || reports.iter().flat_map(|report| report.params.values());
    assert!(params().any(|param| param.viewer.is_some()));
    assert!(params().any(|param| param.pattern.is_some()));
    assert!(params().any(|param| param.min.is_some()) && params().any(|param| param.max.is_some()));
    assert!(params().any(|param| matches!(param.options, Some(Options::List(_)))));
    assert!(params().any(|param| matches!(param.options, Some(Options::Query { .. }))));
    let grains = seen(&super::reports(), |report| {
        report
            .params
            .values()
            .filter_map(|param| param.grain)
            .map(Grain::as_str)
            .collect()
    });
    assert_eq!(
        grains,
        BTreeSet::from(["day", "week", "month", "quarter", "year"])
    );
}

#[test]
fn every_way_to_read_is_used() {
    let reports = of_departments();
    let blocks = || reports.iter().flat_map(|report| &report.blocks);
    let extracts = |wanted: fn(&BlockKind) -> bool| blocks().any(|block| wanted(&block.kind));
    assert!(extracts(|kind| matches!(
        kind,
        BlockKind::Extract {
            partition: Some(_),
            ..
        }
    )));
    assert!(extracts(|kind| matches!(
        kind,
        BlockKind::Extract {
            incremental: Some(_),
            ..
        }
    )));
    assert!(extracts(|kind| matches!(
        kind,
        BlockKind::Extract { cache: Some(_), .. }
    )));
    assert!(extracts(|kind| matches!(
        kind,
        BlockKind::Extract {
            timeout: Some(_),
            ..
        }
    )));
    assert!(extracts(|kind| matches!(kind, BlockKind::Polars)));
    for check in [Check::Fail, Check::Warn] {
        assert!(blocks().any(|block| block.check == Some(check)));
    }
    // A choice follows another one.
    assert!(reports.iter().any(|report| {
        report.params.values().any(|param| match &param.options {
            Some(Options::Query { block, .. }) => !report.block(block).unwrap().params.is_empty(),
            _ => false,
        })
    }));
    assert!(
        reports
            .iter()
            .any(|report| report.limits.rows.is_some() && report.limits.runtime.is_some())
    );
    assert!(reports.iter().any(|report| !report.formerly.is_empty()));
    assert!(
        reports
            .iter()
            .all(|report| report.file_name.is_some() && report.owner.is_some())
    );
}

#[test]
fn every_way_to_show_is_used() {
    let reports = super::reports();
    let sheets = || reports.iter().flat_map(|report| &report.workbook.sheets);
    let columns = || sheets().flat_map(|sheet| sheet.columns.values());
    let formats: BTreeSet<&str> = columns()
        .filter_map(|column| column.format.as_ref())
        .map(Format::as_str)
        .collect();
    let mut wanted: BTreeSet<&str> = Format::WORDS.into_iter().collect();
    wanted.insert("excel");
    assert_eq!(formats, wanted);
    let totals: BTreeSet<&str> = columns()
        .filter_map(|column| column.total)
        .map(Total::as_str)
        .collect();
    assert_eq!(
        totals,
        BTreeSet::from(["sum", "average", "count", "min", "max"])
    );
    assert!(columns().any(|column| column.width.is_some()));
    let charts: BTreeSet<&str> = sheets()
        .flat_map(|sheet| &sheet.charts)
        .map(|chart| chart.kind.as_str())
        .collect();
    assert_eq!(
        charts,
        BTreeSet::from(["line", "column", "bar", "area", "pie", "scatter"])
    );
    assert!(
        sheets()
            .flat_map(|sheet| &sheet.charts)
            .any(|chart| chart.series.is_some())
    );
    assert!(
        sheets()
            .flat_map(|sheet| &sheet.charts)
            .any(|chart| chart.rows.is_some())
    );
    assert!(
        sheets()
            .flat_map(|sheet| &sheet.charts)
            .any(|chart| chart.at.is_none())
    );
    let styles: BTreeSet<String> = sheets()
        .flat_map(|sheet| &sheet.rules)
        .map(|rule| format!("{:?}", rule.style))
        .collect();
    assert_eq!(styles.len(), 4, "{styles:?}");
    for total in [true, false] {
        assert!(
            sheets()
                .filter_map(|sheet| sheet.pivot.as_ref())
                .any(|pivot| pivot.total == total)
        );
    }
    assert!(sheets().any(|sheet| !sheet.others) && sheets().any(|sheet| sheet.freeze.is_some()));
    assert!(sheets().any(|sheet| sheet.empty.is_some()));
}

#[test]
fn every_text_of_a_department_is_in_both_languages() {
    for report in of_departments() {
        let mut texts = vec![&report.title];
        texts.extend(&report.description);
        texts.extend(&report.file_name);
        for param in report.params.values().filter(|param| param.is_visible()) {
            texts.push(&param.label);
            texts.extend(&param.help);
        }
        for sheet in &report.workbook.sheets {
            texts.push(&sheet.name);
            texts.extend(&sheet.empty);
            texts.extend(
                sheet
                    .columns
                    .values()
                    .filter_map(|column| column.title.as_ref()),
            );
            texts.extend(sheet.charts.iter().filter_map(|chart| chart.title.as_ref()));
        }
        for text in texts {
            let (Some(ko), Some(en)) = (&text.ko, &text.en) else {
                panic!("{}: {text:?}", report.id)
            };
            assert_ne!(ko, en, "{}", report.id);
            assert!(en.is_ascii(), "{}: {en}", report.id);
        }
    }
}
