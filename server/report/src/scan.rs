//! Finds strings, comments, dollar quotes and parameters in SQL.
//!
//! The scanner knows no grammar: statements go to databases that know their own. It knows only
//! where text is not SQL, so that a colon or semicolon inside a string or comment means nothing.
//! Databases disagree about that, so whoever scans says by whose [`Rules`].
//! It never fails; whatever is left open is listed and taken to end with its line.

use std::ops::Range;

/// Whose rules decide what is a string and what a comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rules {
    /// PostgreSQL, SQLite and Polars: `--` always begins a comment, and a backslash means something
    /// in `E'…'` only.
    Standard,
    /// MySQL and MariaDB: `--` begins a comment only before a blank, a control character or the end,
    /// `#` always, and a backslash takes the next character's meaning in `'…'` and `"…"`.
    Backslash,
    /// MySQL and MariaDB in the mode `NO_BACKSLASH_ESCAPES`.
    Plain,
}

impl Rules {
    /// All of them, the most common first.
    pub const ALL: [Self; 3] = [Self::Standard, Self::Backslash, Self::Plain];

    /// Whose they are, for messages.
    pub fn owners(self) -> &'static str {
        match self {
            Self::Standard => "PostgreSQL and SQLite",
            Self::Backslash | Self::Plain => "MySQL and MariaDB",
        }
    }

    /// True when a text could mean something else by other rules.
    pub fn matter(text: &str) -> bool {
        text.contains(['\\', '#'])
            || text
                .match_indices("--")
                .any(|(at, _)| !is_dash_comment(&text[at..]))
    }
}

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Blanks and line ends.
    Space,
    /// `-- …` without its line end; `# …` in MySQL.
    LineComment,
    /// `/* … */`.
    BlockComment,
    /// `/*+ … */`, kept for the optimiser.
    Hint,
    /// `/*--- … ---*/` on lines of their own.
    Fence,
    /// `'…'`, with `''` for a quote.
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

/// All tokens of a stretch, without gaps, and what was left open.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Scan {
    pub tokens: Vec<Token>,
    pub unclosed: Vec<Unclosed>,
}

/// Scans a stretch of the text as if nothing followed it.
pub(crate) fn scan(text: &str, stretch: Range<usize>, rules: Rules) -> Scan {
    let mut scanner = Scanner::new(&text[..stretch.end], stretch.start, rules);
    while scanner.step() {}
    scanner.scan
}

/// Scans on until a token begins at one of `ends`, or to the end of the text, and says where that
/// was. What is open may span any of them. `None` when something is never closed.
pub(crate) fn scan_over(text: &str, start: usize, ends: &[usize], rules: Rules) -> Option<usize> {
    let mut scanner = Scanner::new(text, start, rules);
    while scanner.step() {
        if !scanner.scan.unclosed.is_empty() {
            return None;
        }
        if ends.binary_search(&scanner.at).is_ok() {
            break;
        }
    }
    Some(scanner.at)
}

/// Scans the section whose opening fence stands at `start`.
pub(crate) fn scan_fence(text: &str, start: usize) -> Scan {
    let mut scanner = Scanner::new(text, start, Rules::Standard);
    scanner.step();
    scanner.scan
}

/// True for characters that continue a word.
pub(crate) fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}

struct Scanner<'a> {
    text: &'a str,
    at: usize,
    rules: Rules,
    /// In the lines between a query's name and its statement, which are this file's and follow the
    /// same rules everywhere.
    in_head: bool,
    scan: Scan,
}

impl<'a> Scanner<'a> {
    fn new(text: &'a str, at: usize, rules: Rules) -> Self {
        Self {
            text,
            at,
            rules,
            in_head: text[at..].starts_with("-- name:"),
            scan: Scan::default(),
        }
    }

