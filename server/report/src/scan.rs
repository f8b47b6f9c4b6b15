//! Finds strings, comments, dollar quotes and parameters in SQL of any dialect.
//!
//! The scanner knows no grammar: statements go to databases that know their own. It knows only
//! where text is not SQL, so that a colon or semicolon inside a string or comment means nothing.
//! It never fails; whatever is left open is listed and taken to end with its line.

use std::ops::Range;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Blanks and line ends.
    Space,
    /// `-- …` without its line end.
    LineComment,
    /// `/* … */`.
    BlockComment,
    /// `/*+ … */`, kept for the optimiser.
    Hint,
    /// `/*--- … ---*/` on lines of their own.
    Fence,
    /// `'…'`, with `''` for a quote; backslash escapes only after `E`.
    Text,
    /// `"…"` or `` `…` ``.
    Quoted,
    /// `$tag$…$tag$`.
    Dollar,
    /// `:name` or `:name.field`.
    Parameter,
    /// `;`
    Semicolon,
    /// Letters, digits, `_` and `$`; keywords, names and numbers.
    Word,
    /// One other character, or `::`.
    Other,
}

impl Kind {
    /// True when a database would read it.
    pub fn is_sql(self) -> bool {
        !matches!(
            self,
            Self::Space | Self::LineComment | Self::BlockComment | Self::Fence
        )
    }
}

/// A token and its place in the scanned text, in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    pub kind: Kind,
    pub range: Range<usize>,
}

/// Something that was opened and not closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unclosed {
    /// The opening characters.
    pub range: Range<usize>,
    /// `string`, `comment`, `quoted name`, `dollar quote` or `section`.
    pub what: &'static str,
}

/// All tokens from a position to the end, without gaps, and what was left open.
#[derive(Debug, Default)]
pub(crate) struct Scan {
    pub tokens: Vec<Token>,
    pub unclosed: Vec<Unclosed>,
}

/// Scans `text[start..]`.
pub(crate) fn scan(text: &str, start: usize) -> Scan {
    let strict = Scanner::new(text, start, false).run();
    if strict.unclosed.is_empty() {
        return strict;
    }
    // One missing quote turns the rest of the file inside out. Nothing sensible spans the
    // beginning of the next query, so the second attempt lets nothing do so.
    Scanner::new(text, start, true).run()
}

/// True for characters that continue a word.
pub(crate) fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}

struct Scanner<'a> {
    text: &'a str,
    at: usize,
    recover: bool,
    scan: Scan,
}

impl<'a> Scanner<'a> {
    fn new(text: &'a str, at: usize, recover: bool) -> Self {
        Self {
            text,
            at,
            recover,
            scan: Scan::default(),
        }
    }

