//! Regular expressions: the part of PostgreSQL's dialect that means the same everywhere.
//!
//! A pattern is read here, by PostgreSQL's rules, and written anew for the `regex` crate with every set
//! of characters spelled out, so that nothing depends on what that crate calls a letter. What the two
//! could see differently is refused: lookaround, references, lazy repetition, embedded options.
//!
//! PostgreSQL finds the longest match and `regex` the first one. Whether there is a match is the same
//! for both; the match itself is the same when no character can be read in two ways
//! ([`Pattern::is_certain`]).

mod certain;
mod read;
mod sets;

use regex::Regex;

use certain::is_certain;
use read::Reader;

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
