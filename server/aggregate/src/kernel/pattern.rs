//! Regular expressions: the part of PostgreSQL's dialect that means the same everywhere.
//!
//! A pattern is read here, by PostgreSQL's rules, and written anew for the `regex` crate with every set
//! of characters spelled out, so that nothing depends on what that crate calls a letter. What the two
//! could see differently is refused: lookaround, references, lazy repetition, embedded options.
//!
//! PostgreSQL finds the longest match and `regex` the first one. Whether there is a match is the same
//! for both; the match itself is the same when no character can be read in two ways
//! ([`Pattern::is_certain`]).

use regex::Regex;

use super::letters;

/// A pattern that is ready.
#[derive(Clone, Debug)]
pub(crate) struct Pattern {
    pub(crate) regex: Regex,
    /// Whether the longest match is the first one, too.
    pub(crate) is_certain: bool,
    /// For every group: whether it is read at most once, so that what it holds is certain.
    pub(crate) groups: Vec<bool>,
}

type Ranges = Vec<(char, char)>;

/// The most times something may be repeated (`DUPMAX`).
const MOST: u32 = 255;
/// Places of a pattern beyond which nobody asks whether it is certain.
const PLACES: usize = 300;

#[derive(Clone, Debug)]
enum Node {
    Set(Ranges),
    Start,
    End,
    Group(Box<Node>, Option<usize>),
    Row(Vec<Node>),
    Either(Vec<Node>),
    Repeat(Box<Node>, u32, Option<u32>),
}

impl Pattern {
    /// `None` for what is not certain to mean the same as in PostgreSQL.
    pub(crate) fn read(pattern: &str, ignores_case: bool) -> Option<Self> {
        let mut reader = Reader {
            rest: pattern,
            ignores_case,
            groups: 0,
            depth: 0,
        };
        let node = reader.either()?;
        if !reader.rest.is_empty() {
            return None;
        }
        let mut written = String::new();
        write(&node, &mut written);
        let mut groups = vec![true; reader.groups];
        note_repeated(&node, false, &mut groups);
        Some(Self {
            regex: Regex::new(&written).ok()?,
            is_certain: is_certain(&node),
            groups,
        })
    }
}

struct Reader<'a> {
    rest: &'a str,
    ignores_case: bool,
    groups: usize,
    depth: u32,
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

    fn either(&mut self) -> Option<Node> {
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

fn one(character: char) -> Ranges {
    vec![(character, character)]
}

fn word() -> Ranges {
    let mut set = letters::LETTERS_AND_DIGITS.clone();
    set.push(('_', '_'));
    tidy(set)
}

/// In order, without overlaps.
fn tidy(mut set: Ranges) -> Ranges {
    set.sort_unstable();
    let mut tidied = Ranges::new();
    for (first, last) in set {
        match tidied.last_mut() {
            Some((_, end)) if first <= *end => *end = last.max(*end),
            _ => tidied.push((first, last)),
        }
    }
    tidied
}

/// All characters but those.
fn without(set: Ranges) -> Ranges {
    let mut rest = Ranges::new();
    let mut next = Some('\0');
    for (first, last) in tidy(set) {
        if let Some(from) = next
            && from < first
            && let Some(until) = ('\0'..first).next_back()
        {
            rest.push((from, until));
        }
        next = (last..=char::MAX).nth(1);
    }
    if let Some(from) = next {
        rest.push((from, char::MAX));
    }
    rest
}

fn write(node: &Node, to: &mut String) {
    match node {
        Node::Set(set) => {
            to.push('[');
            for (first, last) in set {
                let (first, last) = (u32::from(*first), u32::from(*last));
                to.push_str(&format!("\\x{{{first:X}}}-\\x{{{last:X}}}"));
            }
            to.push(']');
        }
        Node::Start => to.push_str("\\A"),
        Node::End => to.push_str("\\z"),
        Node::Group(inner, number) => {
            to.push_str(if number.is_some() { "(" } else { "(?:" });
            write(inner, to);
            to.push(')');
        }
        Node::Row(row) => row.iter().for_each(|one| write(one, to)),
        Node::Either(branches) => {
            to.push_str("(?:");
            for (place, branch) in branches.iter().enumerate() {
                if place > 0 {
                    to.push('|');
                }
                write(branch, to);
            }
            to.push(')');
        }
        Node::Repeat(inner, least, most) => {
            to.push_str("(?:");
            write(inner, to);
            let most = most.map_or(String::new(), |most| most.to_string());
            to.push_str(&format!("){{{least},{most}}}"));
        }
    }
}

/// Groups inside of what is repeated hold the last round, and inner groups of it differ.
fn note_repeated(node: &Node, is_repeated: bool, groups: &mut [bool]) {
    match node {
        Node::Set(_) | Node::Start | Node::End => {}
        Node::Group(inner, number) => {
            if let Some(number) = number {
                groups[*number] = !is_repeated;
            }
            note_repeated(inner, is_repeated, groups);
        }
        Node::Row(inner) | Node::Either(inner) => {
            for one in inner {
                note_repeated(one, is_repeated, groups);
            }
        }
        Node::Repeat(inner, _, most) => {
            note_repeated(inner, is_repeated || *most != Some(1), groups);
        }
    }
}

/// The places a pattern can be at: a position automaton (Glushkov).
#[derive(Default)]
struct Places<'a> {
    sets: Vec<&'a Ranges>,
    follow: Vec<Vec<usize>>,
}

