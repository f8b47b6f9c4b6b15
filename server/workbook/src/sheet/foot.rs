//! What stands under the rows of a part: totals, or the sentence of an empty sheet.

use rust_xlsxwriter::Formula;

use super::{SheetWriter, empty_sentence, last};
use crate::WorkbookError;
use crate::columns::Planned;
use crate::error::excel;
use crate::markup::write_text;
use crate::messages::messages;
use crate::rules;
use crate::session::Session;
use crate::table::{self, TableSpec, TotalCell};
use crate::totals::Totaller;
use crate::view::show_total;

impl SheetWriter<'_> {
    /// Writes what stands under and around the rows of a part.
    pub(super) fn close_part(&mut self, session: &mut Session) -> Result<(), WorkbookError> {
        self.close_body(session)?;
        let totals = if self.has_totals {
            Some(self.write_totals(session)?)
        } else {
            None
        };
        for (whole, part) in self.whole.iter_mut().zip(&mut self.part.totals) {
            if let (Some(whole), Some(part)) = (whole, part) {
                whole.merge(part);
                *part = Totaller::new(part.kind);
            }
        }
        let columns = last(&self.columns) + 1;
        session.tables.push(TableSpec {
            rows: self.part.rows,
            totals,
            columns,
        });
        self.finished
            .push((self.part.name.clone(), u64::from(self.part.rows)));
        let placed: Vec<(u16, &Planned)> = (0u16..).zip(&self.columns).collect();
        let zone = session.zone.clone();
        let worksheet = excel(session.workbook.worksheet_from_index(self.part.index))?;
        excel(rules::apply(
            worksheet,
            &self.spec.rules,
            &placed,
            self.part.rows,
            &zone,
        ))?;
        // Codes with leading zeros and long numbers are texts on purpose: no green triangles.
        let ignored = rust_xlsxwriter::IgnoreError::NumberStoredAsText;
        excel(worksheet.ignore_error_range(1, 0, self.part.rows, columns - 1, ignored))?;
        Ok(())
    }

    fn write_totals(&mut self, session: &mut Session) -> Result<Vec<TotalCell>, WorkbookError> {
        let row = self.part.rows + 1;
        let words = messages(session.lang);
        let label = if self.is_continued {
            words.total_of_part
        } else {
            words.total
        };
        let label_place = self.part.totals.iter().position(Option::is_none);
        let worksheet = excel(session.workbook.worksheet_from_index(self.part.index))?;
        let mut cells = Vec::with_capacity(self.columns.len());
        for (place, (column, total)) in self.columns.iter().zip(&self.part.totals).enumerate() {
            let at = u16::try_from(place).unwrap_or(u16::MAX);
            let format = session.style.total(column, total.as_ref());
            match total {
                Some(total) => {
                    let formula = table::formula(&self.part.table, &column.title, total.kind);
                    let formula = Formula::new(formula).set_result(total.stored());
                    excel(worksheet.write_formula_with_format(row, at, formula, &format))?;
                    if let Some(shown) = show_total(total, column) {
                        self.widths.see_total(place, &shown);
                    }
                    cells.push(TotalCell::Total(total.kind));
                }
                None if Some(place) == label_place => {
                    write_text(worksheet, (row, at), label, &format)?;
                    self.widths.see_total(place, label);
                    cells.push(TotalCell::Label(label.to_owned()));
                }
                None => {
                    excel(worksheet.write_blank(row, at, &format))?;
                    cells.push(TotalCell::Empty);
                }
            }
        }
        Ok(cells)
    }

    /// Writes the author's sentence where rows would be.
    pub(super) fn write_sentence(&self, session: &mut Session) -> Result<(), WorkbookError> {
        let sentence = empty_sentence(self.spec, session);
        let format = session.style.sentence();
        let worksheet = excel(session.workbook.worksheet_from_index(self.part.index))?;
        write_text(worksheet, (1, 0), &sentence, &format)
    }

    /// The totals of all parts, for people.
    pub(super) fn shown_totals(&self, session: &Session) -> Vec<Option<String>> {
        let label_place = self.whole.iter().position(Option::is_none);
        let cells = self.columns.iter().zip(&self.whole).enumerate();
        cells
            .map(|(place, (column, total))| match total {
                Some(total) => show_total(total, column),
                None if Some(place) == label_place => Some(messages(session.lang).total.to_owned()),
                None => None,
            })
            .collect()
    }
}
