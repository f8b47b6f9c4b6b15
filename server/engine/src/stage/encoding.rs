//! How values are packed into a Parquet file.

use polars::frame::DataFrame;
use polars::io::parquet::write::RowGroupIterColumns;
use polars::prelude::{
    ArrayRef, CompatLevel, ParquetCompression, PolarsError, PolarsResult, StatisticsOptions,
    polars_err,
};
use polars_parquet::parquet::error::ParquetError;
use polars_parquet::write::{
    CompressionOptions, Compressor, DynIter, DynStreamingIterator, Encoding as PageEncoding,
    FallibleStreamingIterator, ParquetType, WriteOptions, array_to_columns,
};

/// How much work is spent on making a file small.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// For files that live for one job: values as they are, nothing a reader would have to undo.
    /// They are larger, and encoding them takes next to no time.
    Plain,
    /// For files that are kept: repeated values stand once, pages are compressed, and say what they
    /// hold at least and at most.
    Compressed,
}

impl Encoding {
    pub(super) fn compression(self) -> ParquetCompression {
        match self {
            Self::Plain => ParquetCompression::Uncompressed,
            // The fastest there is: reading must not wait for it.
            Self::Compressed => ParquetCompression::Lz4Raw,
        }
    }

    pub(super) fn statistics(self) -> StatisticsOptions {
        match self {
            Self::Plain => StatisticsOptions {
                null_count: true,
                ..StatisticsOptions::empty()
            },
            Self::Compressed => StatisticsOptions::default(),
        }
    }
}

/// The columns of a frame that has one buffer a column.
pub(super) fn arrays(group: &DataFrame) -> Vec<ArrayRef> {
    group
        .iter_chunks(CompatLevel::newest(), false)
        .flat_map(|batch| batch.columns().to_vec())
        .collect()
}

/// The columns of a row group whose values are written as they are.
///
/// Polars' own writer would look for repeated values in every column, which takes longer than all
/// the rest.
pub(super) fn plain(
    arrays: &[ArrayRef],
    types: &[ParquetType],
    options: WriteOptions,
) -> PolarsResult<RowGroupIterColumns<'static, PolarsError>> {
    let mut columns = Vec::with_capacity(types.len());
    for (array, kind) in arrays.iter().zip(types) {
        for pages in array_to_columns(array, kind.clone(), options, &[PageEncoding::Plain])? {
            let pages = pages.map(|page| {
                page.map_err(|error| ParquetError::FeatureNotSupported(error.to_string()))
            });
            let pages =
                Compressor::new_from_vec(pages, CompressionOptions::Uncompressed, Vec::new());
            columns.push(Ok(DynStreamingIterator::new(
                pages.map_err(|error| polars_err!(ComputeError: "{error}")),
            )));
        }
    }
    Ok(DynIter::new(columns.into_iter()))
}
