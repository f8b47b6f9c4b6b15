//! Errors with what is behind them.

use std::error::Error;

/// An error with everything behind it, on one line, for the log and for administrators.
pub fn chain_of(error: &(dyn Error + 'static)) -> String {
    chain_with(error.to_string(), ": ", error)
}

/// A text about an error, with everything behind the error after it, each cause behind a
/// `separator`. A cause whose words stand in the text already is left out: sentences for people
/// quote what a database said, and some libraries repeat their source in their own message.
pub fn chain_with(text: String, separator: &str, error: &(dyn Error + 'static)) -> String {
    let mut text = text;
    let mut next = error.source();
    while let Some(cause) = next {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text.push_str(separator);
            text.push_str(&cause_text);
        }
        next = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use std::fmt;

    use super::*;

    #[derive(Debug)]
    struct Link(&'static str, Option<Box<Link>>);

    impl fmt::Display for Link {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.0)
        }
    }

    impl Error for Link {
        fn source(&self) -> Option<&(dyn Error + 'static)> {
            self.1.as_deref().map(|link| link as _)
        }
    }

    fn link(text: &'static str, cause: Option<Link>) -> Link {
        Link(text, cause.map(Box::new))
    }

    #[test]
    fn every_cause_is_named_once() {
        let refused = link("connection refused", None);
        let quoted = link(
            "it does not answer (connection refused); try later",
            Some(refused),
        );
        let error = link("cannot read the source", Some(quoted));
        assert_eq!(
            chain_of(&error),
            "cannot read the source: it does not answer (connection refused); try later"
        );
        assert_eq!(
            chain_with("1 error".to_owned(), "\n  because: ", &error),
            "1 error\n  because: it does not answer (connection refused); try later"
        );
    }

    #[test]
    fn what_lies_behind_a_quoted_cause_is_told() {
        let bottom = link("no route", None);
        let error = link("down (refused)", Some(link("refused", Some(bottom))));
        assert_eq!(chain_of(&error), "down (refused): no route");
    }
}
