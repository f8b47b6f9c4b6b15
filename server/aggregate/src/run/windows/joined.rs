//! STRING_AGG over frames.

use std::ops::Range;
use std::sync::Arc;

use polars::prelude::*;

use crate::fault::Fault;

/// The most bytes of all texts of a window together. Each row has a text of its own, so running ones grow
/// with the square of the rows; no sheet shows that.
const MOST: usize = 256 << 20;

/// Texts of frames that mostly grow at their end.
pub(super) struct Joined<'a> {
    texts: &'a StringChunked,
    separator: &'a str,
    frame: Range<usize>,
    /// The text of the frame; `None` while all of its texts are absent.
    text: Option<String>,
    bytes: usize,
}

impl<'a> Joined<'a> {
    /// Of the texts in the order of the window.
    pub(super) fn of(texts: &'a StringChunked, separator: &'a str) -> Self {
        Self {
            texts,
            separator,
            frame: 0..0,
            text: None,
            bytes: 0,
        }
    }

    /// The text of the next frame.
    pub(super) fn next(&mut self, frame: &Range<usize>) -> Result<Option<Arc<str>>, Fault> {
        let grows = self.frame.start == frame.start && self.frame.end <= frame.end;
        if !grows {
            self.text = None;
            self.frame = frame.start..frame.start;
        }
        for place in self.frame.end..frame.end {
            let Some(more) = self.texts.get(place) else {
                continue;
            };
            match &mut self.text {
                None => self.text = Some(more.to_owned()),
                Some(text) => {
                    text.push_str(self.separator);
                    text.push_str(more);
                }
            }
        }
        self.frame = frame.clone();
        self.bytes += self.text.as_ref().map_or(0, String::len);
        fitting(self.bytes)?;
        Ok(self.text.as_deref().map(Arc::from))
    }
}

/// The texts of all rows as a column. Rows that share a frame share a text until now.
pub(super) fn column(texts: &[Option<Arc<str>>]) -> Result<Series, Fault> {
    fitting(texts.iter().flatten().map(|text| text.len()).sum())?;
    let mut builder = StringChunkedBuilder::new(PlSmallStr::EMPTY, texts.len());
    for text in texts {
        builder.append_option(text.as_deref());
    }
    Ok(builder.finish().into_series())
}

fn fitting(bytes: usize) -> Result<(), Fault> {
    if bytes > MOST {
        return Err(Fault::Argument(
            "the texts of the window would be longer than 256 MiB together",
        ));
    }
    Ok(())
}
