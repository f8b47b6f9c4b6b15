//! Key figures of the reports against SQL of the test's own.

use calamine::{Data, Reader, Xlsx, open_workbook};

use super::shop::{everything, last_month, number, open, refused_as, run, run_as, text};

/// Every cell of a sheet below its header, without the totals row.
fn body(workbook: &std::path::Path, sheet: &str, rows: i64) -> Vec<Vec<Data>> {
    let mut book: Xlsx<_> = open_workbook(workbook).unwrap();
    let range = book.worksheet_range(sheet).unwrap();
    range
        .rows()
        .skip(1)
        .take(rows as usize)
        .map(<[Data]>::to_vec)
        .collect()
}

fn number_of(cell: &Data) -> f64 {
    match cell {
        Data::Int(value) => *value as f64,
        Data::Float(value) => *value,
        Data::DateTime(value) => value.as_f64(),
        other => panic!("{other:?} is no number"),
    }
}

#[tokio::test]
async fn monthly_sales_add_up_to_the_orders() {
    let (from, until) = everything();
    let mut shop = open().await;
    let orders = format!(
        "FROM orders WHERE status <> 'cancelled' AND ordered_at >= '{from}' AND ordered_at < '{until}'"
    );
    let ran = run(
        "sales/monthly_sales",
        &[&format!("period={from} .. {until}")],
    );
    assert_eq!(ran.rows("월별"), 36);
    let revenue = number(&mut shop, &format!("SELECT SUM(total_amount) {orders}")).await;
    assert_eq!(ran.won("월별", "revenue"), revenue);
    assert_eq!(ran.won("지역별", "revenue"), revenue);
    assert_eq!(
        ran.won("월별", "orders"),
        number(&mut shop, &format!("SELECT COUNT(*) {orders}")).await
    );
    // The pivot's last column is the sum of its rows.
    let pivot = body(&ran.workbook, "권역별 피벗", ran.rows("권역별 피벗"));
    assert_eq!(pivot.len(), 5);
    let sum: f64 = pivot.iter().map(|row| number_of(row.last().unwrap())).sum();
    assert_eq!(sum.round() as i64, revenue);
    // One area, one region of it.
    let ran = run(
        "sales/monthly_sales",
        &[
            &format!("period={from} .. {until}"),
            "areas=honam",
            "regions=46",
        ],
    );
    let revenue = number(
        &mut shop,
        &format!("SELECT SUM(total_amount) {orders} AND region_code = '46'"),
    )
    .await;
    assert_eq!(ran.won("월별", "revenue"), revenue);
}

#[tokio::test]
async fn daily_sales_have_every_day_and_the_month_of_the_database() {
    let (from, until) = last_month();
    let mut shop = open().await;
    let orders = format!(
        "FROM orders WHERE status <> 'cancelled' AND ordered_at >= '{from}' AND ordered_at < '{until}'"
    );
    let ran = run("sales/daily_sales", &[]);
    assert_eq!(
        ran.rows("일별"),
        number(
            &mut shop,
            &format!("SELECT COUNT(DISTINCT date(ordered_at)) {orders}")
        )
        .await
    );
    let revenue = number(&mut shop, &format!("SELECT SUM(total_amount) {orders}")).await;
    assert_eq!(ran.won("일별", "revenue"), revenue);
    assert_eq!(ran.won("채널별", "revenue"), revenue);
    let days = body(&ran.workbook, "일별", ran.rows("일별"));
    // The running total ends with the month.
    assert_eq!(
        number_of(days.last().unwrap().last().unwrap()).round() as i64,
        revenue
    );
    let ran = run("sales/daily_sales", &["channels=phone", "channels=store"]);
    let revenue =
        format!("SELECT SUM(total_amount) {orders} AND channel_code IN ('phone', 'store')");
    assert_eq!(
        ran.won("일별", "revenue"),
        number(&mut shop, &revenue).await
    );
}

