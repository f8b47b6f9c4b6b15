//! The only place that talks to SQLite's C interface.
//!
//! A [`Database`] borrows a locked connection for as long as it lives, a [`Statement`] borrows the
//! database, a [`Cell`] borrows the statement: SQLite's rules about which pointer is valid until
//! when become the borrow checker's.
#![allow(unsafe_code)]

use std::cell::RefCell;
use std::ffi::{CStr, c_char, c_int, c_void};
use std::marker::PhantomData;
use std::ptr;

use libsqlite3_sys as ffi;
use sqlx::sqlite::LockedSqliteHandle;

/// Values longer than this are refused by SQLite itself: 64 MiB. A chunk holds at most a few.
pub(super) const LONGEST_VALUE: c_int = 64 << 20;

/// Virtual-machine steps between two looks at the cancel flags: well under a millisecond.
const STEPS_BETWEEN_LOOKS: c_int = 1_000;

/// What SQLite said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Failure {
    /// Extended result code.
    pub code: c_int,
    /// SQLite's own words.
    pub message: String,
    /// Byte position in the statement, where known.
    pub offset: Option<usize>,
    /// What the statement would have written, when that is why it was refused.
    pub writes: Option<String>,
}

/// A value of the current row. Texts are not checked yet.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Cell<'s> {
    Null,
    Integer(i64),
    Real(f64),
    Text(&'s [u8]),
    Blob(&'s [u8]),
}

/// A value to bind.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Bound {
    Null,
    Integer(i64),
    Real(f64),
    Text(String),
}

/// The version of the library that is built in.
pub(super) fn version() -> String {
    // SAFETY: SQLite returns a constant C string.
    unsafe { copy(ffi::sqlite3_libversion()) }.unwrap_or_default()
}

/// A connection that refuses to write and stops when asked.
pub(super) struct Database<'c> {
    handle: LockedSqliteHandle<'c>,
    raw: *mut ffi::sqlite3,
    /// What the authorizer refused last. Boxed, because SQLite keeps its address.
    refused: Box<RefCell<Option<String>>>,
}

impl<'c> Database<'c> {
    /// Guards the connection. `goes_on` is asked often while a statement works; `false` stops it.
    pub(super) fn new(
        mut handle: LockedSqliteHandle<'c>,
        goes_on: impl FnMut() -> bool + Send + 'static,
    ) -> Self {
        handle.set_progress_handler(STEPS_BETWEEN_LOOKS, goes_on);
        let raw = handle.as_raw_handle().as_ptr();
        let refused = Box::new(RefCell::new(None));
        let user = ptr::from_ref::<RefCell<Option<String>>>(&refused)
            .cast_mut()
            .cast::<c_void>();
        // SAFETY: `raw` is open and locked by us until `self` is dropped. `user` points into the
        // box, which lives as long as `self`; `drop` removes the authorizer before the box goes.
        unsafe {
            ffi::sqlite3_set_authorizer(raw, Some(authorize), user);
            ffi::sqlite3_limit(raw, ffi::SQLITE_LIMIT_LENGTH, LONGEST_VALUE);
        }
        Self {
            handle,
            raw,
            refused,
        }
    }

