//! What happened to values that no cell can hold unchanged: counted, with the first place.
//!
//! One sentence per column and kind, however many rows are concerned, so that memory stays flat and
//! the "About" sheet stays readable.

use indexmap::IndexMap;
use lang::{Message, Text, grouped};

/// What the reader of a workbook should know about values in it. The "About" sheet lists the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// A stable code such as `workbook::text_cut`.
    pub code: String,
    /// The sentence for people.
    pub message: Message,
}

/// A kind of change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Note {
    /// A text above 32,767 UTF-16 units.
    TextCut,
    /// Letters that XML cannot hold.
    ControlLetters,
    /// A text without a date in a column of dates.
    NotADate,
    /// A text without a number in a column of numbers.
    NotANumber,
    /// A date before 1900 or after 9999, or a negative time.
    DateOutOfRange,
    /// A length of time below zero, which Excel shows only as a number.
    NegativeDuration,
    /// NaN or infinity.
    NotFinite,
    /// A number with more than 15 digits, written as text.
    NumberAsText,
    /// A number with more than 15 digits, written as a number.
    Rounded,
    /// A value of a pivot that is no number and part of no sum.
    LeftOutOfPivot,
    /// Several different values that belong into one cell of a pivot.
    OneOfSeveral,
    /// A long number in a column with a total: Excel's own sum leaves it out.
    LeftOutOfTotal,
}

/// All changes of a workbook.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    found: IndexMap<(Note, String, String), Found>,
    others: Vec<Remark>,
}

#[derive(Debug)]
struct Found {
    count: u64,
    /// Such as `'Orders'!B12`.
    place: String,
}

impl Notes {
    /// Counts a change of a value in a column; `place` is asked for only the first time.
    pub(crate) fn add(
        &mut self,
        note: Note,
        sheet: &str,
        column: &str,
        place: impl FnOnce() -> String,
    ) {
        self.add_many(note, 1, sheet, column, place);
    }

    /// Counts several changes of one kind; `place` is that of the first.
    pub(crate) fn add_many(
        &mut self,
        note: Note,
        count: u64,
        sheet: &str,
        column: &str,
        place: impl FnOnce() -> String,
    ) {
        // Looking up borrowed keys in a map of tuples is not worth its code: changes are rare.
        let key = (note, sheet.to_owned(), column.to_owned());
        self.found
            .entry(key)
            .or_insert_with(|| Found {
                count: 0,
                place: place(),
            })
            .count += count;
    }

    /// A remark that has no count.
    pub(crate) fn say(&mut self, code: &str, ko: String, en: String) {
        let message = Message::new(Text::both(ko, en));
        let remark = Remark {
            code: format!("workbook::{code}"),
            message,
        };
        if !self.others.contains(&remark) {
            self.others.push(remark);
        }
    }

    /// Every remark as a sentence.
    pub(crate) fn remarks(&self) -> Vec<Remark> {
        let counted = self
            .found
            .iter()
            .map(|((note, _, column), found)| note.remark(column, found));
        counted.chain(self.others.iter().cloned()).collect()
    }
}

impl Note {
    fn remark(self, column: &str, found: &Found) -> Remark {
        let (code, ko, en) = self.sentences();
        let count = grouped(found.count);
        let place = &found.place;
        let cells = if found.count == 1 { "cell" } else { "cells" };
        Remark {
            code: format!("workbook::{code}"),
            message: Message::new(Text::both(
                format!("‘{column}’ 열의 셀 {count}개: {ko} 처음 나온 곳: {place}"),
                format!("{count} {cells} of “{column}”: {en} First: {place}"),
            )),
        }
    }

    fn sentences(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::TextCut => (
                "text_cut",
                "32,767자를 넘어 잘랐고, 잘린 곳에 표시를 남겼습니다.",
                "longer than 32,767 characters; cut, with a mark where it was cut.",
            ),
            Self::ControlLetters => (
                "control_letters",
                "엑셀이 담을 수 없는 제어 문자를 ‘�’로 바꿨습니다.",
                "control characters that Excel cannot hold were replaced by “�”.",
            ),
            Self::NotADate => (
                "not_a_date",
                "날짜가 아니어서 글자 그대로 두었습니다.",
                "not a date; left as it is.",
            ),
            Self::NotANumber => (
                "not_a_number",
                "숫자가 아니어서 글자 그대로 두었고, 합계에 들지 않습니다.",
                "not a number; left as text and not part of any total.",
            ),
            Self::DateOutOfRange => (
                "date_out_of_range",
                "엑셀이 아는 날짜(1900~9999년)를 벗어나 글자로 적었습니다.",
                "outside the dates Excel knows (1900 to 9999); written as text.",
            ),
            Self::NegativeDuration => (
                "negative_duration",
                "엑셀은 음수 시간을 시:분:초로 보여 주지 못합니다. 셀에는 일 단위의 수가 들어 있어 그대로 더할 수 있습니다.",
                "Excel does not show negative times as hours; the cell holds the number of days and can be added up.",
            ),
            Self::NotFinite => (
                "not_finite",
                "계산할 수 없는 값(NaN, 무한대)이어서 비워 두었습니다.",
                "not a finite number; left empty.",
            ),
            Self::NumberAsText => (
                "number_as_text",
                "15자리를 넘는 숫자여서, 자릿수를 잃지 않게 글자로 적었습니다.",
                "more than 15 digits; written as text so that no digit is lost.",
            ),
            Self::Rounded => (
                "rounded",
                "15자리를 넘는 소수여서, 엑셀이 담을 수 있는 가장 가까운 수로 적었습니다.",
                "more than 15 digits; written as the nearest number Excel can hold.",
            ),
            Self::LeftOutOfPivot => (
                "left_out_of_pivot",
                "숫자가 아닌 값이 있어, 그 값은 합계에서 뺐습니다.",
                "values that are not numbers are left out of the sums.",
            ),
            Self::OneOfSeveral => (
                "one_of_several",
                "서로 다른 값이 여럿이어서 첫 값만 적었습니다.",
                "several different values; the first is shown.",
            ),
            Self::LeftOutOfTotal => (
                "left_out_of_total",
                "15자리를 넘어 글자로 적었으므로, 엑셀이 다시 계산한 합계에서는 빠집니다. ‘이 파일에 대하여’의 합계가 정확합니다.",
                "more than 15 digits, so written as text: Excel's own total leaves them out. The total on the “About” sheet is exact.",
            ),
        }
    }
}
