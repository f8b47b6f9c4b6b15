//! Joins whose one side is kept by its keys, and the other side's rows looked up as they come.
//!
//! Pairs come in the order of the rows that come by.

use std::collections::BTreeSet;
use std::sync::Arc;

use polars::prelude::*;

use crate::expression::Id;
use crate::relation::JoinKind;
use crate::run::distinct::{Combinations, NOWHERE};
use crate::run::frames;

/// With more rows of one key a batch of rows that come by could make too many pairs at once.
const MANY: u32 = 16;

/// The rows of one side by the numbers of their keys.
pub(super) struct Lookup {
    rows: DataFrame,
    keys: Combinations,
    places: Places,
}

/// Where the rows of a key stand.
enum Places {
    /// Every key has one row, in the order of their numbers.
    Same,
    /// The rows of key `n` are `rows[starts[n]..starts[n + 1]]`.
    Listed {
        starts: Vec<u32>,
        rows: Vec<IdxSize>,
    },
}

impl Lookup {
    /// Of rows of which only these columns are shown in pairs; default: all. The rows back when their keys cannot be
    /// looked up, or when many rows have the same key.
    pub(super) fn of(
        rows: DataFrame,
        keys: &[Id],
        is_null_equal: bool,
        shown: Option<&BTreeSet<Id>>,
    ) -> PolarsResult<Result<Self, DataFrame>> {
        let Some(mut combinations) = Combinations::of(keys, rows.schema()) else {
            return Ok(Err(rows));
        };
        let mut numbers = Vec::new();
        combinations.number(&rows, &mut numbers)?;
        let mut has_absent = false;
        if !is_null_equal {
            for key in keys {
                let column = rows.column(&frames::name(*key))?;
                if column.null_count() == 0 {
                    continue;
                }
                has_absent = true;
                // NULL equals nothing, not even NULL.
                for (number, is_absent) in numbers.iter_mut().zip(column.is_null().iter()) {
                    if is_absent == Some(true) {
                        *number = NOWHERE;
                    }
                }
            }
        }
        let places = if combinations.len() == rows.height() && !has_absent {
            Places::Same
        } else {
            match listed(&numbers, combinations.len()) {
                Some(places) => places,
                None => return Ok(Err(rows)),
            }
        };
        let shown: Vec<Column> = rows
            .columns()
            .iter()
            .filter(|column| {
                let is_named = |id: &Id| *column.name() == frames::name(*id);
                shown.is_none_or(|shown| shown.iter().any(is_named))
            })
            .map(Column::rechunk)
            .collect();
        Ok(Ok(Self {
            rows: DataFrame::new(rows.height(), shown)?,
            keys: combinations,
            places,
        }))
    }

    fn batch(&self, batch: DataFrame, keys: &[Id], kind: JoinKind) -> PolarsResult<DataFrame> {
        let numbers = self.keys.find(&batch, keys)?;
        if matches!(kind, JoinKind::Semi | JoinKind::Anti) {
            let is_kept = numbers
                .iter()
                .map(|number| self.rows_of(*number).is_empty() == (kind == JoinKind::Anti));
            let mask: BooleanChunked = is_kept.map(Some).collect();
            return batch.filter(&mask);
        }
        let is_inner = kind == JoinKind::Inner;
        let mut own = Vec::with_capacity(numbers.len());
        let mut others: Vec<IdxSize> = Vec::with_capacity(numbers.len());
        let mut is_alone = Vec::new();
        for (other, number) in (0..).zip(&numbers) {
            let rows = self.rows_of(*number);
            if rows.is_empty() && !is_inner {
                is_alone.resize(own.len(), false);
                is_alone.push(true);
                own.push(0);
                others.push(other);
            }
            match rows {
                Rows::None => {}
                Rows::One(row) => {
                    own.push(row);
                    others.push(other);
                }
                Rows::Some(rows) => {
                    own.extend_from_slice(rows);
                    others.resize(own.len(), other);
                }
            }
        }
        let valid = (!is_alone.is_empty()).then(|| {
            is_alone.resize(own.len(), false);
            is_alone.iter().map(|is_alone| !is_alone).collect()
        });
        let own = IdxCa::from_vec_validity(PlSmallStr::EMPTY, own, valid);
        let is_each_once = others.len() == batch.height()
            && (0..).zip(&others).all(|(place, other)| place == *other);
        let mut joined = if is_each_once {
            batch
        } else {
            batch.take(&IdxCa::from_vec(PlSmallStr::EMPTY, others))?
        };
        let fresh = self
            .rows
            .columns()
            .iter()
            .filter(|column| joined.schema().get(column.name()).is_none())
            .map(|column| column.take(&own))
            .collect::<PolarsResult<Vec<_>>>()?;
        joined.hstack_mut(&fresh)?;
        Ok(joined)
    }

    #[inline]
    fn rows_of(&self, number: u32) -> Rows<'_> {
        match &self.places {
            _ if number == NOWHERE => Rows::None,
            Places::Same => Rows::One(number),
            Places::Listed { starts, rows } => {
                let number = number as usize;
                let range = starts[number] as usize..starts[number + 1] as usize;
                if range.is_empty() {
                    Rows::None
                } else {
                    Rows::Some(&rows[range])
                }
            }
        }
    }
}

/// A lookup, and the rows that come by.
#[derive(Clone)]
pub(in crate::run) struct Probe {
    lookup: Arc<Lookup>,
    /// The names of the keys where rows come by.
    keys: Vec<Id>,
    kind: JoinKind,
}

impl Probe {
    pub(super) fn of(lookup: Lookup, keys: Vec<Id>, kind: JoinKind) -> Self {
        Self {
            lookup: Arc::new(lookup),
            keys,
            kind,
        }
    }

    /// The pairs of each row that comes by with those of its key.
    pub(in crate::run) fn over(&self, others: LazyFrame) -> LazyFrame {
        let kept: Vec<Field> = match self.kind {
            JoinKind::Semi | JoinKind::Anti => Vec::new(),
            _ => self.lookup.rows.schema().iter_fields().collect(),
        };
        let schema = move |others: &Schema| -> PolarsResult<SchemaRef> {
            let mut schema = others.clone();
            for field in &kept {
                if !schema.contains(field.name()) {
                    schema.with_column(field.name().clone(), field.dtype().clone());
                }
            }
            Ok(Arc::new(schema))
        };
        let probe = self.clone();
        others.map(
            move |batch| probe.lookup.batch(batch, &probe.keys, probe.kind),
            OptFlags::STREAMING,
            Some(Arc::new(schema)),
            Some("lookup"),
        )
    }
}

enum Rows<'a> {
    None,
    One(IdxSize),
    Some(&'a [IdxSize]),
}

impl Rows<'_> {
    fn is_empty(&self) -> bool {
        matches!(self, Rows::None)
    }
}

/// The rows by their numbers; `None` when one has many.
fn listed(numbers: &[u32], count: usize) -> Option<Places> {
    let mut starts = vec![0_u32; count + 1];
    for number in numbers.iter().filter(|number| **number != NOWHERE) {
        starts[*number as usize + 1] += 1;
    }
    if starts.iter().any(|rows| *rows > MANY) {
        return None;
    }
    for number in 0..count {
        starts[number + 1] += starts[number];
    }
    let mut next = starts.clone();
    let mut rows = vec![0; starts[count] as usize];
    for (row, number) in (0..).zip(numbers) {
        if *number != NOWHERE {
            let place = &mut next[*number as usize];
            rows[*place as usize] = row;
            *place += 1;
        }
    }
    Some(Places::Listed { starts, rows })
}
