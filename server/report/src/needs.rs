//! What the choices of a parameter depend on.

use std::collections::BTreeSet;

use crate::block::Block;
use crate::param::{Options, Param};
use crate::report::Report;

impl Report {
    /// Every parameter the query behind the choices of `param` uses, directly or through queries it
    /// reads. Empty when the choices come from no query.
    pub fn choices_need(&self, param: &Param) -> BTreeSet<String> {
        match &param.options {
            Some(Options::Query { block, .. }) => of_block(&self.blocks, block),
            _ => BTreeSet::new(),
        }
    }
}

/// Parameters a block and everything it reads use. Blocks may read each other in a circle.
pub(crate) fn of_block(blocks: &[Block], name: &str) -> BTreeSet<String> {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut open = vec![name];
    let mut params = BTreeSet::new();
    while let Some(name) = open.pop() {
        if !seen.insert(name) {
            continue;
        }
        if let Some(block) = blocks.iter().find(|block| block.name == name) {
            params.extend(block.params.iter().cloned());
            open.extend(block.reads.iter().map(String::as_str));
        }
    }
    params
}
