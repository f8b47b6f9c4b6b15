use super::*;

fn data(kind: ChartKind, names: &[&str], values: &[Option<f64>]) -> ChartData {
    ChartData {
        kind,
        title: String::from("월 매출 <전체>"),
        x: (0..values.len())
            .map(|month| format!("2026-{:02}", month + 1))
            .collect(),
        series: names
            .iter()
            .map(|name| Series {
                name: (*name).to_owned(),
                values: values.to_vec(),
            })
            .collect(),
        format: String::from("krw"),
        lang: Lang::Ko,
    }
}

#[test]
fn every_kind_has_a_title_and_a_description() {
    for word in ["line", "column", "bar", "area", "pie", "scatter"] {
        let svg = draw(
            &data(
                ChartKind::from_word(word),
                &["서울"],
                &[Some(1e6), Some(2e6)],
            ),
            "chart-1",
        );
        assert!(
            svg.contains(r#"aria-labelledby="chart-1-title chart-1-desc""#),
            "{word}: {svg}"
        );
        assert!(svg.contains("월 매출 &lt;전체&gt;"), "{word}: {svg}");
        assert!(
            svg.contains("최대 ₩2,000,000 (2026-02), 최소 ₩1,000,000 (2026-01)."),
            "{word}: {svg}"
        );
        assert!(
            !svg.contains("NaN") && !svg.contains("inf"),
            "{word}: {svg}"
        );
    }
}

#[test]
fn a_gap_breaks_the_line() {
    let svg = draw(
        &data(
            ChartKind::Line,
            &["a"],
            &[Some(1.0), Some(2.0), None, Some(3.0), Some(4.0)],
        ),
        "c",
    );
    assert_eq!(svg.matches("class=\"ChartLine\"").count(), 2);
    assert_eq!(svg.matches("<circle").count(), 4);
}

#[test]
fn nothing_to_draw_is_nothing() {
    assert_eq!(draw(&data(ChartKind::Line, &["a"], &[None, None]), "c"), "");
    assert_eq!(draw(&data(ChartKind::Pie, &[], &[]), "c"), "");
}

#[test]
fn several_series_have_a_legend() {
    let svg = draw(
        &data(ChartKind::Column, &["서울", "부산"], &[Some(1.0)]),
        "c",
    );
    assert_eq!(svg.matches("<li ").count(), 2);
    assert!(svg.contains("부산"));
}

#[test]
fn a_pie_of_many_puts_the_rest_together() {
    let svg = draw(&data(ChartKind::Pie, &["a"], &[Some(1.0); 12]), "c");
    assert_eq!(svg.matches("<path").count(), 8);
    assert!(svg.contains("그 밖의 5개 · ₩5 (41.7%)"), "{svg}");
}

#[test]
fn a_single_slice_is_a_full_ring() {
    let svg = draw(&data(ChartKind::Pie, &["a"], &[Some(5.0)]), "c");
    assert!(svg.contains("A116 116 0 1 1"), "{svg}");
}

#[test]
fn negative_values_hang_below_zero() {
    let svg = draw(
        &data(ChartKind::Column, &["a"], &[Some(-5.0), Some(5.0)]),
        "c",
    );
    assert!(svg.contains("class=\"zero\""), "{svg}");
    assert!(!svg.contains("height=\"-"), "{svg}");
}
