//! Values on their way in.

use jiff::civil::date;
use jiff::tz::TimeZone;
use rows::ColumnType;
use source::{Extract, Param};

use crate::shop::{Shop, column};

const SALES: &str = "
SET time_zone = '+09:00';
CREATE TABLE sales (id INT PRIMARY KEY, day DATE, at DATETIME(6), stamp TIMESTAMP(6) NULL, price DECIMAL(30,10),
                    name VARCHAR(40), INDEX (stamp), INDEX (at));
INSERT INTO sales VALUES
  (1, '2026-01-31', '2026-01-31 23:59:59.999999', '2026-01-31 23:59:59.999999', 19.99, 'a'),
  (2, '2026-02-01', '2026-02-01 00:00:00', '2026-02-01 00:00:00', 12345678901234567890.0000000001, '1; DROP TABLE sales --'),
  (3, '2026-02-28', '2026-02-28 23:59:59.999', '2026-02-28 23:59:59.999', 0.1, NULL),
  (4, '2026-03-01', '2026-03-01 00:00:00', '2026-03-01 00:00:00', 12345678901234567890.0000000002, '김');
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
    column(&chunks, 0)
        .into_iter()
        .map(|id| id.unwrap().parse().unwrap())
        .collect()
}

/// Midnight in the source's zone.
fn midnight(year: i16, month: i8, day: i8) -> Param {
    let zone = TimeZone::get("Asia/Seoul").unwrap();
    Param::Instant(date(year, month, day).to_zoned(zone).unwrap().timestamp())
}

#[tokio::test]
async fn a_month_is_the_same_month_in_every_kind_of_column() {
    let shop = Shop::new(SALES).await;
    for column in [
        "day",
        "at",
        "stamp",
        "DATE(stamp)",
        "COALESCE(at, stamp)",
        "CAST(stamp AS DATETIME)",
    ] {
        let condition = format!("{column} >= ? AND {column} < ?");
        let february = vec![midnight(2026, 2, 1), midnight(2026, 3, 1)];
        assert_eq!(ids(&shop, &condition, february).await, [2, 3], "{column}");
    }
    let exactly = || {
        vec![Param::Instant(
            "2026-01-31T14:59:59.999999Z".parse().unwrap(),
        )]
    };
    for column in ["at", "stamp"] {
        assert_eq!(
            ids(&shop, &format!("{column} = ?"), exactly()).await,
            [1],
            "{column}"
        );
    }
    let day = vec![Param::Date(date(2026, 2, 28))];
    for condition in ["day = ?", "DATE(at) = ?", "DATE(stamp) = ?"] {
        assert_eq!(ids(&shop, condition, day.clone()).await, [3], "{condition}");
    }
    let interval = vec![midnight(2026, 1, 31)];
    assert_eq!(
        ids(&shop, "stamp = ? + INTERVAL 1 DAY", interval).await,
        [2]
    );
}

#[tokio::test]
async fn decimals_compare_digit_by_digit() {
    let shop = Shop::new(SALES).await;
    let decimal = |mantissa, scale| vec![Param::Decimal { mantissa, scale }];
    assert_eq!(ids(&shop, "price = ?", decimal(1999, 2)).await, [1]);
    assert_eq!(ids(&shop, "price = ?", decimal(10, 2)).await, [3]);
    assert_eq!(ids(&shop, "price * 2 > ?", decimal(3998, 2)).await, [2, 4]);
    // Two numbers that are the same double.
    let first = 123_456_789_012_345_678_900_000_000_001;
    assert_eq!(ids(&shop, "price = ?", decimal(first, 10)).await, [2]);
    assert_eq!(ids(&shop, "price > ?", decimal(first, 10)).await, [4]);
    assert_eq!(ids(&shop, "-price < ?", decimal(-first, 10)).await, [4]);
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
    assert_eq!(ids(&shop, "name <=> ?", vec![Param::Null]).await, [3]);
    assert_eq!(
        ids(&shop, "(id = 1) = ?", vec![Param::Boolean(true)]).await,
        [1]
    );
    let several = vec![Param::Integer(1), Param::Float(4.0), Param::Null];
    assert_eq!(ids(&shop, "id IN (?, ?, ?)", several).await, [1, 4]);
    assert_eq!(
        ids(&shop, "name = '?' OR id = ? -- ?", vec![Param::Integer(2)]).await,
        [2]
    );
}

#[tokio::test]
async fn columns_made_of_values_have_the_types_of_the_values() {
    let shop = Shop::new(SALES).await;
    let decimal = Param::Decimal {
        mantissa: -1_250,
        scale: 3,
    };
    let moment = Param::Instant("2026-01-31T14:59:59.5Z".parse().unwrap());
    let cases = [
        (Param::Integer(-7), ColumnType::Integer, "-7"),
        (
            Param::Text("김 \\ '".to_owned()),
            ColumnType::Text,
            "김 \\ '",
        ),
        (decimal.clone(), ColumnType::Decimal { scale: 3 }, "-1.250"),
        (Param::Float(0.25), ColumnType::Float, "0.25"),
        (
            Param::Date(date(2026, 2, 28)),
            ColumnType::Date,
            "2026-02-28",
        ),
        (moment, ColumnType::Datetime, "2026-01-31 23:59:59.500000"),
    ];
    let zone = TimeZone::get("Asia/Seoul").unwrap();
    for (param, kind, expected) in cases {
        let extract = Extract {
            params: vec![param.clone()],
            zone: zone.clone(),
            ..Extract::new("SELECT ? AS x FROM sales WHERE id = 1")
        };
        let (columns, chunks) = shop.extract(extract).await.unwrap();
        assert_eq!(columns[0].kind, kind, "{param:?}");
        assert_eq!(column(&chunks, 0), [Some(expected.to_owned())], "{param:?}");
    }
    let extract = Extract {
        params: vec![decimal, Param::Null, Param::Integer(1)],
        ..Extract::new("SELECT price * ? AS x, COALESCE(?, 'none') AS y FROM sales WHERE id = ?")
    };
    let (columns, chunks) = shop.extract(extract).await.unwrap();
    assert_eq!(columns[0].kind, ColumnType::Decimal { scale: 13 });
    assert_eq!(column(&chunks, 0), [Some("-24.9875000000000".to_owned())]);
    assert_eq!(column(&chunks, 1), [Some("none".to_owned())]);
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
        assert_eq!(error.class(), lang::FailureClass::Internal);
        assert!(error.to_string().contains("1 placeholders"), "{error}");
    }
    let extract = Extract {
        params: vec![Param::List(vec![Param::Integer(1)])],
        ..Extract::new("SELECT id FROM sales WHERE id = ?")
    };
    assert_eq!(
        shop.extract(extract).await.unwrap_err().class(),
        lang::FailureClass::Internal
    );
}
