//! A report as written by its author, checked and ready to run.

use std::time::Duration;

use indexmap::IndexMap;
use jiff::tz::TimeZone;

use crate::block::Block;
use crate::id::ReportId;
use crate::param::Param;
use crate::workbook::Workbook;
use lang::Text;

/// A report as written by its author, checked and ready to run.
#[derive(Clone, Debug)]
pub struct Report {
    /// Its name; the path below the queries folder.
    pub id: ReportId,
    /// What it is called.
    pub title: Text,
    /// One or two sentences about what it answers and what a row is.
    pub description: Option<Text>,
    /// Who to ask; usually a mail address.
    pub owner: Option<String>,
    /// All dates of the report are dates in this zone. Default: `Asia/Seoul`.
    pub timezone: TimeZone,
    /// Template of the workbook's file name, see [`Report::file_name`](crate::Report::file_name()).
    pub file_name: Option<Text>,
    /// Former ids whose links still work.
    pub formerly: Vec<ReportId>,
    /// Who may see and run it.
    pub access: Access,
    /// After which a run is stopped.
    pub limits: Limits,
    /// Parameters in the order of the file.
    pub params: IndexMap<String, Param>,
    /// Queries in an order in which each only reads earlier ones; never empty.
    pub blocks: Vec<Block>,
    /// The sheets; never empty.
    pub workbook: Workbook,
    /// SHA-256 of the text in hexadecimal; stored with every run.
    pub hash: String,
    /// The file, byte for byte.
    pub text: String,
}

/// Groups that may see and run a report. Empty means administrators only; there is no public.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Access {
    /// Groups that see it in lists and may open finished runs.
    pub view: Vec<String>,
    /// Groups that may start it.
    pub run: Vec<String>,
}

/// Bounds after which a run fails instead of going on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// Rows per query; at least 1. Default: the server's.
    pub rows: Option<u64>,
    /// Whole run; at least one second. Default: the server's.
    pub runtime: Option<Duration>,
}

impl Report {
    /// The block of that name.
    pub fn block(&self, name: &str) -> Option<&Block> {
        self.blocks.iter().find(|block| block.name == name)
    }

    /// Every source the report reads, once, in the order of first use.
    pub fn sources(&self) -> Vec<&str> {
        each_once(self.blocks.iter().filter_map(Block::source))
    }

    /// The same without queries that only fill the form: what a run of the report reads.
    pub fn sources_of_run(&self) -> Vec<&str> {
        let blocks = self.blocks.iter();
        let of_run = blocks.filter(|block| !self.is_only_for_form(&block.name));
        each_once(of_run.filter_map(Block::source))
    }

    /// True when the block only fills choices of the form and nothing else reads it.
    pub fn is_only_for_form(&self, block: &str) -> bool {
        let fills_form = self.params.values().any(|param| {
            matches!(&param.options, Some(crate::param::Options::Query { block: name, .. }) if name == block)
        });
        fills_form
            && !self
                .blocks
                .iter()
                .any(|other| other.reads.iter().any(|name| name == block))
            && !self
                .workbook
                .sheets
                .iter()
                .any(|sheet| sheet.query == block)
            && self.block(block).is_some_and(|found| found.check.is_none())
    }
}

fn each_once<'a>(sources: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut seen = Vec::new();
    for source in sources {
        if !seen.contains(&source) {
            seen.push(source);
        }
    }
    seen
}
