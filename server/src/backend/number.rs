//! Control totals as people read them: exact digits, grouped and in their column's format.

/// Formats plain digits such as `-1234567.5` by a format word; anything else stays as it is.
pub(super) fn format(value: &str, format: &str) -> String {
    let (sign, digits) = value
        .strip_prefix('-')
        .map_or(("", value), |digits| ("-", digits));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let is_number = !whole.is_empty()
        && [whole, fraction]
            .iter()
            .all(|part| part.bytes().all(|b| b.is_ascii_digit()));
    if !is_number {
        return value.to_owned();
    }
    match format {
        "percent1" => {
            let (whole, fraction) = times_hundred(whole, fraction);
            format!("{sign}{}%", fixed(&whole, &fraction, 1))
        }
        "krw" => format!("{sign}₩{}", fixed(whole, fraction, 0)),
        "usd" => format!("{sign}${}", fixed(whole, fraction, 2)),
        "eur" => format!("{sign}€{}", fixed(whole, fraction, 2)),
        "int" => format!("{sign}{}", fixed(whole, fraction, 0)),
        "decimal2" => format!("{sign}{}", fixed(whole, fraction, 2)),
        _ => {
            let fraction = fraction.trim_end_matches('0');
            let dot = if fraction.is_empty() { "" } else { "." };
            format!("{sign}{}{dot}{fraction}", lang::grouped_digits(whole))
        }
    }
}

/// How much larger or smaller, such as `+3.2%`; `None` when the earlier value is zero or unreadable.
pub(super) fn change(now: &str, before: &str) -> Option<String> {
    let (now, before) = (now.parse::<f64>().ok()?, before.parse::<f64>().ok()?);
    // A share of the earlier value, shown with one decimal: doubles are exact enough.
    (before != 0.0 && now.is_finite())
        .then(|| format!("{:+.1}%", (now - before) / before.abs() * 100.0))
}

/// Rounds half up to `places` decimals and groups thousands.
fn fixed(whole: &str, fraction: &str, places: usize) -> String {
    let mut digits: Vec<u8> = whole
        .bytes()
        .chain(fraction.bytes().chain(std::iter::repeat(b'0')).take(places))
        .collect();
    if fraction
        .as_bytes()
        .get(places)
        .is_some_and(|next| *next >= b'5')
    {
        let mut at = digits.len();
        loop {
            if at == 0 {
                digits.insert(0, b'1');
                break;
            }
            at -= 1;
            if digits[at] == b'9' {
                digits[at] = b'0';
            } else {
                digits[at] += 1;
                break;
            }
        }
    }
    let text: String = digits.into_iter().map(char::from).collect();
    let (whole, fraction) = text.split_at(text.len() - places);
    if places == 0 {
        lang::grouped_digits(whole)
    } else {
        format!("{}.{fraction}", lang::grouped_digits(whole))
    }
}

fn times_hundred(whole: &str, fraction: &str) -> (String, String) {
    let moved: String = fraction.chars().chain("00".chars()).take(2).collect();
    let whole = format!("{whole}{moved}");
    let trimmed = whole.trim_start_matches('0');
    let whole = if trimmed.is_empty() { "0" } else { trimmed };
    (
        whole.to_owned(),
        fraction.get(2..).unwrap_or_default().to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn totals_are_grouped_and_rounded_in_their_format() {
        assert_eq!(format("1234567.5", "krw"), "₩1,234,568");
        assert_eq!(format("-1234.005", "usd"), "-$1,234.01");
        assert_eq!(format("999.995", "decimal2"), "1,000.00");
        assert_eq!(format("0.0725", "percent1"), "7.3%");
        assert_eq!(format("1", "percent1"), "100.0%");
        assert_eq!(format("12345.500", "general"), "12,345.5");
        assert_eq!(format("2026-09-03", "date"), "2026-09-03");
        assert_eq!(format("", "int"), "");
    }

    #[test]
    fn a_change_needs_something_to_compare_with() {
        assert_eq!(change("103.2", "100").as_deref(), Some("+3.2%"));
        assert_eq!(change("-50", "-100").as_deref(), Some("+50.0%"));
        assert_eq!(change("1", "0"), None);
        assert_eq!(change("2026-09-03", "1"), None);
    }
}