#[tokio::test]
async fn order_detail_is_every_line_with_its_codes_intact() {
    let (from, until) = last_month();
    let mut shop = open().await;
    let lines = format!(
        "FROM order_line AS l JOIN orders AS o ON o.id = l.order_id
         WHERE o.ordered_at >= '{from}' AND o.ordered_at < '{until}'"
    );
    let ran = run("sales/order_detail", &["with_cancelled=true"]);
    assert_eq!(
        ran.rows("주문 상세"),
        number(&mut shop, &format!("SELECT COUNT(*) {lines}")).await
    );
    let exact = text(
        &mut shop,
        &format!("SELECT printf('%.2f', SUM(l.amount)) {lines}"),
    )
    .await;
    let cents = |text: &str| (text.parse::<f64>().unwrap() * 100.0).round() as i64;
    assert_eq!(cents(&ran.total("주문 상세", "amount")), cents(&exact));
    let rows = body(&ran.workbook, "주문 상세", ran.rows("주문 상세"));
    for row in &rows {
        let Data::String(order_no) = &row[0] else {
            panic!("{:?} is not a text", row[0])
        };
        assert_eq!(order_no.len(), 20);
        let Data::String(code) = &row[7] else {
            panic!("{:?} is not a text", row[7])
        };
        assert!(code.len() == 7 && code.starts_with('0'));
    }
    let without = number(
        &mut shop,
        &format!("SELECT COUNT(*) {lines} AND o.status <> 'cancelled'"),
    )
    .await;
    assert_eq!(run("sales/order_detail", &[]).rows("주문 상세"), without);
    // A name that looks like a formula is still a name.
    let formula = format!(
        "SELECT COUNT(*) {lines} AND o.customer_id IN (SELECT id FROM customer WHERE name LIKE '%=1+1%' OR name_en LIKE '%=1+1%')"
    );
    let ran = run(
        "sales/order_detail",
        &["with_cancelled=true", "customer==1+1"],
    );
    assert_eq!(ran.rows("주문 상세"), number(&mut shop, &formula).await);
}

#[tokio::test]
async fn the_best_product_is_the_databases() {
    let (from, until) = last_month();
    let mut shop = open().await;
    let best = format!(
        "SELECT p.name FROM order_line AS l JOIN orders AS o ON o.id = l.order_id JOIN product AS p ON p.id = l.product_id
         WHERE o.status <> 'cancelled' AND o.ordered_at >= '{from}' AND o.ordered_at < '{until}'
         GROUP BY p.id ORDER BY SUM(l.amount) DESC LIMIT 1"
    );
    let ran = run("sales/product_ranking", &[]);
    let rows = body(&ran.workbook, "순위", ran.rows("순위"));
    assert_eq!(rows[0][2].to_string(), text(&mut shop, &best).await);
    assert_eq!(
        ran.total("순위", "share").parse::<f64>().unwrap().round(),
        1.0
    );
    let before = format!(
        "SELECT SUM(l.amount) FROM order_line AS l JOIN orders AS o ON o.id = l.order_id
         WHERE o.status <> 'cancelled' AND o.ordered_at >= date('{from}', '-1 month') AND o.ordered_at < '{from}'"
    );
    let (found, wanted) = (
        ran.won("분류별", "revenue_before"),
        number(&mut shop, &before).await,
    );
    // One rounding per product.
    assert!((found - wanted).abs() <= 40, "{found} {wanted}");
    assert_eq!(run("sales/product_ranking", &["top=5"]).rows("순위"), 5);
}

#[tokio::test]
async fn refunds_and_their_rate_are_the_databases() {
    let (from, until) = last_month();
    let mut shop = open().await;
    let period = format!("period={from} .. {until}");
    let refunds = format!("FROM refund WHERE refunded_at >= '{from}' AND refunded_at < '{until}'");
    let ran = run("finance/refunds", &[&period, "minimum_amount=0"]);
    let amount = number(&mut shop, &format!("SELECT SUM(amount) {refunds}")).await;
    assert_eq!(ran.won("사유별", "amount"), amount);
    assert_eq!(ran.won("월별 환불률", "amount"), amount);
    assert_eq!(
        ran.rows("큰 환불"),
        number(&mut shop, &format!("SELECT COUNT(*) {refunds}")).await
    );
    let reason = text(
        &mut shop,
        &format!("SELECT reason_code {refunds} AND reason_code IS NOT NULL LIMIT 1"),
    )
    .await;
    let ran = run(
        "finance/refunds",
        &[&period, "minimum_amount=0", &format!("reasons={reason}")],
    );
    assert_eq!(
        ran.rows("큰 환불"),
        number(
            &mut shop,
            &format!("SELECT COUNT(*) {refunds} AND reason_code = '{reason}'")
        )
        .await
    );
}

