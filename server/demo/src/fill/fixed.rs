//! The tables that do not grow with the orders: places, products, people, customers.

use crate::calendar::{MONTHS, Window};
use crate::catalogue::{CATEGORIES, Life, PRODUCTS};
use crate::cell::Cell;
use crate::customers::Customer;
use crate::database::Database;
use crate::insert::Inserter;
use crate::people::{Salesperson, TEAMS};
use crate::places::{AREAS, CHANNELS, REASONS, REGIONS};
use crate::rng::Rng;

pub(super) async fn places(database: &mut Database) -> Result<(), sqlx::Error> {
    let mut table = Inserter::new("sales_area", 4);
    for (position, area) in (1..).zip(&AREAS) {
        let row = [
            Cell::text(area.code),
            Cell::text(area.name),
            Cell::text(area.name_en),
            Cell::Integer(position),
        ];
        table.row(database, row).await?;
    }
    table.finish(database).await?;
    let mut table = Inserter::new("region", 5);
    for (position, region) in (1..).zip(&REGIONS) {
        let row = [
            Cell::text(region.code),
            Cell::text(region.area),
            Cell::text(region.name),
            Cell::text(region.name_en),
            Cell::Integer(position),
        ];
        table.row(database, row).await?;
    }
    table.finish(database).await?;
    let mut table = Inserter::new("channel", 4);
    for (position, channel) in (1..).zip(&CHANNELS) {
        let row = [
            Cell::text(channel.code),
            Cell::text(channel.name),
            Cell::text(channel.name_en),
            Cell::Integer(position),
        ];
        table.row(database, row).await?;
    }
    table.finish(database).await?;
    let mut table = Inserter::new("refund_reason", 4);
    for (position, reason) in (1..).zip(&REASONS) {
        let row = [
            Cell::text(reason.code),
            Cell::text(reason.name),
            Cell::text(reason.name_en),
            Cell::Integer(position),
        ];
        table.row(database, row).await?;
    }
    table.finish(database).await
}

pub(super) async fn products(database: &mut Database, window: &Window) -> Result<(), sqlx::Error> {
    let mut table = Inserter::new("category", 4);
    for (position, category) in (1..).zip(&CATEGORIES) {
        let row = [
            Cell::text(category.code),
            Cell::text(category.name),
            Cell::text(category.name_en),
            Cell::Integer(position),
        ];
        table.row(database, row).await?;
    }
    table.finish(database).await?;
    let mut rng = Rng::new("products");
    let mut table = Inserter::new("product", 11);
    for (id, product) in (1..).zip(&PRODUCTS) {
        let (launched, ended) = match product.life {
            Life::Steady => (
                window
                    .first
                    .saturating_sub(jiff::Span::new().days(rng.between(90, 2500))),
                None,
            ),
            Life::From(start) | Life::Hit(start) => (window.month(start), None),
            Life::Until(end) => (
                window
                    .first
                    .saturating_sub(jiff::Span::new().days(rng.between(700, 2500))),
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
            Cell::text(format!("0880{}", rng.digits(9))),
            Cell::won(product.price),
            // Costs come from foreign prices, so they have decimals.
            Cell::Decimal(product.price * product.cost + rng.between(-49, 49)),
            Cell::Date(launched),
            Cell::maybe(ended, Cell::Date),
            Cell::maybe(description, Cell::text),
        ];
        table.row(database, row).await?;
    }
    table.finish(database).await
}

pub(super) async fn salespeople(
    database: &mut Database,
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
        table.row(database, row).await?;
    }
    table.finish(database).await?;
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
        table.row(database, row).await?;
    }
    table.finish(database).await
}

pub(super) async fn customers(
    database: &mut Database,
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
        table.row(database, cells).await?;
    }
    table.finish(database).await
}
