//! What objects are called.

use std::fmt;

use object_store::path::Path;

/// Longest key S3 takes, in bytes.
const LONGEST: usize = 1_024;
/// Longest name of a file or folder on the usual file systems, in bytes.
const LONGEST_NAME: usize = 255;

/// The name of an object: names separated by `/`, the same on every kind of store.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key(String);

/// A text that cannot be a key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{key}` cannot name a stored file: {problem}")]
pub struct InvalidKey {
    /// The text.
    pub key: String,
    /// What is wrong with it.
    pub problem: &'static str,
}

impl Key {
    /// Reads a key.
    ///
    /// # Errors
    /// [`InvalidKey`] for empty names, `.` and `..`, control characters, a backslash, a name that ends in `#` and
    /// digits (reserved for unfinished files), a name over 255 bytes or a key over 1024.
    pub fn new(key: impl Into<String>) -> Result<Self, InvalidKey> {
        let key = key.into();
        match problem(&key) {
            Some(problem) => Err(InvalidKey { key, problem }),
            None => Ok(Self(key)),
        }
    }

    /// `results/<run>/<attempt>/<name>`: no attempt can reach the files of another.
    ///
    /// # Errors
    /// [`InvalidKey`] when the run or the name is not one name of a key.
    pub fn of_result(run: &str, attempt: i64, name: &str) -> Result<Self, InvalidKey> {
        if run.contains('/') || name.contains('/') {
            return Err(InvalidKey {
                key: format!("{run} {name}"),
                problem: "a name contains no `/`",
            });
        }
        Self::new(format!("results/{run}/{attempt}/{name}"))
    }

    /// The key as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn location(&self, prefix: Option<&Key>) -> Path {
        let full = match prefix {
            Some(prefix) => format!("{prefix}/{self}"),
            None => self.0.clone(),
        };
        // A key holds nothing a path refuses; `Path::from` would only encode what it need not.
        Path::parse(&full).unwrap_or_else(|_| Path::from(full))
    }

    pub(crate) fn of_location(location: &Path, prefix: Option<&Key>) -> Option<Self> {
        let full = location.as_ref();
        let key = match prefix {
            Some(prefix) => full.strip_prefix(prefix.as_str())?.strip_prefix('/')?,
            None => full,
        };
        Self::new(key).ok()
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn problem(key: &str) -> Option<&'static str> {
    if key.len() > LONGEST {
        return Some("it is longer than 1024 bytes");
    }
    key.split('/').find_map(|name| {
        let is_reserved = name.rsplit_once('#').is_some_and(|(_, digits)| {
            !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
        });
        match name {
            "" => Some("a name in it is empty"),
            "." | ".." => Some("`.` and `..` are no names"),
            _ if name.len() > LONGEST_NAME => Some("a name in it is longer than 255 bytes"),
            _ if name.contains(|c: char| c.is_control() || c == '\\') => {
                Some("control characters and backslashes are not portable")
            }
            _ if is_reserved => Some("`#` and digits at the end mark an unfinished file"),
            _ => None,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_travels_to_the_store_and_back() {
        let prefix = Key::new("digger/test").unwrap();
        for name in ["a.xlsx", "매출 100% (1월).xlsx", "a+b&c='d'~#x.csv"] {
            let key = Key::of_result("run_1", 3, name).unwrap();
            for prefix in [None, Some(&prefix)] {
                let location = key.location(prefix);
                assert_eq!(Key::of_location(&location, prefix), Some(key.clone()));
            }
        }
    }

    #[test]
    fn what_leads_elsewhere_is_no_key() {
        for name in ["", ".", "..", "a/b", "../a", "a\\b", "a\nb", "a#1"] {
            assert!(Key::of_result("run_1", 1, name).is_err(), "{name}");
        }
        assert!(Key::of_result("..", 1, "a").is_err());
        assert!(Key::of_result("run_1", 1, &"가".repeat(86)).is_err());
        assert!(Key::of_result("run_1", 1, &"가".repeat(85)).is_ok());
        assert!(Key::new("a/".repeat(600)).is_err());
    }

    #[test]
    fn an_object_of_somebody_else_has_no_key_here() {
        let prefix = Key::new("digger").unwrap();
        let theirs = Path::from("diggers/results/a");
        assert_eq!(Key::of_location(&theirs, Some(&prefix)), None);
    }
}
