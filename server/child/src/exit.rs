//! What the end of a child means when it did not say so itself.

use std::io;
use std::process::ExitStatus;

use lang::{Failure, FailureClass, Message, Parts};

use super::memory;

/// How a child ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// It ran out of the memory it was given; trying again would end the same way.
    Memory(Failure),
    /// It disappeared: killed, crashed, or ended without a last word.
    Lost {
        /// Words for the administrator.
        chain: String,
    },
}

/// Judges a child by its exit status, if that could be waited for, and the end of its standard error.
pub fn judge(status: io::Result<ExitStatus>, last_words: &str, memory_mb: u32) -> Ending {
    let status = match status {
        Ok(status) => status,
        Err(error) => {
            let chain = format!("cannot wait for the run's process: {error}");
            return Ending::Lost { chain };
        }
    };
    if memory::ran_out(last_words) {
        return Ending::Memory(Failure::new(
            FailureClass::Memory,
            Message::of(
                Parts::new(
                    format!("실행에 허용된 메모리 {memory_mb} MiB를 넘어 중단했습니다."),
                    "데이터에는 영향이 없습니다.",
                    "기간을 줄이거나 조건을 더해 다시 실행하세요.",
                ),
                Parts::new(
                    format!(
                        "The run needed more than its {memory_mb} MiB of memory and was stopped."
                    ),
                    "No data was affected.",
                    "Narrow the period or add a filter and run it again.",
                ),
            ),
            describe(status, last_words),
            false,
        ));
    }
    Ending::Lost {
        chain: describe(status, last_words),
    }
}

fn describe(status: ExitStatus, last_words: &str) -> String {
    match last_words.trim() {
        "" => format!("the run's process ended with {status} and said nothing"),
        words => format!("the run's process ended with {status}: {words}"),
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::process::ExitStatusExt;

    use super::*;

    const ABORTED: i32 = 6;
    const KILLED: i32 = 9;

    #[test]
    fn an_allocation_that_fails_is_a_matter_of_memory() {
        let ending = judge(
            Ok(ExitStatus::from_raw(ABORTED)),
            "memory allocation of 1048576 bytes failed",
            512,
        );
        let Ending::Memory(failure) = ending else {
            panic!("{ending:?}")
        };
        assert_eq!(failure.class, FailureClass::Memory);
        assert!(failure.told.message.get(lang::Lang::En).contains("512 MiB"));
        assert!(!failure.is_transient);
    }

    #[test]
    fn a_killed_child_is_lost_and_its_last_words_are_kept() {
        let ending = judge(Ok(ExitStatus::from_raw(KILLED)), "last words\n", 512);
        let Ending::Lost { chain } = ending else {
            panic!("{ending:?}")
        };
        assert!(
            chain.contains("signal: 9") && chain.ends_with("last words"),
            "{chain}"
        );
    }
}
