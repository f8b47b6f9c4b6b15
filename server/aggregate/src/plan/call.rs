//! Functions and operators of the table.

mod unknown;

#[cfg(test)]
pub(super) use unknown::OWN;
use unknown::unknown;

use sqlparser::ast::{
    Expr as Ast, Function as Written, FunctionArg, FunctionArgExpr, FunctionArguments, Spanned,
};
use sqlparser::tokenizer::Span;

use super::conversion::{alike, coerced, unified};
use super::expression::{Translator, bounded};
use super::fold::folded;
use crate::expression::{Call, Comparison, Expr, Node};
use crate::function::{Argument, Function, Gives};
use crate::functions;
use crate::refusal::{Location, Refusal, Refused};
use crate::types::SqlType;

impl Translator<'_, '_> {
    /// `name(arguments)`, whatever kind of function it is.
    pub(super) fn function(&mut self, written: &Written, span: Span) -> Result<Expr, Refusal> {
        let name_span = written.name.span();
        let name = match written.name.0.as_slice() {
            [part] => part.as_ident().map(|ident| match ident.quote_style {
                Some(_) => ident.value.clone(),
                None => ident.value.to_lowercase(),
            }),
            _ => None,
        };
        let Some(name) = name else {
            return Err(Refusal::new(
                Refused::Function,
                format!("there is no function `{}`", written.name),
                name_span,
            ));
        };
        if let Some(expr) = self.window_function(&name, written, name_span)? {
            return Ok(expr);
        }
        if let Some(expr) = self.aggregate_function(&name, written, name_span)? {
            return Ok(expr);
        }
        if written.filter.is_some()
            || !written.within_group.is_empty()
            || written.null_treatment.is_some()
            || !matches!(written.parameters, FunctionArguments::None)
        {
            return Err(Refusal::new(
                Refused::Function,
                format!("`{}` is no aggregate", name.to_uppercase()),
                name_span,
            ));
        }
        let arguments = self.arguments(written, name_span)?;
        match name.as_str() {
            "coalesce" | "ifnull" => return self.coalesce(arguments, name_span),
            "nullif" => return self.nullif(arguments, name_span),
            "greatest" => return self.extreme(Comparison::Greater, arguments, name_span),
            "least" => return self.extreme(Comparison::Less, arguments, name_span),
            "date" | "timestamp" | "text" | "date_part" if arguments.len() == 1 => {
                return Err(Refusal::unsupported(
                    format!("`{}` is no function here", name.to_uppercase()),
                    "write CAST(… AS DATE)",
                    name_span,
                ));
            }
            "concat" | "concat_ws" => {
                let mut texts = Vec::with_capacity(arguments.len());
                for argument in arguments {
                    texts.push(self.as_text(argument, span)?);
                }
                return self.operator(&name, texts, name_span);
            }
            "to_timestamp" => {
                return Err(Refusal::unsupported(
                    "TO_TIMESTAMP gives a moment with a zone, and blocks have none",
                    "write CAST(TO_TIMESTAMP(x, 'YYYY-MM-DD HH24:MI') AS TIMESTAMP), or AS DATE",
                    name_span,
                ));
            }
            "extract" => {
                return Err(Refusal::unsupported(
                    "EXTRACT is written in another way",
                    "write EXTRACT(YEAR FROM x)",
                    name_span,
                ));
            }
            _ => {}
        }
        self.operator(&name, arguments, name_span)
    }

    /// The arguments as expressions.
    pub(super) fn arguments(
        &mut self,
        written: &Written,
        span: Span,
    ) -> Result<Vec<Expr>, Refusal> {
        let mut arguments = Vec::new();
        for argument in asts(written, span)? {
            arguments.push(self.expr(argument)?);
        }
        Ok(arguments)
    }

