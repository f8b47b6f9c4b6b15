//! The look of the workbook: fonts, colours and cell formats.

use lang::Lang;
use rows::ColumnType;
use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Workbook, XlsxError};

use super::columns::Planned;
use super::format::CellFormat;
use super::totals::Totaller;

const INK: u32 = 0x1F2933;
const QUIET: u32 = 0x6B7480;
const HEAD: u32 = 0x1F3A5F;
const LINE: u32 = 0x9AA5B1;

/// Formats derived from the workbook's font.
#[derive(Clone)]
pub(crate) struct Style {
    pub font: &'static str,
    /// Height of a row in pixels, needed to stack charts.
    pub row_height: u32,
    pub base: Format,
}

impl Style {
    /// The font people of the language have: 맑은 고딕 for Korean, Calibri else.
    pub(crate) fn of(lang: Lang) -> Self {
        match lang {
            Lang::Ko => Self {
                font: "맑은 고딕",
                row_height: 22,
                base: Format::new()
                    .set_font_name("맑은 고딕")
                    .set_font_size(10)
                    .set_font_family(3)
                    .set_font_charset(129)
                    .set_align(FormatAlign::VerticalCenter),
            },
            Lang::En => Self {
                font: "Calibri",
                row_height: 20,
                base: Format::new().set_align(FormatAlign::VerticalCenter),
            },
        }
    }

    /// Makes the font the workbook's own.
    pub(crate) fn apply(&self, workbook: &mut Workbook) -> Result<(), XlsxError> {
        workbook.set_default_format(&self.base, self.row_height, 64)?;
        Ok(())
    }

    pub(crate) fn column(&self, column: &Planned) -> Format {
        let format = coded(&self.base, &column.format);
        match column.kind {
            // Excel shows truth values whatever the code says; LibreOffice would show 1 and 0.
            ColumnType::Boolean => format
                .set_num_format("\"TRUE\";\"TRUE\";\"FALSE\"")
                .set_align(FormatAlign::Center),
            // A little air between a text and a number that ends left of it.
            ColumnType::Text | ColumnType::Binary if !column.is_right() => {
                format.set_align(FormatAlign::Left).set_indent(1)
            }
            _ if column.format.is_moment() || column.format == CellFormat::Time => {
                format.set_align(FormatAlign::Center)
            }
            _ => format,
        }
    }

    /// A text that Excel must go on treating as text.
    pub(crate) fn quoted(&self, column: &Planned) -> Format {
        let format = match column.format {
            CellFormat::Text => self.base.clone().set_num_format("@"),
            _ => self.base.clone(),
        };
        let format = if column.is_right() {
            format.set_align(FormatAlign::Right)
        } else {
            format.set_align(FormatAlign::Left).set_indent(1)
        };
        format.set_quote_prefix()
    }

    pub(crate) fn header(&self) -> Format {
        self.base
            .clone()
            .set_bold()
            .set_font_color(0xFFFFFF)
            .set_background_color(HEAD)
            .set_border(FormatBorder::Thin)
            .set_border_color(0x40597D)
            .set_align(FormatAlign::Center)
    }

    pub(crate) fn total(&self, column: &Planned, total: Option<&Totaller>) -> Format {
        let format = match total {
            Some(total) => coded(&self.base, &total.format(&column.format)),
            None => self.base.clone(),
        };
        let format = if total.is_some() && column.format.is_moment() {
            format.set_align(FormatAlign::Center)
        } else {
            format
        };
        format
            .set_bold()
            .set_font_color(INK)
            .set_background_color(0xE8EDF3)
            .set_border_top(FormatBorder::Medium)
            .set_border_top_color(HEAD)
    }

    pub(crate) fn sentence(&self) -> Format {
        self.base.clone().set_italic().set_font_color(QUIET)
    }

    pub(crate) fn title(&self) -> Format {
        self.base
            .clone()
            .set_bold()
            .set_font_size(16)
            .set_font_color(HEAD)
    }

    pub(crate) fn section(&self) -> Format {
        self.base
            .clone()
            .set_bold()
            .set_font_color(HEAD)
            .set_border_bottom(FormatBorder::Thin)
            .set_border_bottom_color(LINE)
    }

    pub(crate) fn section_of_numbers(&self) -> Format {
        self.section().set_align(FormatAlign::Right)
    }

    /// Names of things on "About".
    pub(crate) fn label(&self) -> Format {
        self.base
            .clone()
            .set_font_color(QUIET)
            .set_align(FormatAlign::Top)
    }

    /// Texts on "About", wrapped.
    pub(crate) fn text(&self) -> Format {
        self.base
            .clone()
            .set_font_color(INK)
            .set_text_wrap()
            .set_align(FormatAlign::Top)
            .set_align(FormatAlign::Left)
    }

    pub(crate) fn number(&self, code: &str) -> Format {
        self.base
            .clone()
            .set_font_color(INK)
            .set_num_format(code)
            .set_align(FormatAlign::Top)
            .set_align(FormatAlign::Right)
    }

    pub(crate) fn link(&self) -> Format {
        self.text()
            .set_font_color(0x1F4E8C)
            .set_underline(rust_xlsxwriter::FormatUnderline::Single)
    }
}

/// The format with a number format's code. "General" is none: it would become a code of its own.
pub(crate) fn coded(base: &Format, format: &CellFormat) -> Format {
    match format {
        CellFormat::General => base.clone(),
        format => base.clone().set_num_format(format.code()),
    }
}
