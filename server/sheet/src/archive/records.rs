//! The records of the zip format (APPNOTE 4.3).

use super::Entry;

/// What 32 bits cannot say is said in 64 bits elsewhere.
const LARGE: u64 = 0xFFFF_FFFF;
/// 1980-01-01: the files we write do not depend on the clock.
const DATE: u16 = 1 << 5 | 1;
/// The format's version that knows deflate, and the one that knows ZIP64.
const VERSION: u16 = 20;
const LARGE_VERSION: u16 = 45;

/// An entry and where it begins.
#[derive(Clone, Debug)]
pub(super) struct Record {
    pub offset: u64,
    /// Whether its sizes are written as ZIP64.
    pub is_large: bool,
    pub entry: Entry,
}

/// Little-endian fields, one after the other.
#[derive(Default)]
struct Fields(Vec<u8>);

impl Fields {
    fn u16(mut self, value: u16) -> Self {
        self.0.extend_from_slice(&value.to_le_bytes());
        self
    }

    fn u32(mut self, value: u32) -> Self {
        self.0.extend_from_slice(&value.to_le_bytes());
        self
    }

    fn u64(mut self, value: u64) -> Self {
        self.0.extend_from_slice(&value.to_le_bytes());
        self
    }

    fn bytes(mut self, bytes: &[u8]) -> Self {
        self.0.extend_from_slice(bytes);
        self
    }
}

fn short(value: u64) -> u32 {
    value.min(LARGE) as u32
}

impl Record {
    /// Of an entry that begins at `offset` and whose sizes are known.
    pub(super) fn of(offset: u64, entry: Entry) -> Self {
        Self {
            offset,
            is_large: Self::is_large(entry.packed, entry.length),
            entry,
        }
    }

    /// Whether an entry of these sizes needs ZIP64.
    pub(super) fn is_large(packed: u64, length: u64) -> bool {
        packed >= LARGE || length >= LARGE
    }

    /// Bytes of the record before an entry.
    pub(super) fn local_length(name: &str, is_large: bool) -> u64 {
        30 + name.len() as u64 + if is_large { 20 } else { 0 }
    }

    /// The record before an entry.
    pub(super) fn local(&self) -> Vec<u8> {
        let Self {
            entry, is_large, ..
        } = self;
        let is_large = *is_large;
        let extra = if is_large {
            Fields::default()
                .u16(1)
                .u16(16)
                .u64(entry.length)
                .u64(entry.packed)
                .0
        } else {
            Vec::new()
        };
        let size = |value| if is_large { u32::MAX } else { short(value) };
        Fields::default()
            .u32(0x0403_4B50)
            .u16(if is_large { LARGE_VERSION } else { VERSION })
            .u16(self.flags())
            .u16(entry.method)
            .u16(0)
            .u16(DATE)
            .u32(entry.checksum)
            .u32(size(entry.packed))
            .u32(size(entry.length))
            .u16(entry.name.len() as u16)
            .u16(extra.len() as u16)
            .bytes(entry.name.as_bytes())
            .bytes(&extra)
            .0
    }

    fn flags(&self) -> u16 {
        // Names beyond ASCII are UTF-8.
        if self.entry.name.is_ascii() {
            0
        } else {
            1 << 11
        }
    }

    /// The record in the directory.
    fn central(&self) -> Vec<u8> {
        let Self {
            entry, is_large, ..
        } = self;
        let is_large = *is_large;
        let mut extra = Fields::default();
        if is_large {
            extra = extra.u64(entry.length).u64(entry.packed);
        }
        if self.offset >= LARGE {
            extra = extra.u64(self.offset);
        }
        let large_extra = extra.0;
        let extra = if large_extra.is_empty() {
            Vec::new()
        } else {
            Fields::default()
                .u16(1)
                .u16(large_extra.len() as u16)
                .bytes(&large_extra)
                .0
        };
        let version = if extra.is_empty() {
            VERSION
        } else {
            LARGE_VERSION
        };
        let size = |value| if is_large { u32::MAX } else { short(value) };
        Fields::default()
            .u32(0x0201_4B50)
            .u16(version)
            .u16(version)
            .u16(self.flags())
            .u16(entry.method)
            .u16(0)
            .u16(DATE)
            .u32(entry.checksum)
            .u32(size(entry.packed))
            .u32(size(entry.length))
            .u16(entry.name.len() as u16)
            .u16(extra.len() as u16)
            .u16(0)
            .u16(0)
            .u16(0)
            .u32(0)
            .u32(short(self.offset))
            .bytes(entry.name.as_bytes())
            .bytes(&extra)
            .0
    }
}

/// The directory at the end of a file, beginning at `at`.
pub(super) fn directory(records: &[Record], at: u64) -> Vec<u8> {
    let mut fields = Fields::default();
    for record in records {
        fields = fields.bytes(&record.central());
    }
    let length = fields.0.len() as u64;
    let count = records.len() as u64;
    if at >= LARGE || length >= LARGE || count >= 0xFFFF {
        let end = at + length;
        fields = fields
            .u32(0x0606_4B50)
            .u64(44)
            .u16(LARGE_VERSION)
            .u16(LARGE_VERSION)
            .u32(0)
            .u32(0)
            .u64(count)
            .u64(count)
            .u64(length)
            .u64(at)
            .u32(0x0706_4B50)
            .u32(0)
            .u64(end)
            .u32(1);
    }
    let short_count = count.min(0xFFFF) as u16;
    fields
        .u32(0x0605_4B50)
        .u16(0)
        .u16(0)
        .u16(short_count)
        .u16(short_count)
        .u32(short(length))
        .u32(short(at))
        .u16(0)
        .0
}
