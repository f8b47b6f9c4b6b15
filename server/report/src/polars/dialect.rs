//! PostgreSQL's dialect, where the parser's own one differs from PostgreSQL or has no end.
//!
//! The parser's own one takes any expression to stand behind IS DISTINCT FROM, conditions joined by AND and OR
//! included; PostgreSQL takes what binds more closely.
//!
//! It also takes any expression for the name of an argument (`json_object('label': 1)`), and so reads each
//! argument once to see that no name is there and once more: calls in calls take twice as long with every one, and thirty
//! of them have no end. No function of aggregations has arguments with names.

use std::any::TypeId;

use sqlparser::ast::Expr;
use sqlparser::dialect::{Dialect, PostgreSqlDialect, Precedence};
use sqlparser::keywords::Keyword;
use sqlparser::parser::{Parser, ParserError};

/// PostgreSQL as aggregations are written in it.
#[derive(Debug)]
pub(super) struct Postgres;

/// What of a query is read as the parser's own dialect reads it.
macro_rules! as_postgres {
    ($($method:ident($($argument:ident: $kind:ty),*) -> $result:ty;)*) => {
        $(fn $method(&self, $($argument: $kind),*) -> $result {
            (PostgreSqlDialect {}).$method($($argument),*)
        })*
    };
}

impl Dialect for Postgres {
    /// The parser asks for this where it knows PostgreSQL by name.
    fn dialect(&self) -> TypeId {
        TypeId::of::<PostgreSqlDialect>()
    }

    fn supports_named_fn_args_with_expr_name(&self) -> bool {
        false
    }

    /// `a IS DISTINCT FROM b AND c` is `(a IS DISTINCT FROM b) AND c`.
    fn parse_infix(
        &self,
        parser: &mut Parser<'_>,
        expr: &Expr,
        _precedence: u8,
    ) -> Option<Result<Expr, ParserError>> {
        use Keyword::{DISTINCT, FROM, IS, NOT};
        let is_negated = parser.parse_keywords(&[IS, NOT, DISTINCT, FROM]);
        if !is_negated && !parser.parse_keywords(&[IS, DISTINCT, FROM]) {
            return None;
        }
        let other = parser.parse_subexpr(self.prec_value(Precedence::Is));
        let (one, of) = match is_negated {
            true => (expr.clone(), Expr::IsNotDistinctFrom as fn(_, _) -> _),
            false => (expr.clone(), Expr::IsDistinctFrom as fn(_, _) -> _),
        };
        Some(other.map(|other| of(Box::new(one), Box::new(other))))
    }

    as_postgres! {
        identifier_quote_style(identifier: &str) -> Option<char>;
        is_delimited_identifier_start(ch: char) -> bool;
        is_identifier_start(ch: char) -> bool;
        is_identifier_part(ch: char) -> bool;
        is_reserved_for_identifier(keyword: Keyword) -> bool;
        is_custom_operator_part(ch: char) -> bool;
        get_next_precedence(parser: &Parser<'_>) -> Option<Result<u8, ParserError>>;
        prec_value(precedence: Precedence) -> u8;
        supports_unicode_string_literal() -> bool;
        supports_filter_during_aggregation() -> bool;
        supports_group_by_expr() -> bool;
        allow_extract_custom() -> bool;
        allow_extract_single_quotes() -> bool;
        supports_factorial_operator() -> bool;
        supports_bitwise_shift_operators() -> bool;
        supports_empty_projections() -> bool;
        supports_nested_comments() -> bool;
        supports_string_escape_constant() -> bool;
        supports_numeric_literal_underscores() -> bool;
        supports_array_typedef_with_brackets() -> bool;
        supports_geometric_types() -> bool;
        supports_notnull_operator() -> bool;
        supports_interval_options() -> bool;
        supports_select_wildcard_with_alias() -> bool;
        supports_comma_separated_trim() -> bool;
        supports_xml_expressions() -> bool;
        supports_comment_optimizer_hint() -> bool;
    }
}
