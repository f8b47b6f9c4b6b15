//! Functions of texts.

use super::Topic;

pub(super) const TOPIC: Topic = Topic {
    title: ["텍스트", "Texts"],
    functions: &[],
};