    /// Prepares the first statement in the text and returns it with whatever text follows it.
    /// `None` when there is no statement, only comments and space.
    pub(super) fn prepare<'s>(
        &self,
        sql: &'s str,
    ) -> Result<(Option<Statement<'_>>, &'s str), Failure> {
        *self.refused.borrow_mut() = None;
        let length = c_int::try_from(sql.len()).unwrap_or(c_int::MAX);
        let mut statement = ptr::null_mut();
        let mut tail: *const c_char = ptr::null();
        // SAFETY: `sql` is readable for `length` bytes and outlives the call; SQLite copies it.
        // Both out-pointers are ours.
        let code = unsafe {
            ffi::sqlite3_prepare_v2(
                self.raw,
                sql.as_ptr().cast::<c_char>(),
                length,
                &mut statement,
                &mut tail,
            )
        };
        if code != ffi::SQLITE_OK {
            return Err(self.failure(code));
        }
        // SAFETY: on success `tail` points into `sql`, or just past its end.
        let used = unsafe { tail.offset_from(sql.as_ptr().cast::<c_char>()) };
        let rest = sql.get(used.max(0) as usize..).unwrap_or_default();
        if statement.is_null() {
            return Ok((None, rest));
        }
        Ok((
            Some(Statement {
                raw: statement,
                database: self,
                _database: PhantomData,
            }),
            rest,
        ))
    }

    fn failure(&self, code: c_int) -> Failure {
        // SAFETY: the connection is open; the message is copied before anything else is called.
        let (message, offset) = unsafe {
            let message = ffi::sqlite3_errmsg(self.raw);
            let message = if message.is_null() {
                String::new()
            } else {
                CStr::from_ptr(message).to_string_lossy().into_owned()
            };
            (message, ffi::sqlite3_error_offset(self.raw))
        };
        Failure {
            code,
            message,
            offset: usize::try_from(offset).ok(),
            writes: self.refused.borrow_mut().take(),
        }
    }
}

impl Drop for Database<'_> {
    fn drop(&mut self) {
        // SAFETY: the connection is still open and locked by us; all statements borrow `self` and
        // are gone.
        unsafe {
            ffi::sqlite3_set_authorizer(self.raw, None, ptr::null_mut());
        }
        self.handle.remove_progress_handler();
    }
}

/// One prepared statement.
pub(super) struct Statement<'d> {
    raw: *mut ffi::sqlite3_stmt,
    database: &'d Database<'d>,
    _database: PhantomData<&'d ()>,
}

impl Statement<'_> {
    /// Whether running it leaves the database as it is.
    pub(super) fn is_reading(&self) -> bool {
        // SAFETY: the statement is alive.
        unsafe { ffi::sqlite3_stmt_readonly(self.raw) != 0 }
    }

    /// How many values it wants.
    pub(super) fn placeholders(&self) -> usize {
        // SAFETY: the statement is alive.
        unsafe { ffi::sqlite3_bind_parameter_count(self.raw) }.max(0) as usize
    }

    /// How many columns it returns; 0 when it returns none.
    pub(super) fn columns(&self) -> usize {
        // SAFETY: the statement is alive.
        unsafe { ffi::sqlite3_column_count(self.raw) }.max(0) as usize
    }

    /// Name of a column.
    pub(super) fn name(&self, column: usize) -> String {
        // SAFETY: the statement is alive; the text is copied before the next call.
        unsafe { copy(ffi::sqlite3_column_name(self.raw, column as c_int)) }.unwrap_or_default()
    }

    /// Declared type of a column, where it is one of a table.
    pub(super) fn declared_type(&self, column: usize) -> Option<String> {
        // SAFETY: as in `name`.
        unsafe { copy(ffi::sqlite3_column_decltype(self.raw, column as c_int)) }
    }

    /// Whether a column is one of a table rather than an expression.
    pub(super) fn is_of_a_table(&self, column: usize) -> bool {
        // SAFETY: as in `name`; only the presence is looked at.
        unsafe { !ffi::sqlite3_column_origin_name(self.raw, column as c_int).is_null() }
    }

    /// Binds the value of a placeholder, counted from 0.
    pub(super) fn bind(&mut self, placeholder: usize, value: &Bound) -> Result<(), Failure> {
        let index = placeholder as c_int + 1;
        // SAFETY: the statement is alive; SQLite copies the text (`SQLITE_TRANSIENT`).
        let code = unsafe {
            match value {
                Bound::Null => ffi::sqlite3_bind_null(self.raw, index),
                Bound::Integer(value) => ffi::sqlite3_bind_int64(self.raw, index, *value),
                Bound::Real(value) => ffi::sqlite3_bind_double(self.raw, index, *value),
                Bound::Text(value) => ffi::sqlite3_bind_text64(
                    self.raw,
                    index,
                    value.as_ptr().cast::<c_char>(),
                    value.len() as u64,
                    ffi::SQLITE_TRANSIENT(),
                    ffi::SQLITE_UTF8 as u8,
                ),
            }
        };
        if code == ffi::SQLITE_OK {
            Ok(())
        } else {
            Err(self.database.failure(code))
        }
    }

    /// Goes to the next row; `false` after the last.
    pub(super) fn step(&mut self) -> Result<bool, Failure> {
        // SAFETY: the statement is alive. No cell of the row before is: they borrow `self`.
        match unsafe { ffi::sqlite3_step(self.raw) } {
            ffi::SQLITE_ROW => Ok(true),
            ffi::SQLITE_DONE => Ok(false),
            code => Err(self.database.failure(code)),
        }
    }

    /// A value of the current row. Only after `step` said there is one, and `column` below
    /// `columns()`; otherwise SQLite answers with NULL.
    #[inline]
    pub(super) fn cell(&self, column: usize) -> Cell<'_> {
        let index = column as c_int;
        // SAFETY: the statement is alive. The type is asked first and the value in that same type,
        // so nothing is converted; texts and blobs stay where they are until the next step, which
        // needs `&mut self`. The length is asked after the pointer, as SQLite wants it.
        unsafe {
            match ffi::sqlite3_column_type(self.raw, index) {
                ffi::SQLITE_INTEGER => Cell::Integer(ffi::sqlite3_column_int64(self.raw, index)),
                ffi::SQLITE_FLOAT => Cell::Real(ffi::sqlite3_column_double(self.raw, index)),
                ffi::SQLITE_TEXT => {
                    let start = ffi::sqlite3_column_text(self.raw, index);
                    Cell::Text(slice(start, ffi::sqlite3_column_bytes(self.raw, index)))
                }
                ffi::SQLITE_BLOB => {
                    let start = ffi::sqlite3_column_blob(self.raw, index).cast::<u8>();
                    Cell::Blob(slice(start, ffi::sqlite3_column_bytes(self.raw, index)))
                }
                _ => Cell::Null,
            }
        }
    }
}

