//! What a person may do with a report.

use report::Report;
use store::Person;

/// Whether the person sees the report in lists and may open its form.
pub fn may_view(person: &Person, report: &Report) -> bool {
    // Whoever may run a report has to see it.
    is_in(person, &report.access.view) || may_run(person, report)
}

/// Whether the person may start it.
pub fn may_run(person: &Person, report: &Report) -> bool {
    is_in(person, &report.access.run)
}

fn is_in(person: &Person, groups: &[String]) -> bool {
    person.is_admin || groups.iter().any(|group| person.groups.contains(group))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(is_admin: bool, groups: &[&str]) -> Person {
        Person {
            id: "1".into(),
            login: "a".to_owned(),
            name: "A".to_owned(),
            password_hash: None,
            is_admin,
            is_disabled: false,
            lang: None,
            groups: groups.iter().map(|group| (*group).to_owned()).collect(),
            attributes: std::collections::BTreeMap::new(),
            created_at: jiff::Timestamp::UNIX_EPOCH,
        }
    }

    fn report(access: &str) -> Report {
        let text = format!(
            "/*--- report\ntitle = \"T\"\n{access}\n---*/\n\n-- name: a\n-- source: shop\nSELECT 1 AS one;\n"
        );
        report::parse("a/b".parse().unwrap(), &text).0.unwrap()
    }

    #[test]
    fn without_access_only_administrators_see_a_report() {
        let closed = report("");
        assert!(!may_view(&person(false, &["sales"]), &closed));
        assert!(may_run(&person(true, &[]), &closed));
    }

    #[test]
    fn seeing_does_not_mean_running_but_running_means_seeing() {
        let report = report("[access]\nview = [\"finance\"]\nrun = [\"sales\"]");
        assert!(may_view(&person(false, &["finance"]), &report));
        assert!(!may_run(&person(false, &["finance"]), &report));
        assert!(may_view(&person(false, &["sales"]), &report));
        assert!(!may_view(&person(false, &["hr"]), &report));
    }
}
