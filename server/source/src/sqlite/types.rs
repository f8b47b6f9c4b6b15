//! Which column type a declaration means.

use rows::ColumnType;

/// What the declaration of a column says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Declared {
    /// Exactly this type.
    Fixed(ColumnType),
    /// A decimal without a scale; the first rows decide it.
    Decimal,
    /// Nothing we know; the first rows decide.
    Open,
}

/// Reads a declaration such as `DECIMAL(10, 2)`. Unknown words and none at all leave it open.
pub(super) fn declared(declaration: Option<&str>) -> Declared {
    let Some(declaration) = declaration else {
        return Declared::Open;
    };
    let declaration = declaration.to_ascii_uppercase();
    let (name, arguments) = match declaration.split_once('(') {
        Some((name, rest)) => (name, rest.split_once(')').map(|(arguments, _)| arguments)),
        None => (declaration.as_str(), None),
    };
    let first_word = name.split_whitespace().next().unwrap_or_default();
    let fixed = match first_word {
        "BOOLEAN" | "BOOL" => ColumnType::Boolean,
        "DATE" => ColumnType::Date,
        "DATETIME" | "TIMESTAMP" | "TIMESTAMPTZ" | "DATETIME2" => ColumnType::Datetime,
        "TIME" => ColumnType::Time,
        "DECIMAL" | "NUMERIC" | "NUMBER" | "DEC" => return decimal(arguments),
        "REAL" | "DOUBLE" | "FLOAT" | "FLOAT4" | "FLOAT8" => ColumnType::Float,
        "BLOB" | "BINARY" | "VARBINARY" | "BYTEA" => ColumnType::Binary,
        // `STRING` is left out: SQLite gives it the affinity of numbers.
        "UUID" | "JSON" => return Declared::Open,
        // The rule SQLite itself uses for everything else.
        _ if name.contains("INT") && !name.contains("POINT") && !name.contains("INTERVAL") => {
            ColumnType::Integer
        }
        _ if name.contains("CHAR") || name.contains("CLOB") || name.contains("TEXT") => {
            ColumnType::Text
        }
        _ => return Declared::Open,
    };
    Declared::Fixed(fixed)
}

/// Whether a declaration names whole numbers of at most 32 bits, as other databases mean it. SQLite
/// itself keeps 64 bits of all of them.
pub(super) fn is_narrow(declaration: Option<&str>) -> bool {
    let Some(declaration) = declaration else {
        return false;
    };
    let upper = declaration.to_ascii_uppercase();
    declared(Some(declaration)) == Declared::Fixed(ColumnType::Integer)
        && !["BIG", "INT8", "UNSIGNED", "INT64"]
            .iter()
            .any(|word| upper.contains(word))
}

fn decimal(arguments: Option<&str>) -> Declared {
    let Some(arguments) = arguments else {
        return Declared::Decimal;
    };
    let mut numbers = arguments
        .split(',')
        .map(|number| number.trim().parse::<u8>().ok());
    let (precision, scale) = (numbers.next().flatten(), numbers.next());
    match (precision, scale) {
        // `DECIMAL(10)` has no digits behind the point.
        (Some(_), None) => Declared::Fixed(ColumnType::Decimal { scale: 0 }),
        (Some(_), Some(Some(scale))) if scale <= 38 => {
            Declared::Fixed(ColumnType::Decimal { scale })
        }
        _ => Declared::Decimal,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declarations_mean_what_people_expect() {
        let cases = [
            ("INTEGER", Declared::Fixed(ColumnType::Integer)),
            ("int unsigned", Declared::Fixed(ColumnType::Integer)),
            ("BIGINT(20)", Declared::Fixed(ColumnType::Integer)),
            (
                "DECIMAL(12, 2)",
                Declared::Fixed(ColumnType::Decimal { scale: 2 }),
            ),
            (
                "numeric(9,0)",
                Declared::Fixed(ColumnType::Decimal { scale: 0 }),
            ),
            (
                "DECIMAL(7)",
                Declared::Fixed(ColumnType::Decimal { scale: 0 }),
            ),
            ("decimal", Declared::Decimal),
            ("NUMERIC", Declared::Decimal),
            ("DECIMAL(60,50)", Declared::Decimal),
            ("bool", Declared::Fixed(ColumnType::Boolean)),
            ("DATE", Declared::Fixed(ColumnType::Date)),
            ("DATETIME", Declared::Fixed(ColumnType::Datetime)),
            (
                "timestamp with time zone",
                Declared::Fixed(ColumnType::Datetime),
            ),
            ("TIME", Declared::Fixed(ColumnType::Time)),
            ("DOUBLE PRECISION", Declared::Fixed(ColumnType::Float)),
            ("VARCHAR(255)", Declared::Fixed(ColumnType::Text)),
            ("NATIVE CHARACTER(70)", Declared::Fixed(ColumnType::Text)),
            ("BLOB", Declared::Fixed(ColumnType::Binary)),
            ("POINT", Declared::Open),
            ("STRING", Declared::Open),
            ("", Declared::Open),
        ];
        for (declaration, expected) in cases {
            assert_eq!(declared(Some(declaration)), expected, "{declaration}");
        }
        assert_eq!(declared(None), Declared::Open);
    }
}