/// How a part of a pattern begins and ends.
#[derive(Clone, Default)]
struct Ends {
    can_be_empty: bool,
    first: Vec<usize>,
    last: Vec<usize>,
}

/// Whether every character can be read at one place only. Then preferring to go on, as `regex` does,
/// finds the longest match.
fn is_certain(node: &Node) -> bool {
    // A match that must reach the end of the text has one length.
    let row = match node {
        Node::Row(row) => row.as_slice(),
        other => std::slice::from_ref(other),
    };
    let row = row.strip_prefix(&[Node::Start][..]).unwrap_or(row);
    let row = row.strip_suffix(&[Node::End][..]).unwrap_or(row);
    let mut places = Places::default();
    let Some(ends) = places.row(row) else {
        return false;
    };
    !ends.can_be_empty
        && places.is_apart(&ends.first)
        && places.follow.iter().all(|next| places.is_apart(next))
}

impl PartialEq for Node {
    /// Only anchors are compared.
    fn eq(&self, other: &Self) -> bool {
        matches!(
            (self, other),
            (Self::Start, Self::Start) | (Self::End, Self::End)
        )
    }
}

impl<'a> Places<'a> {
    fn row(&mut self, row: &'a [Node]) -> Option<Ends> {
        let mut ends = Ends {
            can_be_empty: true,
            ..Ends::default()
        };
        for one in row {
            let next = self.node(one)?;
            ends = self.joined(ends, next);
        }
        Some(ends)
    }

    fn joined(&mut self, one: Ends, other: Ends) -> Ends {
        self.link(&one.last, &other.first);
        let mut first = one.first;
        if one.can_be_empty {
            first.extend(&other.first);
        }
        let mut last = other.last;
        if other.can_be_empty {
            last.extend(&one.last);
        }
        Ends {
            can_be_empty: one.can_be_empty && other.can_be_empty,
            first,
            last,
        }
    }

    fn link(&mut self, from: &[usize], to: &[usize]) {
        for place in from {
            for next in to {
                if !self.follow[*place].contains(next) {
                    self.follow[*place].push(*next);
                }
            }
        }
    }

    fn node(&mut self, node: &'a Node) -> Option<Ends> {
        match node {
            Node::Start | Node::End => None,
            Node::Set(set) => {
                if self.sets.len() >= PLACES {
                    return None;
                }
                self.sets.push(set);
                self.follow.push(Vec::new());
                let place = vec![self.sets.len() - 1];
                Some(Ends {
                    can_be_empty: false,
                    first: place.clone(),
                    last: place,
                })
            }
            Node::Group(inner, _) => self.node(inner),
            Node::Row(row) => self.row(row),
            Node::Either(branches) => {
                let mut ends = Ends::default();
                for branch in branches {
                    let branch = self.node(branch)?;
                    if branch.can_be_empty {
                        return None;
                    }
                    ends.first.extend(branch.first);
                    ends.last.extend(branch.last);
                }
                Some(ends)
            }
            Node::Repeat(inner, least, most) => self.repeat(inner, *least, *most),
        }
    }

    /// `x{2,4}` is `xx(x(x)?)?` and `x{2,}` is `xx+`.
    fn repeat(&mut self, inner: &'a Node, least: u32, most: Option<u32>) -> Option<Ends> {
        let mut ends = Ends {
            can_be_empty: least == 0,
            ..Ends::default()
        };
        let mut before = Vec::new();
        let rounds = most.unwrap_or(least.max(1));
        for round in 1..=rounds {
            let next = self.node(inner)?;
            if next.can_be_empty {
                return None;
            }
            self.link(&before, &next.first);
            if most.is_none() && round == rounds {
                self.link(&next.last, &next.first);
            }
            if round == 1 {
                ends.first = next.first;
            }
            if round >= least {
                ends.last.extend(&next.last);
            }
            before = next.last;
        }
        Some(ends)
    }