    /// A function of the table that takes these values.
    pub(super) fn operator(
        &mut self,
        name: &str,
        arguments: Vec<Expr>,
        span: Span,
    ) -> Result<Expr, Refusal> {
        let mut best: Option<(u32, &'static Function)> = None;
        let mut is_certain = true;
        for function in functions::named(name).chain(functions::inner(name)) {
            let Some(distance) = distance(function, &arguments) else {
                continue;
            };
            match best {
                Some((nearest, _)) if nearest < distance => {}
                Some((nearest, _)) if nearest == distance => is_certain = false,
                _ => {
                    best = Some((distance, function));
                    is_certain = true;
                }
            }
        }
        let Some((_, function)) = best else {
            return Err(unknown(name, &arguments, span));
        };
        let is_open = arguments.iter().any(|one| one.kind == SqlType::Any);
        let mut given = Vec::with_capacity(arguments.len());
        let places: Vec<Argument> = function
            .arguments
            .iter()
            .copied()
            .chain(function.more)
            .collect();
        let same: Vec<usize> = (0..arguments.len())
            .filter(|place| places[(*place).min(places.len() - 1)] == Argument::Same)
            .collect();
        let common = match same.as_slice() {
            [] => None,
            same => unified(same.iter().map(|place| arguments[*place].kind)),
        };
        for (place, argument) in arguments.into_iter().enumerate() {
            let wanted = places[place.min(places.len() - 1)];
            let converted = match wanted {
                Argument::Same => common,
                wanted => wanted.converted(argument.kind),
            };
            given.push(match converted {
                Some(kind) => coerced(argument, kind, span)?,
                None => argument,
            });
        }
        let shapes: Vec<_> = given.iter().map(Expr::shape).collect();
        let kind = match function.result {
            _ if is_open && !is_certain => Some(SqlType::Any),
            Gives::Is(kind) => Some(kind),
            Gives::By(rule) if is_open => Some(rule(&shapes).unwrap_or(SqlType::Any)),
            Gives::By(rule) => rule(&shapes),
        };
        let Some(kind) = kind else {
            return Err(unknown(name, &given, span));
        };
        let place = Location::of(span);
        Ok(folded(Expr::new(
            kind,
            Node::Call(Call {
                function,
                arguments: given,
                place,
            }),
        )))
    }

    fn coalesce(&mut self, arguments: Vec<Expr>, span: Span) -> Result<Expr, Refusal> {
        if arguments.is_empty() {
            return Err(Refusal::new(
                Refused::Function,
                "COALESCE needs values",
                span,
            ));
        }
        let (kind, arguments) = alike(arguments, "COALESCE", span)?;
        Ok(folded(Expr::new(kind, Node::Coalesce(arguments))))
    }

    fn nullif(&mut self, arguments: Vec<Expr>, span: Span) -> Result<Expr, Refusal> {
        let [one, other] = <[Expr; 2]>::try_from(arguments)
            .map_err(|_| Refusal::new(Refused::Function, "NULLIF takes two values", span))?;
        // A text in quotes, or NULL, is what the other one is; whole numbers beside decimals are decimals.
        let wanted = match (one.kind, other.kind) {
            (SqlType::Unknown, SqlType::Unknown) => SqlType::Text,
            (SqlType::Unknown, kind) => kind,
            (SqlType::Integer | SqlType::BigInt, SqlType::Numeric(_)) => SqlType::WHOLE,
            (kind, SqlType::Double) if kind.is_number() => SqlType::Double,
            (kind, _) => kind,
        };
        let one = coerced(one, wanted, span)?;
        let one = bounded(one, 2, span)?;
        let same = self.comparison(Comparison::Equal, one.clone(), other, span)?;
        let kind = one.kind;
        let node = match same.node {
            // Computed once, where it is compared as it is.
            Node::Compare(Comparison::Equal, compared, other) if *compared == one => {
                Node::NullIf(compared, other)
            }
            _ => Node::Case {
                branches: vec![(same, Expr::null(kind))],
                otherwise: Box::new(one),
            },
        };
        Ok(folded(Expr::new(kind, node)))
    }

    /// The greatest or least of the values that are not NULL.
    fn extreme(
        &mut self,
        how: Comparison,
        arguments: Vec<Expr>,
        span: Span,
    ) -> Result<Expr, Refusal> {
        if arguments.is_empty() {
            return Err(Refusal::new(Refused::Function, "values are missing", span));
        }
        let (kind, arguments) = alike(arguments, "the list", span)?;
        if kind != SqlType::Interval {
            return Ok(folded(Expr::new(kind, Node::Furthest(how, arguments))));
        }
        // What is compared of intervals is not what they are.
        // Two and two: one after the other, each would stand in all that follow, three times in each.
        let mut best = arguments;
        while best.len() > 1 {
            let mut rest = best.into_iter();
            best = Vec::with_capacity(rest.len().div_ceil(2));
            while let Some(one) = rest.next() {
                best.push(match rest.next() {
                    Some(other) => self.further(how, one, other, span)?,
                    None => one,
                });
            }
        }
        Ok(best.pop().unwrap_or_else(|| Expr::null(kind)))
    }

    /// One of two values: the second when the first is NULL or the second is further.
    fn further(
        &mut self,
        how: Comparison,
        one: Expr,
        other: Expr,
        span: Span,
    ) -> Result<Expr, Refusal> {
        let kind = one.kind;
        let is_further = self.comparison(how, other.clone(), one.clone(), span)?;
        let wins = Expr::new(
            SqlType::Boolean,
            Node::Or(vec![is_further, one.clone().is_null()]),
        );
        let either = Expr::new(
            kind,
            Node::Case {
                branches: vec![(wins, other)],
                otherwise: Box::new(one),
            },
        );
        bounded(folded(either), 1, span)
    }
}

/// The plain arguments of a call.
pub(super) fn asts(written: &Written, span: Span) -> Result<Vec<&Ast>, Refusal> {
    let refused = || {
        Refusal::new(
            Refused::Function,
            format!("`{}` is not called like this", written.name),
            span,
        )
    };
    match &written.args {
        FunctionArguments::None => Ok(Vec::new()),
        FunctionArguments::Subquery(_) => Err(refused().help("put the subquery in parentheses")),
        FunctionArguments::List(list) => list
            .args
            .iter()
            .map(|argument| match argument {
                FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => Ok(expr),
                _ => Err(refused()),
            })
            .collect(),
    }
}

/// How far the values are from what the function takes; `None` when it does not take them.
fn distance(function: &Function, arguments: &[Expr]) -> Option<u32> {
    let least = function.arguments.len();
    if arguments.len() < least || arguments.len() > least && function.more.is_none() {
        return None;
    }
    let kinds = function
        .arguments
        .iter()
        .copied()
        .chain(std::iter::repeat_with(|| {
            function.more.unwrap_or(Argument::Same)
        }));
    let mut sum = 0;
    for (argument, wanted) in arguments.iter().zip(kinds) {
        sum += wanted.distance(argument.shape())?;
    }
    let is_decided = arguments.iter().all(|one| one.kind != SqlType::Any);
    if is_decided && let Gives::By(rule) = function.result {
        let shapes: Vec<_> = arguments.iter().map(Expr::shape).collect();
        rule(&shapes)?;
    }
    Some(sum)
}
