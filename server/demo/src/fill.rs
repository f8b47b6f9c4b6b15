//! The tables, in the order in which they depend on each other.

mod fixed;

use crate::calendar::{BAD_MONTH, MONTHS, Window};
use crate::cell::Cell;
use crate::customers;
use crate::database::Database;
use crate::insert::Inserter;
use crate::orders::{Month, Months};
use crate::people::{self, Salesperson};
use crate::places::{CHANNELS, REASONS, REGIONS};
use crate::rng::Rng;
use crate::{Options, Summary, VERSION};

/// Creates and fills everything in one transaction, then the indexes.
pub(crate) async fn fill(
    database: &mut Database,
    window: &Window,
    options: Options,
    progress: &mut (dyn FnMut(&str, f64) + Send),
) -> Result<Summary, sqlx::Error> {
    progress("tables", 0.0);
    database.begin().await?;
    fixed::places(database).await?;
    fixed::products(database, window).await?;
    let people = people::make(window);
    fixed::salespeople(database, &people).await?;
    progress("customers", 0.01);
    let customers = customers::make(window, customers::count_for(options.orders));
    fixed::customers(database, &customers).await?;

    let mut months = Months::new(window, &customers, &people, options.orders);
    let mut tables = Tables::new();
    let mut summary = Summary {
        orders: 0,
        lines: 0,
        customers: customers.len() as u64,
        refunds: 0,
        from: window.first,
        until: window.end,
        bytes: 0,
    };
    for index in 0..MONTHS {
        // The orders are nine tenths of the work.
        progress("orders", 0.02 + 0.83 * index as f64 / MONTHS as f64);
        let month = months.month(index);
        summary.orders += month.orders.len() as u64;
        summary.lines += month.lines.len() as u64;
        summary.refunds += month.refunds.len() as u64;
        tables.month(database, &month, &people).await?;
    }
    tables.finish(database).await?;
    targets(database, window, &people, &months.sold).await?;
    about(database, &summary).await?;
    progress("indexes", 0.86);
    database.finish().await?;
    progress("writing", 0.98);
    Ok(summary)
}

/// The three tables that grow with every month.
struct Tables {
    orders: Inserter,
    lines: Inserter,
    refunds: Inserter,
    next_refund: i64,
}

impl Tables {
    fn new() -> Tables {
        Tables {
            orders: Inserter::new("orders", 16),
            lines: Inserter::new("order_line", 8),
            refunds: Inserter::new("refund", 7),
            next_refund: 1,
        }
    }

    async fn month(
        &mut self,
        database: &mut Database,
        month: &Month,
        people: &[Salesperson],
    ) -> Result<(), sqlx::Error> {
        let person = |position: usize| {
            debug_assert!(position < people.len());
            Cell::Integer(position as i64 + 1)
        };
        let mut lines = month.lines.iter();
        for order in &month.orders {
            let at = order.ordered_at;
            let cells = [
                Cell::Integer(order.id),
                // Twenty digits: no spreadsheet keeps them as a number.
                Cell::text(format!(
                    "{:04}{:02}{:02}{:012}",
                    at.year(),
                    at.month(),
                    at.day(),
                    order.id
                )),
                Cell::Datetime(at),
                Cell::Integer(order.customer),
                Cell::maybe(order.salesperson, person),
                Cell::text(REGIONS[order.region].code),
                Cell::text(CHANNELS[order.channel].code),
                Cell::text(order.status),
                Cell::won(order.goods),
                Cell::Decimal(order.discount),
                Cell::won(order.shipping),
                Cell::won(order.total),
                Cell::maybe(order.coupon, Cell::text),
                Cell::Boolean(order.gift),
                Cell::maybe(order.paid_at, Cell::Datetime),
                Cell::maybe(order.memo.as_deref(), Cell::text),
            ];
            self.orders.row(database, cells).await?;
            for (number, line) in (1..).zip(lines.by_ref().take(order.lines)) {
                let cells = [
                    Cell::Integer(order.id),
                    Cell::Integer(number),
                    Cell::Integer(line.product as i64 + 1),
                    Cell::Integer(line.quantity),
                    Cell::won(line.unit_price),
                    Cell::Decimal(line.rate),
                    Cell::Decimal(line.discount),
                    Cell::Decimal(line.amount()),
                ];
                self.lines.row(database, cells).await?;
            }
        }
        for refund in &month.refunds {
            let cells = [
                Cell::Integer(self.next_refund),
                Cell::Integer(refund.order),
                Cell::Datetime(refund.refunded_at),
                Cell::maybe(refund.reason, |reason| Cell::text(REASONS[reason].code)),
                Cell::won(refund.amount),
                Cell::maybe(refund.handled_by, person),
                Cell::maybe(refund.note, Cell::text),
            ];
            self.next_refund += 1;
            self.refunds.row(database, cells).await?;
        }
        Ok(())
    }

    async fn finish(self, database: &mut Database) -> Result<(), sqlx::Error> {
        self.orders.finish(database).await?;
        self.lines.finish(database).await?;
        self.refunds.finish(database).await
    }
}

async fn targets(
    database: &mut Database,
    window: &Window,
    people: &[Salesperson],
    sold: &[[i64; MONTHS]],
) -> Result<(), sqlx::Error> {
    let mut rng = Rng::new("targets");
    let mut table = Inserter::new("target", 3);
    for (id, (person, sold)) in (1..).zip(people.iter().zip(sold)) {
        for month in 0..MONTHS {
            let first = window.month(month);
            let amount = people::target(sold, month, BAD_MONTH, &mut rng);
            // New people sell their first two months without a target.
            let settled = person.hired.saturating_add(jiff::Span::new().months(2)) <= first;
            if let Some(amount) = amount.filter(|_| settled) {
                let row = [Cell::Integer(id), Cell::Date(first), Cell::won(amount)];
                table.row(database, row).await?;
            }
        }
    }
    table.finish(database).await
}

async fn about(database: &mut Database, summary: &Summary) -> Result<(), sqlx::Error> {
    let mut table = Inserter::new("demo_shop", 7);
    let row = [
        Cell::Integer(VERSION),
        Cell::Date(summary.from),
        Cell::Date(summary.until),
        Cell::Integer(summary.orders as i64),
        Cell::Integer(summary.lines as i64),
        Cell::Integer(summary.customers as i64),
        Cell::Integer(summary.refunds as i64),
    ];
    table.row(database, row).await?;
    table.finish(database).await
}
