//! Who reads whom: unknown tables, circles, and an order in which each block reads earlier ones.

use std::collections::BTreeSet;
use std::ops::Range;

use indexmap::IndexMap;

use crate::block::Block;
use crate::nearest::nearest;
use crate::needs;
use crate::param::{Options, Param, ParamKind};
use crate::polars;
use crate::problem::Problem;

/// A parameter whose choices come from a block, and where the file says so.
pub(crate) struct OptionsUse {
    pub param: String,
    pub block: String,
    pub span: Range<usize>,
}

/// Fills in what each block reads and puts the blocks in order. File order is kept where it can be.
pub(crate) fn order(
    mut blocks: Vec<Block>,
    params: &IndexMap<String, Param>,
    uses: &[OptionsUse],
    problems: &mut Vec<Problem>,
) -> Vec<Block> {
    let names: Vec<String> = blocks.iter().map(|block| block.name.clone()).collect();
    for block in &mut blocks {
        if !block.is_polars() || block.sql.is_empty() {
            continue;
        }
        let reading = polars::read(block, problems);
        block.columns = reading.columns;
        for (table, span) in reading.tables {
            if names.contains(&table) {
                block.reads.push(table);
                continue;
            }
            let known = names
                .iter()
                .map(String::as_str)
                .filter(|name| *name != block.name);
            let help = match nearest(&table, known.clone()) {
                Some(close) => format!("did you mean `{close}`?"),
                None => format!(
                    "queries of this report: {}",
                    known.collect::<Vec<_>>().join(", ")
                ),
            };
            problems.push(
                Problem::error(
                    "report::unknown_table",
                    format!(
                        "`{}` reads `{table}`, which is no query of this report",
                        block.name
                    ),
                )
                .at(span)
                .label("unknown table")
                .help(help),
            );
        }
    }
    options(&blocks, params, uses, problems);
    sorted(blocks, problems)
}

/// Takes blocks whose reads are all done, earliest in the file first. What remains is a circle.
fn sorted(blocks: Vec<Block>, problems: &mut Vec<Problem>) -> Vec<Block> {
    let mut done: BTreeSet<String> = BTreeSet::new();
    let mut ordered: Vec<Block> = Vec::with_capacity(blocks.len());
    let mut waiting = blocks;
    while !waiting.is_empty() {
        match waiting
            .iter()
            .position(|block| block.reads.iter().all(|name| done.contains(name)))
        {
            Some(at) => {
                let block = waiting.remove(at);
                done.insert(block.name.clone());
                ordered.push(block);
            }
            None => {
                circle(&waiting, problems);
                ordered.append(&mut waiting);
            }
        }
    }
    ordered
}

/// Follows the first unfinished read until a block comes twice.
fn circle(waiting: &[Block], problems: &mut Vec<Problem>) {
    let Some(mut block) = waiting.first() else {
        return;
    };
    let mut path: Vec<&Block> = Vec::new();
    while !path.iter().any(|seen| seen.name == block.name) {
        path.push(block);
        let next = block
            .reads
            .iter()
            .find_map(|name| waiting.iter().find(|other| other.name == *name));
        match next {
            Some(next) => block = next,
            None => return,
        }
    }
    let start = path
        .iter()
        .position(|seen| seen.name == block.name)
        .unwrap_or(0);
    let path = &path[start..];
    let steps: Vec<String> = path
        .iter()
        .enumerate()
        .map(|(index, from)| {
            format!(
                "`{}` reads `{}`",
                from.name,
                path[(index + 1) % path.len()].name
            )
        })
        .collect();
    let help = if path.len() == 1 {
        "a query cannot read itself; read the query it is made from"
    } else {
        "let one of them read only queries above it"
    };
    problems.push(
        Problem::error("report::cycle", steps.join(", "))
            .at(block.name_span.clone())
            .label("begins here")
            .help(help),
    );
}

/// Choices: the block exists, and no choice needs itself to be filled.
fn options(
    blocks: &[Block],
    params: &IndexMap<String, Param>,
    uses: &[OptionsUse],
    problems: &mut Vec<Problem>,
) {
    let mut told: Vec<String> = Vec::new();
    for used in uses {
        if !blocks.iter().any(|block| block.name == used.block) {
            let known = blocks.iter().map(|block| block.name.as_str());
            let help = match nearest(&used.block, known.clone()) {
                Some(close) => format!("did you mean `{close}`?"),
                None => format!(
                    "queries of this report: {}",
                    known.collect::<Vec<_>>().join(", ")
                ),
            };
            problems.push(
                Problem::error(
                    "report::unknown_query",
                    format!(
                        "`{}` takes its choices from `{}`, which is no query",
                        used.param, used.block
                    ),
                )
                .at(used.span.clone())
                .label("no such query")
                .help(help),
            );
            continue;
        }
        let needed = needs::of_block(blocks, &used.block);
        let mut path = vec![used.param.clone()];
        // Every circle is told once, at the first of its fields.
        if !told.contains(&used.param) && depends(blocks, params, &needed, &used.param, &mut path) {
            told.extend(path.iter().cloned());
            let steps: Vec<String> = path[1..]
                .iter()
                .map(|name| format!("need `{name}`"))
                .collect();
            problems.push(
                Problem::error(
                    "report::cycle",
                    format!(
                        "the choices of `{}` {}",
                        used.param,
                        steps.join(", whose choices ")
                    ),
                )
                .at(used.span.clone())
                .help("a choice may depend on fields that do not depend on it"),
            );
        }
    }
}

/// True when filling one of the needed parameters needs `goal`; `path` then leads there.
fn depends(
    blocks: &[Block],
    params: &IndexMap<String, Param>,
    needed: &BTreeSet<String>,
    goal: &str,
    path: &mut Vec<String>,
) -> bool {
    for name in needed {
        if name == goal {
            path.push(name.clone());
            return true;
        }
        if path.contains(name) {
            continue;
        }
        let Some(param) = params.get(name) else {
            continue;
        };
        debug_assert!(
            param.options.is_none() || matches!(param.kind, ParamKind::Choice | ParamKind::Choices)
        );
        if let Some(Options::Query { block, .. }) = &param.options {
            path.push(name.clone());
            if depends(blocks, params, &needs::of_block(blocks, block), goal, path) {
                return true;
            }
            path.pop();
        }
    }
    false
}