impl Drop for Statement<'_> {
    fn drop(&mut self) {
        // SAFETY: the statement is alive and nobody uses it after this.
        unsafe {
            ffi::sqlite3_finalize(self.raw);
        }
    }
}

/// # Safety
/// `text` is null or a C string.
unsafe fn copy(text: *const c_char) -> Option<String> {
    if text.is_null() {
        return None;
    }
    // SAFETY: not null, so a C string.
    Some(
        unsafe { CStr::from_ptr(text) }
            .to_string_lossy()
            .into_owned(),
    )
}

/// # Safety
/// `start` is null or readable for `length` bytes for the whole of `'s`.
unsafe fn slice<'s>(start: *const u8, length: c_int) -> &'s [u8] {
    if start.is_null() || length <= 0 {
        return &[];
    }
    // SAFETY: not null, so readable for `length` bytes.
    unsafe { std::slice::from_raw_parts(start, length as usize) }
}

/// Lets a statement select and call functions, and nothing else.
unsafe extern "C" fn authorize(
    user: *mut c_void,
    action: c_int,
    first: *const c_char,
    second: *const c_char,
    _database: *const c_char,
    _trigger: *const c_char,
) -> c_int {
    // SAFETY: SQLite hands over C strings or null, valid during this call.
    let (first, second) = unsafe { (copy(first), copy(second)) };
    let Some(writes) = super::error::refusal(action, first.as_deref(), second.as_deref()) else {
        return ffi::SQLITE_OK;
    };
    // SAFETY: `user` is the box of the `Database` that set this authorizer; it is alive while the
    // authorizer is set, and on this thread only.
    let refused = unsafe { &*user.cast::<RefCell<Option<String>>>() };
    if let Ok(mut refused) = refused.try_borrow_mut() {
        refused.get_or_insert(writes);
    }
    ffi::SQLITE_DENY
}
