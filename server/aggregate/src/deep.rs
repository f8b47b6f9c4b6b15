//! Work on trees that nest deeply, on a stack that holds them.

use std::io;
use std::thread::{self, Scope, ScopedJoinHandle};

/// In bytes. A query in a query takes up to a mebibyte in a debug build, and deeper trees than the
/// planner allows are refused. All of it counts as memory of a run.
const STACK: usize = 32 << 20;

/// Stack of helper threads that do not recurse deeply; bytes.
const SIDE_STACK: usize = 8 << 20;

/// Does the work on a thread with a large stack, and waits for it.
pub(crate) fn deep<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    thread::scope(|scope| joined(spawned(scope, STACK, work)))
}

/// Does the work on a thread with a large stack, and something else meanwhile; the first error of
/// what is done meanwhile counts more.
pub(crate) fn beside<E: Send>(
    work: impl FnOnce() -> Result<(), E> + Send,
    meanwhile: impl FnOnce() -> Result<(), E>,
) -> Result<(), E> {
    thread::scope(|scope| {
        let work = spawned(scope, SIDE_STACK, work);
        let meanwhile = meanwhile();
        let work = joined(work);
        meanwhile.and(work)
    })
}

/// Does the same work for each of a few things, side by side; the answers have their order.
pub(crate) fn each<I: Send, O: Send>(things: Vec<I>, work: impl Fn(I) -> O + Sync) -> Vec<O> {
    let work = &work;
    thread::scope(|scope| {
        let threads: Vec<_> = things
            .into_iter()
            .map(|thing| spawned(scope, SIDE_STACK, move || work(thing)))
            .collect();
        threads.into_iter().map(joined).collect()
    })
}

fn spawned<'scope, T: Send + 'scope>(
    scope: &'scope Scope<'scope, '_>,
    stack: usize,
    work: impl FnOnce() -> T + Send + 'scope,
) -> io::Result<ScopedJoinHandle<'scope, T>> {
    thread::Builder::new()
        .name("aggregate".to_owned())
        .stack_size(stack)
        .spawn_scoped(scope, work)
}

fn joined<T>(thread: io::Result<ScopedJoinHandle<'_, T>>) -> T {
    match thread.map(ScopedJoinHandle::join) {
        Ok(Ok(answer)) => answer,
        Ok(Err(panic)) => std::panic::resume_unwind(panic),
        Err(error) => panic!("no thread can be started: {error}"),
    }
}
