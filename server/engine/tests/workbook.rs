//! The finished file, read back by programs that did not write it.

#[path = "workbook/book.rs"]
mod book;
#[path = "workbook/cells.rs"]
mod cells;
#[path = "workbook/charts.rs"]
mod charts;
#[path = "workbook/large.rs"]
mod large;
#[path = "workbook/layout.rs"]
mod layout;
#[path = "workbook/markup.rs"]
mod markup;
#[path = "workbook/office.rs"]
mod office;
#[path = "workbook/pivots.rs"]
mod pivots;
#[path = "workbook/proof.rs"]
mod proof;
#[path = "workbook/property.rs"]
mod property;
#[path = "workbook/split.rs"]
mod split;