#[tokio::test]
async fn everybody_sees_the_people_of_their_own_areas() {
    let (from, until) = last_month();
    let mut shop = open().await;
    let sold = |area: &str| {
        format!(
            "SELECT SUM(o.total_amount) FROM orders AS o JOIN salesperson AS s ON s.id = o.salesperson_id
             JOIN team AS t ON t.id = s.team_id
             WHERE o.status <> 'cancelled' AND o.ordered_at >= '{from}' AND o.ordered_at < '{until}' AND {area}"
        )
    };
    let ran = run("team/sales_vs_target", &[]);
    assert_eq!(
        ran.won("영업사원", "revenue"),
        number(&mut shop, &sold("1")).await
    );
    assert_eq!(ran.won("팀", "revenue"), ran.won("영업사원", "revenue"));
    let ran = run_as("team/sales_vs_target", &[], &["honam"], "ko");
    assert_eq!(
        ran.won("영업사원", "revenue"),
        number(&mut shop, &sold("t.area_code = 'honam'")).await
    );
    // Another team's number does not open its rows: it is not among the choices.
    let said = refused_as("team/sales_vs_target", &["teams=1"], &["honam"]);
    assert!(said.contains("teams: ‘1’"), "{said}");
    let target = format!("SELECT SUM(amount) FROM target WHERE month = '{from}'");
    let ran = run("team/sales_vs_target", &[]);
    assert_eq!(ran.won("팀", "target"), number(&mut shop, &target).await);
}

#[tokio::test]
async fn cohorts_begin_whole_and_the_kpi_book_agrees_with_monthly_sales() {
    let (from, until) = last_month();
    let mut shop = open().await;
    let ran = run("customers/cohorts", &[]);
    let rows = body(&ran.workbook, "재구매율", ran.rows("재구매율"));
    assert_eq!(rows.len(), 12);
    for row in &rows {
        // In their first month all of them bought, but for a few whom a shop this small has no order for.
        assert!((0.8..=1.0).contains(&number_of(&row[2])), "{row:?}");
    }
    let orders = format!(
        "FROM orders WHERE status <> 'cancelled' AND ordered_at >= '{from}' AND ordered_at < '{until}'"
    );
    let ran = run("finance/monthly_kpi", &[]);
    let summary = body(&ran.workbook, "요약", ran.rows("요약"));
    assert_eq!(summary.len(), 9);
    let revenue = number(&mut shop, &format!("SELECT SUM(total_amount) {orders}")).await;
    assert_eq!(number_of(&summary[0][2]).round() as i64, revenue);
    let customers = number(
        &mut shop,
        &format!("SELECT COUNT(DISTINCT customer_id) {orders}"),
    )
    .await;
    assert_eq!(number_of(&summary[3][2]).round() as i64, customers);
    assert_eq!(ran.rows("추이"), 25);
}

#[tokio::test]
async fn open_orders_and_customers_are_counted_once() {
    let (_, until) = last_month();
    let mut shop = open().await;
    let open_orders = format!(
        "FROM orders WHERE status <> 'cancelled' AND ordered_at >= date('{until}', '-181 days') AND ordered_at < '{until}'
         AND (paid_at IS NULL OR paid_at >= '{until}')"
    );
    let ran = run("finance/receivables", &["minimum_days=0"]);
    assert_eq!(
        ran.rows("주문별"),
        number(&mut shop, &format!("SELECT COUNT(*) {open_orders}")).await
    );
    let amount = number(
        &mut shop,
        &format!("SELECT SUM(total_amount) {open_orders}"),
    )
    .await;
    assert_eq!(ran.won("주문별", "amount"), amount);
    let ran = run_as("customers/customer_list", &[], &["capital"], "ko");
    let customers = "SELECT COUNT(*) FROM customer AS c JOIN region AS r ON r.code = c.region_code WHERE r.area_code = 'capital'";
    assert_eq!(ran.rows("고객"), number(&mut shop, customers).await);
    // The memo no cell holds is shortened, and the reader is told.
    let all = run("customers/customer_list", &[]);
    assert!(!all.outcome["warnings"].as_array().unwrap().is_empty());
    let hours = run("sales/order_times", &["area=capital"]);
    assert_eq!(hours.rows("요일×시간"), 7);
}

#[tokio::test]
async fn a_search_for_a_customer_finds_what_the_database_finds() {
    let mut shop = open().await;
    for word in ["kim", "상"] {
        let ran = run("customers/customer_list", &[&format!("search={word}")]);
        let found = format!(
            "SELECT COUNT(*) FROM customer WHERE instr(lower(name), '{word}') > 0 OR instr(lower(name_en), '{word}') > 0"
        );
        let expected = number(&mut shop, &found).await;
        assert!(expected > 0, "{word}");
        assert_eq!(ran.rows("고객"), expected, "{word}");
    }
}
