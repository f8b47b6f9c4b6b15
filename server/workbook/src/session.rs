//! What all sheets of one workbook share while it is written.

use std::collections::HashSet;
use std::path::Path;

use jiff::tz::TimeZone;
use lang::Lang;
use rust_xlsxwriter::{Format, Workbook};

use super::body::Texts;
use super::chart::{Block, Drawn, block_width};
use super::limits::Limits;
use super::messages::messages;
use super::names::SheetNames;
use super::notes::Notes;
use super::package::Package;
use super::plot::Plotted;
use super::style::Style;
use super::table::TableSpec;
use crate::WorkbookError;
use crate::error::excel;

/// The workbook being written and what its sheets share.
pub(crate) struct Session {
    pub workbook: Workbook,
    pub style: Style,
    pub lang: Lang,
    pub zone: TimeZone,
    /// The report's title.
    pub title: String,
    pub limits: Limits,
    pub names: SheetNames,
    pub table_names: HashSet<String>,
    pub tables: Vec<TableSpec>,
    pub notes: Notes,
    /// Cells behind charts, for a sheet of their own.
    pub blocks: Vec<Block>,
    /// The finished file, in which large sheets are already written.
    pub package: Package,
    /// The texts of large sheets.
    pub texts: Texts,
    chart_sheet: Option<String>,
    next_block: u16,
    worksheets: usize,
    /// Styles whose number in the workbook is known, in its order.
    styles: Vec<Format>,
}

impl Session {
    pub(crate) fn new(
        lang: Lang,
        zone: TimeZone,
        title: String,
        temp_dir: &Path,
        limits: Limits,
        package: Package,
    ) -> Result<Self, WorkbookError> {
        let mut workbook = Workbook::new();
        excel(workbook.set_tempdir(temp_dir))?;
        let style = Style::of(lang);
        excel(style.apply(&mut workbook))?;
        let styles = vec![style.base.clone()];
        Ok(Self {
            workbook,
            style,
            lang,
            zone,
            title,
            limits,
            names: SheetNames::default(),
            table_names: HashSet::new(),
            tables: Vec::new(),
            notes: Notes::default(),
            blocks: Vec::new(),
            package,
            texts: Texts::new(limits.text_bytes),
            chart_sheet: None,
            next_block: 0,
            worksheets: 0,
            styles,
        })
    }

    /// Adds a worksheet at the end and returns its place.
    pub(crate) fn add_worksheet(&mut self, name: &str) -> Result<usize, WorkbookError> {
        excel(self.workbook.add_worksheet().set_name(name))?;
        self.worksheets += 1;
        Ok(self.worksheets - 1)
    }

    /// The number a style has in the workbook.
    ///
    /// The workbook numbers its styles in the order in which they are registered, and those of its
    /// worksheets when it is saved, thus later. [`Package::finish`] reads the numbers back.
    pub(crate) fn style_number(&mut self, format: &Format) -> u32 {
        let known = self.styles.iter().position(|known| known == format);
        let place = known.unwrap_or_else(|| {
            self.workbook.register_format(format);
            self.styles.push(format.clone());
            self.styles.len() - 1
        });
        u32::try_from(place).unwrap_or(u32::MAX)
    }

    /// Takes the cells behind a chart and says where they will stand.
    pub(crate) fn add_block(&mut self, heading: String, data: Plotted) -> Drawn {
        let sheet = match &self.chart_sheet {
            Some(name) => name.clone(),
            None => {
                let name = self.names.give(messages(self.lang).chart_data);
                self.chart_sheet = Some(name.clone());
                name
            }
        };
        let column = self.next_block;
        self.next_block = self.next_block.saturating_add(block_width(&data));
        let head = super::chart::BLOCK_HEAD;
        let rows = u32::try_from(data.labels.len()).unwrap_or(u32::MAX).max(1);
        let series = (column + 1..)
            .take(data.lines.len())
            .map(|series| (head, series))
            .collect();
        self.blocks.push(Block {
            heading,
            data,
            column,
        });
        Drawn {
            sheet,
            rows: (head + 1, head + rows),
            x: column,
            series,
        }
    }

    /// The name of the sheet with the cells behind charts, when there is one.
    pub(crate) fn chart_sheet(&self) -> Option<&str> {
        self.chart_sheet.as_deref()
    }
}
