//! Functions of dates and times.

use super::Topic;

pub(super) const TOPIC: Topic = Topic {
    title: ["날짜와 시간", "Dates and times"],
    functions: &[],
};
