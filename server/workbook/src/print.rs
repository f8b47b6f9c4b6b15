//! How a sheet comes out of a printer.

use lang::Lang;
use rust_xlsxwriter::Worksheet;

use super::messages::messages;

/// ISO A4.
const PAPER: u8 = 9;
/// Characters that fit upright on a page and stay readable.
const UPRIGHT: f64 = 95.0;

/// A4, one page wide, upright or lying, the header on every page, page numbers below.
pub(crate) fn set_up(worksheet: &mut Worksheet, title: &str, characters: f64, lang: Lang) {
    worksheet.set_paper_size(PAPER);
    if characters > UPRIGHT {
        worksheet.set_landscape();
    }
    worksheet.set_print_fit_to_pages(1, 0);
    worksheet.set_margins(0.5, 0.5, 0.6, 0.7, 0.3, 0.3);
    // Row 1 always exists, so this cannot fail.
    let _ = worksheet.set_repeat_rows(0, 0);
    worksheet.set_footer(footer(title, lang));
}

/// Title, page and sheet; `&` begins a code, and so it is doubled in the title.
fn footer(title: &str, lang: Lang) -> String {
    let title: String = title
        .chars()
        .filter(|letter| !letter.is_control())
        .take(80)
        .collect();
    let page = match lang {
        Lang::Ko => format!("&P / &N {}", messages(lang).page),
        Lang::En => format!("{} &P / &N", messages(lang).page),
    };
    // The blank ends the size, or a title that begins with a year would enlarge it.
    format!("&L&8 {}&C&8 {page}&R&8 &A", title.replace('&', "&&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ampersand_in_a_title_is_no_code() {
        assert_eq!(footer("R&D", Lang::En), "&L&8 R&&D&C&8 Page &P / &N&R&8 &A");
    }
}
