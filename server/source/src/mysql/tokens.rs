//! A statement as the server's own scanner sees it: words, quoted texts and marks.

use std::ops::Range;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Word,
    /// In quotes of any kind; strings too, because a mode decides which quotes hold names.
    Quoted,
    Mark,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub kind: Kind,
    pub range: Range<usize>,
}

impl Token {
    pub(super) fn is(&self, text: &str, mark: &str) -> bool {
        self.kind == Kind::Mark && &text[self.range.clone()] == mark
    }

    pub(super) fn unquoted(&self, text: &str) -> String {
        let written = &text[self.range.clone()];
        match (self.kind, written.chars().next()) {
            (Kind::Quoted, Some(quote)) => {
                let inner = written.strip_prefix(quote).unwrap_or(written);
                let inner = inner.strip_suffix(quote).unwrap_or(inner);
                inner.replace(&format!("{quote}{quote}"), &quote.to_string())
            }
            _ => written.to_owned(),
        }
    }

    /// Whether it names something: a word, or a word in quotes that may hold names.
    pub(super) fn names(&self, text: &str, name: &str) -> bool {
        let is_string = text[self.range.clone()].starts_with('\'');
        self.kind != Kind::Mark && !is_string && self.unquoted(text).eq_ignore_ascii_case(name)
    }
}

/// Words, quoted texts and marks, without comments. The content of `/*! … */` is not a comment:
/// the server runs it.
pub(super) struct Tokens<'t> {
    text: &'t str,
    at: usize,
    backslashes: bool,
    in_executed_comment: bool,
}

impl<'t> Tokens<'t> {
    pub(super) fn new(text: &'t str, backslashes: bool) -> Self {
        Self {
            text,
            at: 0,
            backslashes,
            in_executed_comment: false,
        }
    }

    pub(super) fn ends_in_executed_comment(text: &'t str, backslashes: bool) -> bool {
        let mut tokens = Self::new(text, backslashes);
        tokens.by_ref().for_each(drop);
        tokens.in_executed_comment
    }

    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    /// Goes to the next thing that is neither space nor comment.
    fn skip(&mut self) {
        loop {
            let rest = self.rest();
            let trimmed = rest.trim_start();
            self.at += rest.len() - trimmed.len();
            let line = trimmed.find('\n').map_or(trimmed.len(), |end| end + 1);
            if trimmed.starts_with('#') || is_dash_comment(trimmed) {
                self.at += line;
            } else if let Some(inside) = trimmed
                .strip_prefix("/*!")
                .or_else(|| trimmed.strip_prefix("/*M!"))
            {
                let version = inside.bytes().take_while(u8::is_ascii_digit).count();
                self.at += trimmed.len() - inside.len() + version;
                self.in_executed_comment = true;
            } else if let Some(inside) = trimmed.strip_prefix("/*") {
                let end = inside.find("*/").map(|end| end + 4);
                self.at += end.unwrap_or(trimmed.len());
            } else if self.in_executed_comment && trimmed.starts_with("*/") {
                self.at += 2;
                self.in_executed_comment = false;
            } else {
                return;
            }
        }
    }

    /// Length of a quoted text at the beginning of `rest`, with its quotes.
    fn quoted(&self, rest: &str, quote: u8) -> usize {
        let bytes = rest.as_bytes();
        let mut at = 1;
        while at < bytes.len() {
            match bytes[at] {
                b'\\' if self.backslashes && quote != b'`' => at += 2,
                byte if byte == quote && bytes.get(at + 1) == Some(&quote) => at += 2,
                byte if byte == quote => return at + 1,
                _ => at += 1,
            }
        }
        rest.len()
    }
}

impl Iterator for Tokens<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        self.skip();
        let rest = self.rest();
        let first = rest.chars().next()?;
        let is_word = |c: char| c == '_' || c == '$' || c.is_alphanumeric() || !c.is_ascii();
        let (kind, length) = match first {
            '\'' | '"' | '`' => (Kind::Quoted, self.quoted(rest, first as u8)),
            _ if is_word(first) => {
                let end = rest.find(|c| !is_word(c));
                (Kind::Word, end.unwrap_or(rest.len()))
            }
            _ => (Kind::Mark, first.len_utf8()),
        };
        let range = self.at..self.at + length;
        self.at = range.end;
        Some(Token { kind, range })
    }
}

/// `--` begins a comment only before a blank, a control character or the end. Only those of ASCII
/// count: an ideographic space is none to the server.
fn is_dash_comment(text: &str) -> bool {
    text.strip_prefix("--").is_some_and(|rest| {
        let next = rest.bytes().next();
        next.is_none_or(|byte| byte == b' ' || byte.is_ascii_control())
    })
}
