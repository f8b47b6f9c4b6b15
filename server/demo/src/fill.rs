//! The tables, in the order in which they depend on each other.

use sqlx::sqlite::SqliteConnection;
use sqlx::{AssertSqlSafe, Connection};

use crate::calendar::{BAD_MONTH, MONTHS, Window};
use crate::catalogue::{CATEGORIES, Life, PRODUCTS};
use crate::customers::{self, Customer};
use crate::dice::Dice;
use crate::insert::{Cell, Inserter};
use crate::orders::{Month, Months};
use crate::people::{self, Salesperson, TEAMS};
use crate::places::{AREAS, CHANNELS, REASONS, REGIONS};
use crate::{Options, Summary, VERSION};

/// Creates and fills everything in one transaction, then the indexes.
pub(crate) async fn fill(
    connection: &mut SqliteConnection,
    window: &Window,
    options: Options,
    progress: &mut (dyn FnMut(&str, f64) + Send),
) -> Result<Summary, sqlx::Error> {
    progress("tables", 0.0);
    let mut transaction = connection.begin().await?;
    run(&mut transaction, include_str!("schema.sql")).await?;
    places(&mut transaction).await?;
    products(&mut transaction, window).await?;
    let people = people::make(window);
    salespeople(&mut transaction, &people).await?;
    progress("customers", 0.01);
    let customers = customers::make(window, customers::count_for(options.orders));
    self::customers(&mut transaction, &customers).await?;

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
        tables.month(&mut transaction, &month, &people).await?;
    }
    tables.finish(&mut transaction).await?;
    targets(&mut transaction, window, &people, &months.sold).await?;
    about(&mut transaction, &summary).await?;
    progress("indexes", 0.86);
    run(&mut transaction, include_str!("indexes.sql")).await?;
    run(&mut transaction, "ANALYZE").await?;
    transaction.commit().await?;
    progress("writing", 0.98);
    Ok(summary)
}

async fn run(connection: &mut SqliteConnection, sql: &'static str) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(AssertSqlSafe(sql))
        .execute(connection)
        .await?;
    Ok(())
}

async fn places(connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    let mut table = Inserter::new("sales_area", 4);
    for (position, area) in (1..).zip(&AREAS) {
        let row = [
            Cell::text(area.code),
            Cell::text(area.name),
            Cell::text(area.name_en),
            Cell::Integer(position),
        ];
        table.row(connection, row).await?;
    }
    table.finish(connection).await?;
    let mut table = Inserter::new("region", 5);
    for (position, region) in (1..).zip(&REGIONS) {
        let row = [
            Cell::text(region.code),
            Cell::text(region.area),
            Cell::text(region.name),
            Cell::text(region.name_en),
            Cell::Integer(position),
        ];
        table.row(connection, row).await?;
    }
    table.finish(connection).await?;
    let mut table = Inserter::new("channel", 4);
    for (position, channel) in (1..).zip(&CHANNELS) {
        let row = [
            Cell::text(channel.code),
            Cell::text(channel.name),
            Cell::text(channel.name_en),
            Cell::Integer(position),
        ];
        table.row(connection, row).await?;
    }
    table.finish(connection).await?;
    let mut table = Inserter::new("refund_reason", 4);
    for (position, reason) in (1..).zip(&REASONS) {
        let row = [
            Cell::text(reason.code),
            Cell::text(reason.name),
            Cell::text(reason.name_en),
            Cell::Integer(position),
        ];
        table.row(connection, row).await?;
    }
    table.finish(connection).await
}

async fn products(connection: &mut SqliteConnection, window: &Window) -> Result<(), sqlx::Error> {
    let mut table = Inserter::new("category", 4);
    for (position, category) in (1..).zip(&CATEGORIES) {
        let row = [
            Cell::text(category.code),
            Cell::text(category.name),
            Cell::text(category.name_en),
            Cell::Integer(position),
        ];
        table.row(connection, row).await?;
    }
    table.finish(connection).await?;
    let mut dice = Dice::new("products");
    let mut table = Inserter::new("product", 11);
    for (id, product) in (1..).zip(&PRODUCTS) {
        let (launched, ended) = match product.life {
            Life::Steady => (
                window
                    .first
                    .saturating_sub(jiff::Span::new().days(dice.between(90, 2500))),
                None,
            ),
            Life::From(start) | Life::Hit(start) => (window.month(start), None),
            Life::Until(end) => (
                window
                    .first
                    .saturating_sub(jiff::Span::new().days(dice.between(700, 2500))),
                (end + 6 <= MONTHS).then(|| window.month(end + 6)),
            ),
        };
        let description = match id % 3 {
            0 => None,
            1 => Some(format!("{} – 기본 구성, 무료 교환 7일", product.name)),
            _ => Some(format!(
                "\"{}\"\n자세한 내용은 상품 페이지를 보세요.",
                product.name
            )),
        };
        let row = [
            Cell::Integer(id),
            Cell::text(format!("0{:05}", 137 * id)),
            Cell::text(CATEGORIES[product.category].code),
            Cell::text(product.name),
            Cell::maybe(product.name_en, Cell::text),
            Cell::text(format!("0880{}", dice.digits(9))),
            Cell::won(product.price),
            // Costs come from foreign prices, so they have decimals.
            Cell::Decimal(product.price * product.cost + dice.between(-49, 49)),
            Cell::Date(launched),
            Cell::maybe(ended, Cell::Date),
            Cell::maybe(description, Cell::text),
        ];
        table.row(connection, row).await?;
    }
    table.finish(connection).await
}

