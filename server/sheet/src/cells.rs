//! What is written: columns of flat values, and the few cells that are something else.

/// Consecutive rows, column by column.
pub struct Block<'a> {
    /// The number of the first row as Excel counts, from 1.
    pub first_row: u32,
    /// How many rows; every column has as many values.
    pub rows: usize,
    /// One per column of the layout, left to right.
    pub columns: Vec<Cells<'a>>,
}

/// The cells of one column.
pub struct Cells<'a> {
    /// What the cells hold.
    pub values: Values<'a>,
    /// `None` when every value is present, else one flag per row. Absent values have no cell.
    pub valid: Option<&'a [bool]>,
    /// Cells that are not what `values` and `valid` say, by ascending row.
    pub special: &'a [Special],
}

/// Values of one type, one per row.
#[derive(Clone, Copy, Debug)]
pub enum Values<'a> {
    /// No cells but special ones.
    Nothing,
    /// TRUE and FALSE.
    Boolean(&'a [bool]),
    /// Whole numbers.
    Integer(&'a [i64]),
    /// Mantissas, and how many digits stand behind the decimal point.
    Decimal(&'a [i128], u8),
    /// Finite floats; others make the file unreadable and belong among the special cells.
    Float(&'a [f64]),
    /// Days since 1970-01-01, from 1900 to 9999.
    Date(&'a [i32]),
    /// Microseconds since 1970-01-01T00:00, from 1900 to 9999.
    Datetime(&'a [i64]),
    /// Microseconds since midnight, not negative.
    Time(&'a [i64]),
    /// Texts.
    Text {
        /// Where each text stands.
        ids: &'a [TextId],
        /// The texts themselves, in UTF-8; only those of inline cells are looked at.
        bytes: &'a [u8],
        /// Text `i` is `bytes[offsets[i]..offsets[i + 1]]`.
        offsets: &'a [usize],
    },
}

/// Where the text of a cell stands, and whether the cell is quoted. Four bytes, because every cell of a
/// text column has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextId(u32);

impl TextId {
    /// No cell.
    pub const NONE: Self = Self(u32::MAX);

    /// Shared texts have numbers below this.
    pub const MOST_SHARED: u32 = 1 << 30;

    const INLINE: u32 = Self::MOST_SHARED << 1;

    /// A text of the workbook's shared texts.
    ///
    /// # Panics
    /// When `index` is not below [`TextId::MOST_SHARED`].
    pub fn shared(index: u32, is_quoted: bool) -> Self {
        assert!(index < Self::MOST_SHARED, "too many shared texts");
        Self(index << 1 | u32::from(is_quoted))
    }

    /// A text in the cell itself.
    pub fn inline(is_quoted: bool) -> Self {
        Self(Self::INLINE | u32::from(is_quoted))
    }

    /// The number of a shared text, `None` for others.
    #[inline(always)]
    pub fn index(self) -> Option<u32> {
        (self.0 < Self::INLINE).then_some(self.0 >> 1)
    }

    #[inline(always)]
    pub(crate) fn is_none(self) -> bool {
        self == Self::NONE
    }

    /// 1 for quoted cells.
    #[inline(always)]
    pub(crate) fn quote(self) -> usize {
        (self.0 & 1) as usize
    }
}

/// A cell that is not what its column says.
#[derive(Clone, Debug, PartialEq)]
pub struct Special {
    /// The row in the block, from 0.
    pub row: usize,
    /// The cell.
    pub cell: Odd,
}

/// What a special cell holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Odd {
    /// No cell.
    Empty,
    /// A finite number in the column's style.
    Number(f64),
    /// A finite number in the plain style.
    PlainNumber(f64),
    /// A truth value in the column's style.
    Boolean(bool),
    /// A text of the workbook's shared texts.
    Shared(TextId),
    /// A text in the cell itself.
    Text {
        /// The text.
        text: Box<str>,
        /// Whether the cell has the style of quoted texts.
        is_quoted: bool,
    },
}

/// The styles of a column, as numbers in the workbook's list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ColumnStyle {
    /// The column's own.
    pub column: u32,
    /// Of texts that Excel would take for something else.
    pub quoted: u32,
    /// Of numbers that the column's own would disfigure.
    pub plain: u32,
}

/// What all blocks of a sheet have in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// One per column, left to right.
    pub columns: Vec<ColumnStyle>,
    /// Whether every row and cell says where it is (`r="C12"`). ECMA-376 does not ask for it, and
    /// without it files are 40 % smaller, but strict readers may. Without it absent values have blank
    /// cells, because a cell is then the next one in its row.
    pub has_references: bool,
}