    fn run(mut self) -> Scan {
        while let Some(c) = self.rest().chars().next() {
            let start = self.at;
            let kind = self.token(c);
            self.scan.tokens.push(Token {
                kind,
                range: start..self.at,
            });
        }
        self.scan
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// Reads one token that begins with `c` and moves behind it.
    fn token(&mut self, c: char) -> Kind {
        let rest = self.rest();
        match c {
            _ if c.is_whitespace() => {
                self.at += length_while(rest, char::is_whitespace);
                Kind::Space
            }
            '-' if rest.starts_with("--") => {
                self.at += line_length(rest);
                Kind::LineComment
            }
            '/' if rest.starts_with("/*---") && self.stands_alone() => self.fence(),
            '/' if rest.starts_with("/*") => {
                let kind = if rest.starts_with("/*+") {
                    Kind::Hint
                } else {
                    Kind::BlockComment
                };
                let end = rest[2..].find("*/").map(|end| end + 4);
                self.close(end, 2, "comment");
                kind
            }
            '\'' => {
                let end = if self.after_escape_prefix() {
                    escaped_end(rest)
                } else {
                    doubled_end(rest, '\'')
                };
                self.close(end, 1, "string");
                Kind::Text
            }
            '"' | '`' => {
                self.close(doubled_end(rest, c), 1, "quoted name");
                Kind::Quoted
            }
            '$' => match dollar_tag(rest) {
                Some(tag) => {
                    let end = rest[tag.len()..].find(tag).map(|end| end + 2 * tag.len());
                    self.close(end, tag.len(), "dollar quote");
                    Kind::Dollar
                }
                None => {
                    self.at += length_while(rest, is_word);
                    Kind::Word
                }
            },
            ';' => {
                self.at += 1;
                Kind::Semicolon
            }
            ':' => self.colon(),
            _ if is_word(c) => {
                self.at += length_while(rest, is_word);
                Kind::Word
            }
            _ => {
                self.at += c.len_utf8();
                Kind::Other
            }
        }
    }

    /// Moves to the end of something closed, or to the end of the line when it is not.
    fn close(&mut self, end: Option<usize>, opening: usize, what: &'static str) {
        let rest = self.rest();
        match end {
            Some(end) if !(self.recover && spans_a_query(&rest[..end])) => self.at += end,
            _ => {
                self.scan.unclosed.push(Unclosed {
                    range: self.at..self.at + opening,
                    what,
                });
                self.at += line_length(rest).max(opening);
            }
        }
    }

    fn fence(&mut self) -> Kind {
        let rest = self.rest();
        let mut length = 0;
        for line in rest.split_inclusive('\n') {
            let closes = length > 0 && line.trim() == "---*/";
            length += line.len();
            if closes {
                let end = length - (line.len() - line.trim_end().len());
                self.at += end;
                return Kind::Fence;
            }
        }
        self.scan.unclosed.push(Unclosed {
            range: self.at..self.at + line_length(rest),
            what: "section",
        });
        // Queries below are still looked at: the section ends where the first of them begins.
        self.at += rest.find("\n-- name:").map_or(rest.len(), |end| end + 1);
        Kind::Fence
    }

    fn colon(&mut self) -> Kind {
        let rest = self.rest();
        if rest.starts_with("::") {
            self.at += 2;
            return Kind::Other;
        }
        let before = self.text[..self.at].chars().next_back();
        let touches = before.is_some_and(|c| is_word(c) || c == ':' || c == ']');
        let name = word_length(&rest[1..]);
        if touches || name == 0 {
            self.at += 1;
            return Kind::Other;
        }
        self.at += 1 + name;
        let field = self.rest().strip_prefix('.').map_or(0, word_length);
        if field > 0 {
            self.at += 1 + field;
        }
        Kind::Parameter
    }

    /// True when only blanks stand before this place in its line.
    fn stands_alone(&self) -> bool {
        let before = &self.text[..self.at];
        before
            .rsplit('\n')
            .next()
            .is_some_and(|line| line.trim().is_empty())
    }

    /// True directly behind the `E` of `E'…'`.
    fn after_escape_prefix(&self) -> bool {
        self.scan.tokens.last().is_some_and(|token| {
            token.kind == Kind::Word
                && token.range.end == self.at
                && self.text[token.range.clone()].eq_ignore_ascii_case("e")
        })
    }
}

fn length_while(text: &str, matches: impl Fn(char) -> bool) -> usize {
    text.find(|c| !matches(c)).unwrap_or(text.len())
}

/// Length of the line without its end.
fn line_length(text: &str) -> usize {
    text.find('\n').unwrap_or(text.len())
}

/// Length of a name; 0 when none begins here. `1` begins no name, so slices stay slices.
fn word_length(text: &str) -> usize {
    match text.chars().next() {
        Some(c) if c.is_alphabetic() || c == '_' => {
            length_while(text, |c| c.is_alphanumeric() || c == '_')
        }
        _ => 0,
    }
}

/// End of `'…'` where a doubled quote stands for one.
fn doubled_end(text: &str, quote: char) -> Option<usize> {
    let mut at = 1;
    loop {
        at += text[at..].find(quote)? + 1;
        if !text[at..].starts_with(quote) {
            return Some(at);
        }
        at += 1;
    }
}

/// End of `E'…'` where a backslash takes the next character's meaning.
fn escaped_end(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            b'\'' if bytes.get(at + 1) == Some(&b'\'') => at += 2,
            b'\'' => return Some(at + 1),
            _ => at += 1,
        }
    }
    None
}

/// `$tag$` or `$$` at the beginning.
fn dollar_tag(text: &str) -> Option<&str> {
    let length = text[1..].find(|c: char| !(c.is_alphanumeric() || c == '_'))?;
    let tag = &text[1..1 + length];
    let named = !tag.starts_with(|c: char| c.is_ascii_digit());
    (named && text[1 + length..].starts_with('$')).then(|| &text[..length + 2])
}

/// True when the text reaches into the next query or section.
fn spans_a_query(text: &str) -> bool {
    text.contains("\n-- name:") || text.contains("\n/*---")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parameters(text: &str) -> Vec<&str> {
        scan(text, 0)
            .tokens
            .into_iter()
            .filter(|token| token.kind == Kind::Parameter)
            .map(|token| &text[token.range])
            .collect()
    }

    #[test]
    fn parameters_stand_outside_strings_comments_and_dollar_quotes() {
        let sql = "SELECT ':a', \":b\", `:c`, $$ :d $$, $x$ :e $$ $x$, E'\\':f' -- :g\n, /* :h */ :i, ':''j'";
        assert_eq!(parameters(sql), [":i"]);
    }

    #[test]
    fn casts_and_slices_are_no_parameters() {
        assert_eq!(
            parameters("SELECT :a::int, b::text, c[1:2], d[:e], f[1]:g, h:i, '1'::date"),
            [":a", ":e"]
        );
    }

    #[test]
    fn a_parameter_takes_its_field_with_it() {
        assert_eq!(
            parameters("x >= :period.from AND y < :period.until."),
            [":period.from", ":period.until"]
        );
    }

    #[test]
    fn names_with_dollars_begin_no_dollar_quote() {
        assert_eq!(parameters("SELECT a$b$ :c, $1, d$b$"), [":c"]);
    }

    #[test]
    fn tokens_cover_the_text_without_gaps() {
        let text = "/*--- report\nx = 1\n---*/\n-- name: a\nSELECT '가', :나\n";
        let mut at = 0;
        for token in scan(text, 0).tokens {
            assert_eq!(token.range.start, at);
            at = token.range.end;
        }
        assert_eq!(at, text.len());
    }

    #[test]
    fn an_open_string_does_not_swallow_the_next_query() {
        let scan = scan("SELECT 'a\n-- name: b\nSELECT 'c', :d", 0);
        assert_eq!(
            scan.unclosed,
            [Unclosed {
                range: 7..8,
                what: "string"
            }]
        );
        assert!(
            scan.tokens
                .iter()
                .any(|token| token.kind == Kind::Parameter)
        );
    }
}