    /// Reads the next token; false at the end.
    fn step(&mut self) -> bool {
        let Some(c) = self.rest().chars().next() else {
            return false;
        };
        let start = self.at;
        let kind = self.token(c);
        self.in_head &= matches!(kind, Kind::Space | Kind::LineComment);
        self.scan.tokens.push(Token {
            kind,
            range: start..self.at,
        });
        true
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
            '-' | '#' if self.begins_comment(rest) => {
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
                let escapes = match self.rules {
                    Rules::Standard => self.after_escape_prefix(),
                    Rules::Backslash => true,
                    Rules::Plain => false,
                };
                let end = if escapes {
                    escaped_end(rest, b'\'')
                } else {
                    doubled_end(rest, '\'')
                };
                self.close(end, 1, "string");
                Kind::Text
            }
            '"' if self.rules == Rules::Backslash => {
                self.close(escaped_end(rest, b'"'), 1, "quoted name");
                Kind::Quoted
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

    fn begins_comment(&self, rest: &str) -> bool {
        match self.rules {
            Rules::Backslash | Rules::Plain if !self.in_head => {
                rest.starts_with('#') || is_dash_comment(rest)
            }
            _ => rest.starts_with("--"),
        }
    }

    /// Moves to the end of something closed, or to the end of the line when it is not.
    fn close(&mut self, end: Option<usize>, opening: usize, what: &'static str) {
        let rest = self.rest();
        match end {
            Some(end) => self.at += end,
            None => {
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

/// `--` where MySQL reads a comment: before a blank, a control character or the end. Blanks are
/// those of ASCII; an ideographic space is none to the server.
fn is_dash_comment(text: &str) -> bool {
    text.strip_prefix("--").is_some_and(|rest| {
        let next = rest.bytes().next();
        next.is_none_or(|byte| byte == b' ' || byte.is_ascii_control())
    })
}

/// End of a string where a backslash takes the next character's meaning.
fn escaped_end(text: &str, quote: u8) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            byte if byte == quote && bytes.get(at + 1) == Some(&quote) => at += 2,
            byte if byte == quote => return Some(at + 1),
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

#[cfg(test)]
mod tests {
    use super::*;

    fn parameters(text: &str) -> Vec<&str> {
        scan(text, 0..text.len(), Rules::Standard)
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
        for token in scan(text, 0..text.len(), Rules::Standard).tokens {
            assert_eq!(token.range.start, at);
            at = token.range.end;
        }
        assert_eq!(at, text.len());
    }

    #[test]
    fn rules_decide_what_is_a_comment_and_where_a_string_ends() {
        let read = |text: &str, rules| -> Vec<(Kind, String)> {
            let scan = scan(text, 0..text.len(), rules);
            assert_eq!(scan.unclosed, [], "{text}");
            let tokens = scan.tokens.into_iter();
            tokens
                .filter(|token| token.kind != Kind::Space)
                .map(|token| (token.kind, text[token.range].to_owned()))
                .collect()
        };
        let count = |text: &str, rules, kind| {
            let tokens = read(text, rules);
            tokens.iter().filter(|(found, _)| *found == kind).count()
        };
        for (text, standard, mysql) in [
            ("1--1", 1, 0),
            ("1-- 1", 1, 1),
            ("1--\t1", 1, 1),
            ("1--\u{1}1", 1, 1),
            ("1--\n1", 1, 1),
            ("1--", 1, 1),
            ("1--\u{3000}1", 1, 0),
            ("1 # 1", 0, 1),
        ] {
            let comments = |rules| count(text, rules, Kind::LineComment);
            assert_eq!(comments(Rules::Standard), standard, "{text:?}");
            assert_eq!(comments(Rules::Backslash), mysql, "{text:?}");
            assert_eq!(comments(Rules::Plain), mysql, "{text:?}");
        }
        for (text, rules) in [
            (r"'\''", Rules::Backslash),
            (r"'\\'", Rules::Backslash),
            (r"'\\'", Rules::Plain),
            (r"'\'", Rules::Plain),
            (r"'\'", Rules::Standard),
            (r"'a''b\\'", Rules::Backslash),
        ] {
            assert_eq!(read(text, rules), [(Kind::Text, text.to_owned())]);
        }
        let text = r#""a\"b""#;
        assert_eq!(
            read(text, Rules::Backslash),
            [(Kind::Quoted, text.to_owned())]
        );
        assert_eq!(read("`a\\`", Rules::Backslash).len(), 1);
    }

    #[test]
    fn only_what_is_written_differently_is_read_twice() {
        for same in ["SELECT 'a' -- b", "SELECT a - -1, 'it''s'"] {
            assert!(!Rules::matter(same), "{same}");
        }
        for other in [r"SELECT '\\'", "SELECT a--1", "SELECT a # b"] {
            assert!(Rules::matter(other), "{other}");
        }
    }
}
