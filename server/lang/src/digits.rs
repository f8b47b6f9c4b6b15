//! Digits in groups of three.

/// A whole number with commas between its thousands, as Korean and English both write it.
pub fn grouped(number: u64) -> String {
    grouped_digits(&number.to_string())
}

/// A number in plain digits, such as `-1234567.50`, with commas between its thousands.
pub fn grouped_digits(number: &str) -> String {
    let whole = number.strip_prefix('-').unwrap_or(number);
    let sign = &number[..number.len() - whole.len()];
    let (whole, fraction) = whole.split_at(whole.find('.').unwrap_or(whole.len()));
    let mut text = String::with_capacity(number.len() + whole.len() / 3);
    text.push_str(sign);
    for (position, digit) in whole.chars().enumerate() {
        if position > 0 && (whole.len() - position).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text + fraction
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_separated() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(1_000), "1,000");
        assert_eq!(grouped(1_234_567), "1,234,567");
        assert_eq!(grouped_digits("-1234567.50"), "-1,234,567.50");
        assert_eq!(grouped_digits("-123.4567"), "-123.4567");
        assert_eq!(grouped_digits(""), "");
    }
}
