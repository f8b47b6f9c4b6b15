//! "Did you mean …": the known name closest to a misspelt one.

/// The closest of the known names, when it is close enough to be meant: a third of its letters may
/// differ, at least one. Upper and lower case are the same.
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // `regin` means `region`, `x` means nothing.
    let allowed = (name.chars().count() / 3).max(1);
    let name = name.to_lowercase();
    known
        .into_iter()
        .map(|candidate| {
            let distance = strsim::osa_distance(&name, &candidate.to_lowercase());
            (distance, candidate)
        })
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// `did you mean `x`?`, or the whole list after `otherwise`, or nothing when the list is empty.
pub fn suggestion<'a>(
    name: &str,
    known: impl IntoIterator<Item = &'a str> + Clone,
    otherwise: &str,
) -> Option<String> {
    if let Some(close) = nearest(name, known.clone()) {
        return Some(format!("did you mean `{close}`?"));
    }
    let all: Vec<&str> = known.into_iter().collect();
    (!all.is_empty()).then(|| format!("{otherwise}: {}", all.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_name_finds_the_one_that_was_meant() {
        assert_eq!(
            nearest("partiton", ["partition", "cache"]),
            Some("partition")
        );
        assert_eq!(nearest("lable", ["label", "help"]), Some("label"));
        assert_eq!(nearest("region", ["period", "regions"]), Some("regions"));
        assert_eq!(
            nearest("customername", ["CustomerName"]),
            Some("CustomerName")
        );
        assert_eq!(nearest("colour", ["label", "help"]), None);
    }
}
