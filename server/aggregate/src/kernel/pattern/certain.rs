//! Whether the longest match of a pattern is the first one, too.

use super::{Node, PLACES, Ranges};

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
pub(super) fn is_certain(node: &Node) -> bool {
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
