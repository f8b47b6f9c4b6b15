//! Sentences about runs that several people share.

use lang::Lang;

/// What a person has to do with a run that others want too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// They asked first.
    First,
    /// They asked for the same while it was under way.
    Joined,
    /// They use the result instead of a run of their own.
    UsesResult,
    /// They have left it, and it goes on for others.
    Left,
    /// They have left it, and since then it has ended or was asked to stop.
    LeftBefore,
    /// They only look on, as administrators may.
    Onlooker,
}

/// Who shares a run, as one of them reads it; `None` when there is nothing to say.
///
/// `first` is who asked first and when, and whether they still want it; `others` is everybody who
/// wants it now, without the reader.
pub(crate) fn sharing(
    part: Part,
    (first, at, first_stays): (&str, &str, bool),
    others: &[&str],
    lang: Lang,
) -> Option<String> {
    let names = list(others, lang);
    let with_others = match lang {
        Lang::Ko => format!("{names} 님과 함께 보는 실행입니다."),
        Lang::En => format!("Shared with {names}."),
    };
    let with_more = (others.len() > usize::from(first_stays)).then(|| with_others.clone());
    Some(match (part, lang) {
        (Part::First, _) => return (!others.is_empty()).then_some(with_others),
        (Part::Joined, Lang::Ko) => join(
            match first_stays {
                true => format!("{first} 님이 {at}에 시작한 같은 실행을 함께 봅니다."),
                false => format!("{first} 님이 {at}에 시작한 같은 실행을 이어서 봅니다."),
            },
            with_more,
        ),
        (Part::Joined, Lang::En) => join(
            match first_stays {
                true => format!("{first} started the same report at {at}; you share the run."),
                false => {
                    format!("{first} started the same report at {at}; you go on with the run.")
                }
            },
            with_more,
        ),
        (Part::UsesResult, Lang::Ko) => {
            format!("{first} 님이 {at}에 실행한 결과를 함께 씁니다.")
        }
        (Part::UsesResult, Lang::En) => {
            format!("{first} ran the same report at {at}; you use that result.")
        }
        (Part::Left, Lang::Ko) => {
            format!("이 실행은 더 이상 보지 않습니다. {names} 님을 위해 계속 실행됩니다.")
        }
        (Part::Left, Lang::En) => {
            format!("You no longer follow this run; it goes on for {names}.")
        }
        (Part::LeftBefore, lang) => left(lang),
        (Part::Onlooker, _) if others.len() < 2 => return None,
        (Part::Onlooker, Lang::Ko) => format!("{names} 님이 함께 보는 실행입니다."),
        (Part::Onlooker, Lang::En) => format!("Shared by {names}."),
    })
}

/// That the reader has left a run, in a list.
pub(crate) fn left(lang: Lang) -> String {
    match lang {
        Lang::Ko => "더 이상 보지 않는 실행입니다.".to_owned(),
        Lang::En => "You no longer follow this run.".to_owned(),
    }
}

/// That the same values were run today already.
pub(crate) fn same_result(at: &str, person: &str, lang: Lang) -> String {
    match lang {
        Lang::Ko => format!("오늘 {at}에 같은 값으로 실행한 결과가 있습니다. ({person})"),
        Lang::En => format!("The same values were run at {at} ({person})."),
    }
}

fn join(sentence: String, more: Option<String>) -> String {
    match more {
        Some(more) => format!("{sentence} {more}"),
        None => sentence,
    }
}

/// `Kim`, `Kim and Lee`, `Kim, Lee and Park`.
pub(crate) fn list(names: &[&str], lang: Lang) -> String {
    match (names, lang) {
        ([start @ .., last], Lang::En) if !start.is_empty() => {
            format!("{} and {last}", start.join(", "))
        }
        _ => names.join(", "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_listed_as_people_say_them() {
        assert_eq!(list(&["Kim"], Lang::En), "Kim");
        assert_eq!(list(&["Kim", "Lee"], Lang::En), "Kim and Lee");
        assert_eq!(list(&["Kim", "Lee", "Park"], Lang::En), "Kim, Lee and Park");
        assert_eq!(list(&["김영업", "박팀장"], Lang::Ko), "김영업, 박팀장");
    }

    #[test]
    fn everybody_reads_their_own_side_of_a_shared_run() {
        let kim = ("Kim", "10:02", true);
        let say = |part, first, others: &[&str]| sharing(part, first, others, Lang::En);
        assert_eq!(say(Part::First, kim, &[]), None);
        assert_eq!(say(Part::First, kim, &["Lee"]).unwrap(), "Shared with Lee.");
        assert_eq!(
            say(Part::Joined, kim, &["Kim"]).unwrap(),
            "Kim started the same report at 10:02; you share the run."
        );
        assert_eq!(
            say(Part::Joined, kim, &["Kim", "Park"]).unwrap(),
            "Kim started the same report at 10:02; you share the run. Shared with Kim and Park."
        );
        assert_eq!(
            say(Part::Joined, ("Kim", "10:02", false), &[]).unwrap(),
            "Kim started the same report at 10:02; you go on with the run."
        );
        assert_eq!(
            say(Part::Left, kim, &["Kim"]).unwrap(),
            "You no longer follow this run; it goes on for Kim."
        );
        assert_eq!(say(Part::Onlooker, kim, &["Kim"]), None);
        assert_eq!(
            say(Part::Onlooker, kim, &["Kim", "Lee"]).unwrap(),
            "Shared by Kim and Lee."
        );
        assert_eq!(
            sharing(Part::Left, kim, &["이분석"], Lang::Ko).unwrap(),
            "이 실행은 더 이상 보지 않습니다. 이분석 님을 위해 계속 실행됩니다."
        );
    }
}
