//! Texts that stand once in a workbook, however many cells show them.
//!
//! The table that finds them holds short texts itself and says where the letters of long ones stand: nearly
//! every cell asks it, and with an allocation for each text it would also take three times the memory.
//! Their XML is deflated while rows still come, so that only a small rest is left to do at the end.

use std::hash::BuildHasher;

use foldhash::fast::RandomState;
use hashbrown::HashTable;

use crate::archive::{FAST_LEVEL, LARGE, LEVEL};
use crate::cells::TextId;
use crate::deflate::Piece;
use crate::escape;

/// The shared texts of a workbook, numbered from 0 in the order in which they were added.
#[derive(Default)]
pub struct SharedTexts {
    known: HashTable<Known>,
    hasher: RandomState,
    /// The letters of long texts, one text behind the other.
    letters: Vec<u8>,
    /// The XML that is not deflated yet.
    xml: Vec<u8>,
    pieces: Vec<Piece>,
    scratch: Vec<u8>,
}

struct Known {
    id: TextId,
    view: View,
}

/// A text as Arrow's views have it (<https://arrow.apache.org/docs/format/Columnar.html>): its length, and
/// up to twelve bytes of letters. A longer text has its first eight there, and where all of them stand.
#[derive(Clone, Copy, PartialEq, Eq)]
struct View {
    first: u64,
    rest: u32,
    length: u32,
}

/// The most bytes of a text that stands in its view.
const SHORT: usize = 12;

impl View {
    /// Of a text of at most [`SHORT`] bytes.
    ///
    /// Loads that overlap take the place of a copy of any length, which every cell would wait for.
    #[inline(always)]
    fn short(text: &[u8]) -> Self {
        let four = |at: usize| {
            let bytes = text[at..at + 4].try_into().expect("four bytes");
            u64::from(u32::from_le_bytes(bytes))
        };
        let length = text.len();
        let (first, rest) = match length {
            8.. => (
                four(0) | four(4) << 32,
                four(length - 4) >> (8 * (SHORT - length)),
            ),
            4.. => (four(0) | four(length - 4) >> (8 * (8 - length)) << 32, 0),
            _ => {
                let letters = text.iter().rev();
                (letters.fold(0, |all, byte| all << 8 | u64::from(*byte)), 0)
            }
        };
        Self {
            first,
            rest: rest as u32,
            length: length as u32,
        }
    }

    /// Of a longer text whose letters begin at a place.
    fn long(text: &[u8], length: u32, from: u32) -> Self {
        Self {
            first: first_of(text),
            rest: from,
            length,
        }
    }

    /// The letters of a long text; `None` of a short one.
    #[inline]
    fn letters<'a>(&self, all: &'a [u8]) -> Option<&'a [u8]> {
        let (from, length) = (self.rest as usize, self.length as usize);
        (length > SHORT).then(|| &all[from..from + length])
    }

    #[inline(always)]
    fn hash(&self, hasher: &RandomState) -> u64 {
        hasher.hash_one((self.first, self.rest, self.length))
    }
}

/// The first eight bytes of a long text.
fn first_of(text: &[u8]) -> u64 {
    u64::from_le_bytes(text[..8].try_into().expect("eight bytes"))
}