async fn salespeople(
    connection: &mut SqliteConnection,
    people: &[Salesperson],
) -> Result<(), sqlx::Error> {
    let mut table = Inserter::new("team", 4);
    for (id, team) in (1..).zip(&TEAMS) {
        let row = [
            Cell::Integer(id),
            Cell::text(team.area),
            Cell::text(team.name),
            Cell::text(team.name_en),
        ];
        table.row(connection, row).await?;
    }
    table.finish(connection).await?;
    let mut table = Inserter::new("salesperson", 8);
    for (id, person) in (1..).zip(people) {
        let row = [
            Cell::Integer(id),
            Cell::text(person.employee_no.as_str()),
            Cell::Integer(person.team as i64 + 1),
            Cell::text(person.name.as_str()),
            Cell::maybe(person.name_en.as_deref(), Cell::text),
            Cell::text(person.email.as_str()),
            Cell::Date(person.hired),
            Cell::maybe(person.left, Cell::Date),
        ];
        table.row(connection, row).await?;
    }
    table.finish(connection).await
}

async fn customers(
    connection: &mut SqliteConnection,
    customers: &[Customer],
) -> Result<(), sqlx::Error> {
    let mut table = Inserter::new("customer", 16);
    for customer in customers {
        let row = &customer.row;
        let (day, second) = row.updated;
        let updated = day
            .at(0, 0, 0, 0)
            .saturating_add(jiff::Span::new().seconds(second));
        let cells = [
            Cell::Integer(customer.id),
            Cell::text(format!("{:07}", customer.id)),
            Cell::text(row.name.as_str()),
            Cell::maybe(row.name_en.as_deref(), Cell::text),
            Cell::text(if customer.business {
                "business"
            } else {
                "person"
            }),
            Cell::maybe(row.grade, Cell::text),
            Cell::text(REGIONS[customer.region].code),
            Cell::maybe(row.phone.as_deref(), Cell::text),
            Cell::maybe(row.email.as_deref(), Cell::text),
            Cell::maybe(row.business_no.as_deref(), Cell::text),
            Cell::maybe(row.external_no.as_deref(), Cell::text),
            Cell::maybe(row.marketing_consent, Cell::Boolean),
            Cell::maybe(row.credit_limit, Cell::won),
            Cell::maybe(row.memo.as_deref(), Cell::text),
            Cell::Date(customer.joined),
            Cell::Datetime(updated),
        ];
        table.row(connection, cells).await?;
    }
    table.finish(connection).await
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
        connection: &mut SqliteConnection,
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
            self.orders.row(connection, cells).await?;
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
                self.lines.row(connection, cells).await?;
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
            self.refunds.row(connection, cells).await?;
        }
        Ok(())
    }

    async fn finish(self, connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
        self.orders.finish(connection).await?;
        self.lines.finish(connection).await?;
        self.refunds.finish(connection).await
    }
}

async fn targets(
    connection: &mut SqliteConnection,
    window: &Window,
    people: &[Salesperson],
    sold: &[[i64; MONTHS]],
) -> Result<(), sqlx::Error> {
    let mut dice = Dice::new("targets");
    let mut table = Inserter::new("target", 3);
    for (id, (person, sold)) in (1..).zip(people.iter().zip(sold)) {
        for month in 0..MONTHS {
            let first = window.month(month);
            let amount = people::target(sold, month, BAD_MONTH, &mut dice);
            // New people sell their first two months without a target.
            let settled = person.hired.saturating_add(jiff::Span::new().months(2)) <= first;
            if let Some(amount) = amount.filter(|_| settled) {
                let row = [Cell::Integer(id), Cell::Date(first), Cell::won(amount)];
                table.row(connection, row).await?;
            }
        }
    }
    table.finish(connection).await
}

async fn about(connection: &mut SqliteConnection, summary: &Summary) -> Result<(), sqlx::Error> {
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
    table.row(connection, row).await?;
    table.finish(connection).await
}
