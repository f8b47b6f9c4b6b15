//! The memory limit of a child.
//!
//! A run that needs more than its share must end alone, with a reason, before the machine begins to
//! swap or the kernel picks a victim. On Linux the limit covers everything a process writes to
//! (`RLIMIT_DATA`); elsewhere there is no such limit and the child runs without one.

/// Limits this process to `mb` MiB of writable memory. Returns whether the system can do that.
pub fn limit(mb: u32) -> bool {
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        let bytes = u64::from(mb) * 1024 * 1024;
        setrlimit(
            Resource::Data,
            Rlimit {
                current: Some(bytes),
                maximum: Some(bytes),
            },
        )
        .is_ok()
    }
    #[cfg(not(target_os = "linux"))]
    {
        let _ = mb;
        false
    }
}

/// Whether the last words of a child that aborted say that memory ran out.
///
/// Rust's allocator prints the first text, C++ and C libraries print the others.
pub fn ran_out(last_words: &str) -> bool {
    [
        "memory allocation of",
        "Cannot allocate memory",
        "out of memory",
    ]
    .iter()
    .any(|text| last_words.contains(text))
}
