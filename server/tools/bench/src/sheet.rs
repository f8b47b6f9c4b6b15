//! sqlx and rust_xlsxwriter in constant memory, cell by cell: what a good engineer writes in an afternoon.

use std::path::Path;

use anyhow::Result;
use futures::TryStreamExt;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use sqlx::postgres::{PgConnection, PgRow};
use sqlx::{Connection, Row};

/// Moments as seconds and decimals as doubles, which is what rust_xlsxwriter takes.
const STATEMENT: &str = "SELECT id, extract(epoch FROM ordered_at)::bigint AS ordered_at, customer, region, channel, product, quantity, amount::float8 AS amount, discount::float8 AS discount, is_gift, note FROM bench_orders ORDER BY id";

/// Rows below the header that a worksheet holds.
const SHEET_ROWS: u32 = 1_048_575;

/// Writes every row and returns how many there were.
pub(crate) async fn write(url: &str, file: &Path) -> Result<u64> {
    let mut database = PgConnection::connect(url).await?;
    let mut workbook = Workbook::new();
    let formats = [
        Format::new().set_num_format("yyyy-mm-dd hh:mm"),
        Format::new().set_num_format("#,##0.00"),
        Format::new().set_num_format("0.0%"),
    ];
    let mut rows = 0u64;
    let mut answer = sqlx::query(STATEMENT).fetch(&mut database);
    let mut at = SHEET_ROWS;
    let mut sheets = 0;
    while let Some(row) = answer.try_next().await? {
        if at == SHEET_ROWS {
            workbook.add_worksheet_with_constant_memory()?;
            sheets += 1;
            at = 0;
        }
        at += 1;
        write_row(&mut workbook, sheets - 1, at, &row, &formats)?;
        rows += 1;
    }
    workbook.save(file)?;
    Ok(rows)
}

fn write_row(
    workbook: &mut Workbook,
    sheet: usize,
    at: u32,
    row: &PgRow,
    [moment, money, share]: &[Format; 3],
) -> Result<()> {
    let sheet = workbook.worksheet_from_index(sheet)?;
    sheet.write_number(at, 0, row.try_get::<i64, _>(0)? as f64)?;
    let ordered = ExcelDateTime::from_timestamp(row.try_get::<i64, _>(1)?)?;
    sheet.write_datetime_with_format(at, 1, ordered, moment)?;
    for column in 2..6 {
        sheet.write_string(at, column, row.try_get::<&str, _>(usize::from(column))?)?;
    }
    sheet.write_number(at, 6, row.try_get::<i32, _>(6)?)?;
    sheet.write_number_with_format(at, 7, row.try_get::<f64, _>(7)?, money)?;
    sheet.write_number_with_format(at, 8, row.try_get::<f64, _>(8)?, share)?;
    sheet.write_boolean(at, 9, row.try_get::<bool, _>(9)?)?;
    if let Some(note) = row.try_get::<Option<&str>, _>(10)? {
        sheet.write_string(at, 10, note)?;
    }
    Ok(())
}
