use jiff::civil::date;
use jiff::tz::TimeZone;
use rows::ColumnData;
use source::{Extract, Param};

use crate::shop::Shop;

const SALES: &str = "
CREATE TABLE sales (id INTEGER PRIMARY KEY, day DATE, at DATETIME, price DECIMAL(10,2), name TEXT);
INSERT INTO sales VALUES
  (1, '2026-01-31', '2026-01-31 23:59:59', 19.99, 'a'),
  (2, '2026-02-01', '2026-02-01 00:00:00', 20,    '1; DROP TABLE sales --'),
  (3, '2026-02-28', '2026-02-28 23:59:59.999', 0.1, NULL),
  (4, '2026-03-01', '2026-03-01 00:00:00', 1e3,   '김');
";

async fn ids(shop: &Shop, condition: &str, params: Vec<Param>) -> Vec<i64> {
    let sql = format!("SELECT id FROM sales WHERE {condition} ORDER BY id");
    let (_, chunks) = shop
        .extract(Extract {
            params,
            ..Extract::new(sql)
        })
        .await
        .unwrap();
    match chunks.first().map(|chunk| &chunk.columns[0]) {
        Some(ColumnData::Integer(values)) => values.data.clone(),
        None => Vec::new(),
        other => panic!("{other:?}"),
    }
}

/// Midnight in the source's zone.
fn midnight(year: i16, month: i8, day: i8) -> Param {
    let zone = TimeZone::get("Asia/Seoul").unwrap();
    Param::Instant(date(year, month, day).to_zoned(zone).unwrap().timestamp())
}

#[tokio::test]
async fn a_month_is_the_same_month_in_days_and_in_date_times() {
    let shop = Shop::new(SALES).await;
    for column in ["day", "at"] {
        let condition = format!("{column} >= ? AND {column} < ?");
        let february = vec![midnight(2026, 2, 1), midnight(2026, 3, 1)];
        assert_eq!(ids(&shop, &condition, february).await, [2, 3], "{column}");
    }
    let exactly = Param::Instant("2026-01-31T14:59:59Z".parse().unwrap());
    assert_eq!(ids(&shop, "at = ?", vec![exactly]).await, [1]);
    assert_eq!(
        ids(&shop, "day = ?", vec![Param::Date(date(2026, 2, 28))]).await,
        [3]
    );
}

#[tokio::test]
async fn decimals_compare_exactly_with_columns_and_with_expressions() {
    let shop = Shop::new(SALES).await;
    let decimal = |mantissa, scale| vec![Param::Decimal { mantissa, scale }];
    assert_eq!(ids(&shop, "price = ?", decimal(1999, 2)).await, [1]);
    assert_eq!(ids(&shop, "price = ?", decimal(2000, 2)).await, [2]);
    assert_eq!(ids(&shop, "price = ?", decimal(10, 2)).await, [3]);
    assert_eq!(ids(&shop, "price < ?", decimal(1999, 2)).await, [3]);
    assert_eq!(ids(&shop, "price * 2 > ?", decimal(3998, 2)).await, [2, 4]);
}

#[tokio::test]
async fn texts_are_values_and_never_statements() {
    let shop = Shop::new(SALES).await;
    let text = |text: &str| vec![Param::Text(text.to_owned())];
    assert_eq!(
        ids(&shop, "name = ?", text("1; DROP TABLE sales --")).await,
        [2]
    );
    assert_eq!(
        ids(&shop, "name = ?", text("' OR 1=1 --")).await,
        [] as [i64; 0]
    );
    assert_eq!(ids(&shop, "name = ?", text("김")).await, [4]);
    assert_eq!(ids(&shop, "name IS ?", vec![Param::Null]).await, [3]);
    assert_eq!(
        ids(&shop, "(id = 1) = ?", vec![Param::Boolean(true)]).await,
        [1]
    );
    assert_eq!(
        ids(
            &shop,
            "id IN (?, ?)",
            vec![Param::Integer(1), Param::Float(4.0)]
        )
        .await,
        [1, 4]
    );
}

#[tokio::test]
async fn a_missing_or_surplus_value_is_refused() {
    let shop = Shop::new(SALES).await;
    for params in [vec![], vec![Param::Integer(1), Param::Integer(2)]] {
        let extract = Extract {
            params,
            ..Extract::new("SELECT id FROM sales WHERE id = ?")
        };
        let error = shop.extract(extract).await.unwrap_err();
        assert_eq!(error.class(), lang::FailureClass::Internal, "{error}");
    }
}