    /// Whether no character is in the sets of two of those places.
    fn is_apart(&self, places: &[usize]) -> bool {
        let mut all: Vec<(char, char)> = Vec::new();
        for place in places {
            all.extend(self.sets[*place]);
        }
        all.sort_unstable();
        all.windows(2).all(|pair| pair[0].1 < pair[1].0)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use rand::rngs::StdRng;
    use rand::seq::IndexedRandom;
    use rand::{Rng, SeedableRng};

    use super::super::oracle::{Oracle, input};
    use super::*;

    fn some(random: &mut StdRng, alphabet: &[&str], most: usize) -> String {
        let count = random.random_range(0..=most);
        (0..count)
            .filter_map(|_| alphabet.choose(random).copied())
            .collect()
    }

    /// Pieces that make patterns: valid ones, wrong ones, and ones only PostgreSQL knows.
    const PIECES: &[&str] = &[
        "a",
        "b",
        "c",
        "A",
        "é",
        "É",
        "가",
        ".",
        "*",
        "+",
        "?",
        "{2}",
        "{1,2}",
        "{0,2}",
        "{1,}",
        "(",
        ")",
        "(a)",
        "(ab?)",
        "(b|c)",
        "|",
        "[ab]",
        "[^a]",
        "[b-c]",
        "[^b-c]",
        "[]a]",
        "[a-]",
        "^",
        "$",
        "\\d",
        "\\w",
        "\\s",
        "\\W",
        "\\.",
        "[[:alpha:]]",
        "[\\w-]",
        "(?:b)",
        "x{3}",
        "\\1",
        "-",
        "]",
        "}",
        "\\n",
    ];
    const TEXTS: &[&str] = &[
        "a", "a", "b", "b", "c", "A", "é", "É", "가", "1", " ", "-", "x", "\n", "]", "}", ".",
    ];

    /// Texts and accepted patterns, and what is known of the patterns.
    fn patterns(seed: u64, count: usize) -> (Vec<[String; 3]>, HashMap<String, Pattern>) {
        let mut random = StdRng::seed_from_u64(seed);
        let mut known = HashMap::new();
        let mut inputs = Vec::new();
        while known.len() < count {
            let pattern = some(&mut random, PIECES, 6);
            let Some(read) = Pattern::read(&pattern, false) else {
                continue;
            };
            for _ in 0..5 {
                inputs.push(input(some(&mut random, TEXTS, 8), &pattern, ""));
            }
            known.insert(pattern, read);
        }
        (inputs, known)
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn accepted_patterns_match_the_same_texts_as_in_postgresql() {
        let (inputs, known) = patterns(4, 1_000);
        let of_any_case: HashMap<_, _> = known
            .keys()
            .map(|pattern| (pattern, Pattern::read(pattern, true).unwrap()))
            .collect();
        let mut oracle = Oracle::new().await;
        oracle
            .agrees("$1 ~ $2", &inputs, |i| {
                Ok(known[&i[1]].regex.is_match(&i[0]).to_string())
            })
            .await;
        oracle
            .agrees("$1 ~* $2", &inputs, |i| {
                Ok(of_any_case[&i[1]].regex.is_match(&i[0]).to_string())
            })
            .await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn certain_patterns_find_the_same_parts_as_in_postgresql() {
        let (mut inputs, known) = patterns(5, 2_000);
        inputs.retain(|i| known[&i[1]].is_certain);
        assert!(inputs.len() > 3_000, "{} are certain", inputs.len());
        let mut oracle = Oracle::new().await;
        oracle
            .agrees("regexp_replace($1, $2, '<\\&>', 'g')", &inputs, |i| {
                Ok(known[&i[1]].regex.replace_all(&i[0], "<$0>").into())
            })
            .await;
        oracle
            .agrees("regexp_replace($1, $2, '<\\&>')", &inputs, |i| {
                Ok(known[&i[1]].regex.replace(&i[0], "<$0>").into())
            })
            .await;
        oracle
            .agrees("regexp_count($1, $2)", &inputs, |i| {
                Ok(known[&i[1]].regex.find_iter(&i[0]).count().to_string())
            })
            .await;
        inputs.retain(|i| known[&i[1]].groups.first() == Some(&true));
        assert!(inputs.len() > 500, "{} have a group", inputs.len());
        oracle
            .agrees("regexp_replace($1, $2, '<\\1>', 'g')", &inputs, |i| {
                Ok(known[&i[1]].regex.replace_all(&i[0], "<$1>").into())
            })
            .await;
    }

    #[test]
    fn a_pattern_whose_longest_match_may_not_be_the_first_one_is_not_certain() {
        let is_certain = |pattern| Pattern::read(pattern, false).map(|read| read.is_certain);
        for pattern in [
            "a|ab", "a?(ab)?", "a*(ab)?c", "(a|b)*a", "a*", "^a|b$", "(a*)+",
        ] {
            assert_eq!(is_certain(pattern), Some(false), "{pattern}");
        }
        for pattern in [
            "a+",
            "[0-9]{2,4}",
            "^(\\d+)-(\\d+)$",
            "(ab|cd)+e?",
            " +",
            "a{1,3}b",
        ] {
            assert_eq!(is_certain(pattern), Some(true), "{pattern}");
        }
    }

    #[test]
    fn what_only_one_dialect_knows_is_refused() {
        for pattern in [
            "",
            "a**",
            "a*?",
            "(?i)a",
            "(?=a)",
            "\\1",
            "\\ya",
            "\\bfoo",
            "a|",
            "()",
            "***=a",
            "*a",
            "a{2",
            "a{,2}",
            "a{300}",
            "[[:punct:]]",
            "[[.a.]]",
            "[b-a]",
            "[a-c-e]",
            "^*",
            "(a",
            "a)",
            "[a",
            "\\p{L}",
        ] {
            assert!(Pattern::read(pattern, false).is_none(), "{pattern}");
        }
    }
}
