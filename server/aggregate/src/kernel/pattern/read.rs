//! From the letters of a pattern to its tree, by PostgreSQL's rules.

use super::sets::{one, tidy, without, word};
use super::{MOST, Node, Ranges};
use crate::kernel::letters;

pub(super) struct Reader<'a> {
    pub(super) rest: &'a str,
    pub(super) ignores_case: bool,
    pub(super) groups: usize,
    pub(super) depth: u32,
}

impl Reader<'_> {
    fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let mut characters = self.rest.chars();
        let next = characters.next();
        self.rest = characters.as_str();
        next
    }

    fn takes(&mut self, wanted: &str) -> bool {
        match self.rest.strip_prefix(wanted) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    pub(super) fn either(&mut self) -> Option<Node> {
        let mut branches = vec![self.row()?];
        while self.takes("|") {
            branches.push(self.row()?);
        }
        if branches.len() == 1 {
            return branches.pop();
        }
        Some(Node::Either(branches))
    }

    /// One branch; an empty one is refused.
    fn row(&mut self) -> Option<Node> {
        let mut row = Vec::new();
        while let Some(next) = self.peek() {
            if matches!(next, '|' | ')') {
                break;
            }
            let atom = self.atom()?;
            row.push(self.repeated(atom)?);
        }
        (!row.is_empty()).then_some(Node::Row(row))
    }

    fn atom(&mut self) -> Option<Node> {
        Some(match self.next()? {
            '^' => Node::Start,
            '$' => Node::End,
            '.' => Node::Set(vec![('\0', char::MAX)]),
            '(' => return self.group(),
            '[' => Node::Set(self.bracket()?),
            '\\' => Node::Set(self.escape()?),
            '*' | '+' | '?' | '{' => return None,
            literal => Node::Set(self.cased(literal)?),
        })
    }

    fn group(&mut self) -> Option<Node> {
        // Deep patterns would take the stack along.
        self.depth += 1;
        if self.depth > 50 {
            return None;
        }
        let number = if self.takes("?:") {
            None
        } else {
            self.groups += 1;
            Some(self.groups - 1)
        };
        let inner = self.either()?;
        self.depth -= 1;
        self.takes(")")
            .then(|| Node::Group(Box::new(inner), number))
    }

    fn repeated(&mut self, atom: Node) -> Option<Node> {
        let (least, most) = match self.peek() {
            Some('*') => (0, None),
            Some('+') => (1, None),
            Some('?') => (0, Some(1)),
            Some('{') => return self.counted(atom),
            _ => return Some(atom),
        };
        self.next();
        self.finish(atom, least, most)
    }

    fn counted(&mut self, atom: Node) -> Option<Node> {
        self.next();
        let (inner, rest) = self.rest.split_once('}')?;
        let count = |text: &str| {
            let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            let count: u32 = is_number.then(|| text.parse().ok())??;
            (count <= MOST).then_some(count)
        };
        let (least, most) = match inner.split_once(',') {
            None => (count(inner)?, Some(count(inner)?)),
            Some((least, "")) => (count(least)?, None),
            Some((least, most)) => (count(least)?, Some(count(most)?)),
        };
        if most.is_some_and(|most| most < least || most == 0) {
            return None;
        }
        self.rest = rest;
        self.finish(atom, least, most)
    }

    fn finish(&mut self, atom: Node, least: u32, most: Option<u32>) -> Option<Node> {
        let is_repeated_again = matches!(self.peek(), Some('*' | '+' | '?' | '{'));
        if is_repeated_again || matches!(atom, Node::Start | Node::End) {
            return None;
        }
        Some(Node::Repeat(Box::new(atom), least, most))
    }

    /// Behind a `\`.
    fn escape(&mut self) -> Option<Ranges> {
        Some(match self.next()? {
            'd' => vec![('0', '9')],
            's' => letters::SPACES.clone(),
            'w' => word(),
            'D' => without(vec![('0', '9')]),
            'S' => without(letters::SPACES.clone()),
            'W' => without(word()),
            'n' => one('\n'),
            't' => one('\t'),
            'r' => one('\r'),
            literal if literal.is_ascii_punctuation() => one(literal),
            _ => return None,
        })
    }

    /// Behind a `[`.
    fn bracket(&mut self) -> Option<Ranges> {
        let is_without = self.takes("^");
        let mut set = Ranges::new();
        let mut is_first = true;
        loop {
            let first = match self.next()? {
                ']' if !is_first => break,
                '[' if matches!(self.peek(), Some(':' | '.' | '=')) => {
                    set.extend(self.class()?);
                    is_first = false;
                    if self.peek() == Some('-') && !self.rest.starts_with("-]") {
                        return None;
                    }
                    continue;
                }
                '\\' => {
                    let of_escape = self.escape_in_bracket()?;
                    if let [(first, last)] = of_escape.as_slice()
                        && first == last
                    {
                        *first
                    } else {
                        set.extend(of_escape);
                        is_first = false;
                        if self.peek() == Some('-') && !self.rest.starts_with("-]") {
                            return None;
                        }
                        continue;
                    }
                }
                // Elsewhere a `-` may be a range or an error.
                '-' if !is_first && self.peek() != Some(']') => return None,
                literal => literal,
            };
            is_first = false;
            if self.peek() == Some('-') && !self.rest.starts_with("-]") {
                self.next();
                let last = match self.next()? {
                    '\\' => match self.escape_in_bracket()?.as_slice() {
                        [(first, last)] if first == last => *first,
                        _ => return None,
                    },
                    '[' | '-' => return None,
                    literal => literal,
                };
                if last < first {
                    return None;
                }
                set.extend(self.range(first, last));
            } else {
                set.extend(self.cased(first)?);
            }
        }
        let set = if is_without { without(set) } else { tidy(set) };
        (!set.is_empty()).then_some(set)
    }

    fn escape_in_bracket(&mut self) -> Option<Ranges> {
        match self.peek()? {
            'D' | 'S' | 'W' => None,
            _ => self.escape(),
        }
    }

    /// Behind a `[` inside brackets.
    fn class(&mut self) -> Option<Ranges> {
        for (name, set) in [
            (":digit:]", vec![('0', '9')]),
            (":space:]", letters::SPACES.clone()),
            (":alnum:]", letters::LETTERS_AND_DIGITS.clone()),
            (
                ":alpha:]",
                without(
                    [
                        without(letters::LETTERS_AND_DIGITS.clone()),
                        vec![('0', '9')],
                    ]
                    .concat(),
                ),
            ),
        ] {
            if self.takes(name) {
                return Some(set);
            }
        }
        None
    }

    /// A character, in both cases if they are one.
    fn cased(&self, letter: char) -> Option<Ranges> {
        if !self.ignores_case {
            return Some(one(letter));
        }
        let cases = [letters::lower(letter), letters::upper(letter)];
        // A letter that is neither is not found by PostgreSQL, either; nobody writes one.
        cases
            .contains(&letter)
            .then(|| tidy(cases.map(|case| (case, case)).to_vec()))
    }

    fn range(&self, first: char, last: char) -> Ranges {
        let mut set = vec![(first, last)];
        if self.ignores_case {
            for letter in first..=last {
                for case in [letters::lower(letter), letters::upper(letter)] {
                    if case != letter && !(first..=last).contains(&case) {
                        set.push((case, case));
                    }
                }
            }
        }
        set
    }
}
