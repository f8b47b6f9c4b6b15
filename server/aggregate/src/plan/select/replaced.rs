//! Expressions with parts replaced.

use crate::expression::{Call, Expr, Node};

/// The expression with parts replaced, from the outside in.
pub(in crate::plan) fn replaced(
    expr: &Expr,
    replace: &mut dyn FnMut(&Expr) -> Option<Expr>,
) -> Expr {
    if let Some(other) = replace(expr) {
        return other;
    }
    let mut one = |part: &Expr| replaced(part, replace);
    let node = match &expr.node {
        Node::Column(_) | Node::Constant(_) => return expr.clone(),
        Node::Call(call) => Node::Call(Call {
            function: call.function,
            arguments: call.arguments.iter().map(one).collect(),
            place: call.place,
        }),
        Node::Cast {
            value,
            limit,
            place,
        } => Node::Cast {
            value: Box::new(one(value)),
            limit: *limit,
            place: *place,
        },
        Node::Case {
            branches,
            otherwise,
        } => Node::Case {
            branches: branches
                .iter()
                .map(|(condition, value)| (one(condition), one(value)))
                .collect(),
            otherwise: Box::new(one(otherwise)),
        },
        Node::Not(value) => Node::Not(Box::new(one(value))),
        Node::IsNull(value) => Node::IsNull(Box::new(one(value))),
        Node::And(parts) => Node::And(parts.iter().map(one).collect()),
        Node::Or(parts) => Node::Or(parts.iter().map(one).collect()),
        Node::Coalesce(parts) => Node::Coalesce(parts.iter().map(one).collect()),
        Node::Furthest(how, parts) => Node::Furthest(*how, parts.iter().map(one).collect()),
        Node::NullIf(a, b) => {
            let a = Box::new(one(a));
            Node::NullIf(a, Box::new(one(b)))
        }
        Node::Compare(how, a, b) => {
            let a = Box::new(one(a));
            Node::Compare(*how, a, Box::new(one(b)))
        }
        Node::In(value, list) => Node::In(Box::new(one(value)), list.clone()),
        Node::Interval(parts) => {
            let [a, b, c] = parts.as_ref();
            Node::Interval(Box::new([one(a), one(b), one(c)]))
        }
        Node::AddInterval {
            value,
            interval,
            place,
        } => {
            let [a, b, c] = interval.as_ref();
            Node::AddInterval {
                value: Box::new(one(value)),
                interval: Box::new([one(a), one(b), one(c)]),
                place: *place,
            }
        }
        Node::Single {
            count,
            value,
            place,
        } => Node::Single {
            count: Box::new(one(count)),
            value: Box::new(one(value)),
            place: *place,
        },
    };
    Expr::new(expr.kind, node)
}
