//! Many rows, every cell compared with sums PostgreSQL makes of the same rows.

use rows::{ColumnData, ColumnType};

use crate::place::Place;

const ORDERS: &str = "
SELECT i AS id, timestamptz '2024-01-01 00:00:00+09' + i * interval '1 minute' AS at,
       'customer ' || i % 977 AS customer, CASE WHEN i % 3 = 0 THEN '서울' ELSE '부산' END AS city,
       (i % 7)::int2 AS quantity, (i % 100000 / 100.0)::numeric(12,2) AS price, i % 2 = 0 AS paid,
       CASE WHEN i % 5 = 0 THEN NULL ELSE 'note ' || i END AS note, (i / 7.0)::float8 AS weight,
       date '2024-01-01' + (i % 900)::int AS day
FROM generate_series(1, 100000) AS i";

#[tokio::test]
async fn a_hundred_thousand_rows_have_the_sums_the_server_makes() {
    let place = Place::new(&format!("CREATE VIEW orders AS {ORDERS}")).await;
    let (columns, chunks) = place.read("SELECT * FROM orders").await.unwrap();
    assert_eq!(columns[5].kind, ColumnType::Decimal { scale: 2 });
    let (mut rows, mut ids, mut prices, mut quantities) = (0u64, 0i128, 0i128, 0i128);
    let (mut paid, mut notes, mut letters, mut days, mut micros) =
        (0u64, 0u64, 0usize, 0i128, 0i128);
    for chunk in &chunks {
        rows += chunk.rows as u64;
        for (index, column) in chunk.columns.iter().enumerate() {
            for row in 0..chunk.rows {
                match (index, column) {
                    (0, ColumnData::Integer(values)) => ids += i128::from(values.at(row).unwrap()),
                    (1, ColumnData::Datetime(values)) => {
                        micros += i128::from(values.at(row).unwrap());
                    }
                    (2 | 3, ColumnData::Text(values)) => letters += values.text(row).unwrap().len(),
                    (4, ColumnData::Integer(values)) => {
                        quantities += i128::from(values.at(row).unwrap());
                    }
                    (5, ColumnData::Decimal { mantissa, .. }) => {
                        prices += mantissa.at(row).unwrap()
                    }
                    (6, ColumnData::Boolean(values)) => paid += u64::from(values.at(row).unwrap()),
                    (7, ColumnData::Text(values)) => notes += u64::from(values.at(row).is_some()),
                    (8, ColumnData::Float(values)) => assert!(values.at(row).unwrap() > 0.0),
                    (9, ColumnData::Date(values)) => days += i128::from(values.at(row).unwrap()),
                    other => panic!("{other:?}"),
                }
            }
        }
    }
    let ours = [
        rows.to_string(),
        ids.to_string(),
        micros.to_string(),
        letters.to_string(),
        quantities.to_string(),
        prices.to_string(),
        paid.to_string(),
        notes.to_string(),
        days.to_string(),
    ];
    let theirs = place
        .printed(
            "SELECT unnest(ARRAY[count(*), sum(id),
                sum((extract(epoch FROM at AT TIME ZONE 'Asia/Seoul') * 1000000)::int8),
                sum(octet_length(customer) + octet_length(city)), sum(quantity),
                sum((price * 100)::int8), count(*) FILTER (WHERE paid), count(note),
                sum(day - date '1970-01-01')]::numeric[])::text FROM orders",
        )
        .await;
    let theirs: Vec<String> = theirs.into_iter().flatten().collect();
    assert_eq!(ours.as_slice(), theirs);
    assert!(chunks.iter().all(|chunk| chunk.rows <= rows::CHUNK_ROWS));
}
