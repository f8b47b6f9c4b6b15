//! Enums whose variants have one word in tables, JSON, logs and addresses, and the one place that converts them.

/// Gives an enum its words: `ALL` in order, `as_str`, `Display`, and back by `FromStr`, whose error names the word.
#[macro_export]
macro_rules! words {
    ($name:ident, $count:literal, $what:literal, $(#[$doc:meta])* $unknown:ident, { $($variant:ident => $word:literal,)+ }) => {
        impl $name {
            /// Every one, in order.
            pub const ALL: [Self; $count] = [$(Self::$variant),+];

            /// Its word in tables, JSON, logs and addresses.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
        #[error("`{0}` is no {what}", what = $what)]
        pub struct $unknown(pub String);

        impl std::str::FromStr for $name {
            type Err = $unknown;

            fn from_str(word: &str) -> Result<Self, $unknown> {
                let found = Self::ALL.into_iter().find(|known| known.as_str() == word);
                found.ok_or_else(|| $unknown(word.to_owned()))
            }
        }
    };
}
