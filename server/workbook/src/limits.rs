//! How large a sheet may become, and where its rows are kept meanwhile.

use sheet::Codec;

/// Bounds that tests make small.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Rows of a worksheet, header included. Default: 1,048,576, which is Excel's; at least 4.
    pub sheet_rows: u32,
    /// Cells up to which a sheet is kept in memory. Default: 150,000.
    pub memory_cells: u64,
    /// Bytes of texts of larger sheets that are kept once in memory; beyond, each cell has its own in
    /// the file, which every program but Apple Numbers reads. Default: 48 MiB.
    pub text_bytes: u64,
    /// Whether every row and cell of larger sheets says where it is. Default: true, for strict readers.
    pub has_references: bool,
    /// How the rows of larger sheets are deflated. Default: by told matches.
    pub codec: Codec,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            sheet_rows: 1_048_576,
            memory_cells: 150_000,
            text_bytes: 48 * 1024 * 1024,
            has_references: true,
            codec: Codec::Guided,
        }
    }
}

impl Limits {
    /// Where the rows of a sheet go.
    pub(crate) fn storage(&self, rows: u64, columns: usize) -> Storage {
        if rows.saturating_mul(columns as u64) <= self.memory_cells {
            Storage::Memory
        } else {
            Storage::Body
        }
    }
}

/// Where the rows of a sheet go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Storage {
    /// Into memory, cell by cell.
    Memory,
    /// Into the finished file.
    Body,
}