impl SharedTexts {
    /// How many texts there are.
    pub fn len(&self) -> usize {
        self.known.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    /// The number of a text, and whether it was quoted where it was added.
    #[inline]
    pub fn find(&self, text: &[u8]) -> Option<TextId> {
        let found = if text.len() <= SHORT {
            let view = View::short(text);
            let hash = view.hash(&self.hasher);
            self.known.find(hash, |known| known.view == view)
        } else {
            let hash = self.hasher.hash_one(text);
            let first = first_of(text);
            self.known.find(hash, |known| {
                known.view.length as usize == text.len()
                    && known.view.first == first
                    && known.view.letters(&self.letters) == Some(text)
            })
        };
        found.map(|known| known.id)
    }

    /// Adds a text that is not there yet; `None` when there is no number left, or the long ones together
    /// have 4 GiB.
    pub fn add(&mut self, text: &str, is_quoted: bool) -> Option<TextId> {
        let index = u32::try_from(self.known.len()).ok()?;
        if index >= TextId::MOST_SHARED {
            return None;
        }
        let id = TextId::shared(index, is_quoted);
        let text = text.as_bytes();
        let view = if text.len() <= SHORT {
            View::short(text)
        } else {
            let from = u32::try_from(self.letters.len()).ok()?;
            let length = u32::try_from(text.len()).ok()?;
            from.checked_add(length)?;
            self.letters.extend_from_slice(text);
            View::long(text, length, from)
        };
        let (hasher, letters) = (&self.hasher, &self.letters);
        let hash = |view: &View| match view.letters(letters) {
            Some(text) => hasher.hash_one(text),
            None => view.hash(hasher),
        };
        self.known
            .insert_unique(hash(&view), Known { id, view }, |known| hash(&known.view));
        self.write(text);
        Some(id)
    }

    /// Their XML, an `<si>` for each, between the head of a list and what stands behind them.
    pub fn finish(self, head: &str, tail: &str) -> Vec<Piece> {
        let level = if self.pieces.is_empty() {
            LEVEL
        } else {
            FAST_LEVEL
        };
        let mut pieces = vec![Piece::of(head.as_bytes(), LEVEL)];
        pieces.extend(self.pieces);
        pieces.push(Piece::of(&self.xml, level));
        pieces.push(Piece::of(tail.as_bytes(), LEVEL));
        pieces
    }

    fn write(&mut self, text: &[u8]) {
        let begin: &[u8] = if escape::has_outer_blanks(text) {
            b"<si><t xml:space=\"preserve\">"
        } else {
            b"<si><t>"
        };
        self.xml.extend_from_slice(begin);
        self.xml
            .extend_from_slice(escape::escaped(text, &mut self.scratch));
        self.xml.extend_from_slice(b"</t></si>");
        if self.xml.len() >= LARGE {
            self.pieces.push(Piece::of(&self.xml, FAST_LEVEL));
            self.xml.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use flate2::read::DeflateDecoder;

    use crate::deflate::END;

    use super::*;

    fn inflated(texts: SharedTexts) -> String {
        let mut bytes: Vec<u8> = texts
            .finish("<sst>", "</sst>")
            .into_iter()
            .flat_map(|piece| piece.bytes)
            .collect();
        bytes.extend_from_slice(&END);
        let mut xml = String::new();
        DeflateDecoder::new(bytes.as_slice())
            .read_to_string(&mut xml)
            .unwrap();
        xml
    }

    #[test]
    fn texts_are_found_by_their_letters_and_written_in_their_order() {
        let mut texts = SharedTexts::default();
        let written = [
            "서울",
            " a<b",
            "서",
            "서울 ",
            "_x0041_",
            "twelve bytes",
            "thirteen byte",
            "thirteen bytf",
            "",
            "ab",
            "abc",
            "abcdefgh",
        ];
        let ids: Vec<TextId> = written
            .iter()
            .enumerate()
            .map(|(place, text)| texts.add(text, place == 1).unwrap())
            .collect();
        for (place, (text, id)) in written.iter().zip(&ids).enumerate() {
            assert_eq!(texts.find(text.as_bytes()), Some(*id));
            assert_eq!(*id, TextId::shared(place as u32, place == 1));
        }
        for unknown in [
            "울",
            "a",
            "abd",
            "abcdefg",
            "abcdefg\0",
            "\0",
            "서울\0",
            "twelve byte",
            "thirteen bytg",
            "thirteen bytes",
        ] {
            assert_eq!(texts.find(unknown.as_bytes()), None, "{unknown:?}");
        }
        assert_eq!(
            inflated(texts),
            "<sst><si><t>서울</t></si><si><t xml:space=\"preserve\"> a&lt;b</t></si><si><t>서</t></si>\
             <si><t xml:space=\"preserve\">서울 </t></si><si><t>_x005F_x0041_</t></si>\
             <si><t>twelve bytes</t></si><si><t>thirteen byte</t></si><si><t>thirteen bytf</t></si><si><t></t></si>\
             <si><t>ab</t></si><si><t>abc</t></si><si><t>abcdefgh</t></si></sst>"
        );
    }

    #[test]
    fn many_texts_become_several_pieces() {
        let mut texts = SharedTexts::default();
        let mut expected = String::new();
        for number in 0..100_000 {
            let text = format!("고객 {number}");
            texts.add(&text, false).unwrap();
            expected.push_str(&format!("<si><t>{text}</t></si>"));
        }
        assert_eq!(texts.len(), 100_000);
        assert_eq!(
            texts.find("고객 99999".as_bytes()),
            Some(TextId::shared(99_999, false))
        );
        assert!(texts.pieces.len() > 1);
        assert!(inflated(texts) == format!("<sst>{expected}</sst>"));
    }
}
