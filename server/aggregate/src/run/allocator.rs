//! What the system's allocator does with memory that is given back.

use std::hint::black_box;

/// Of the columns of a row group the largest have a mebibyte or two.
const KEPT_BYTES: usize = 16 << 20;

/// Lets the allocator keep blocks of a row group's size, which come and go with every one.
///
/// The GNU C library returns a large block to the system as soon as it is free, and every page of the next one
/// is a fault, which costs a fifth of the time of adding up. Once a block of a size was freed it keeps blocks
/// up to that size, and twice as much beside them (`mallopt(3)`, "dynamic mmap threshold"). No page of this
/// block is ever touched; other allocators do not care.
pub(super) fn keep_freed() {
    drop(black_box(Vec::<u8>::with_capacity(KEPT_BYTES)));
}
