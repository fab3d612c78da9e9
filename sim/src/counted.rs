//! Numbers for people.

/// A whole number with commas between its thousands.
#[must_use]
pub fn grouped(number: impl Into<u128>) -> String {
    let digits = number.into().to_string();
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A number and what it counts.
#[must_use]
pub fn counted(number: u64, what: &str) -> String {
    format!(
        "{} {what}{}",
        grouped(number),
        if number == 1 { "" } else { "s" }
    )
}

#[cfg(test)]
mod tests {
    use super::counted;

    #[test]
    fn thousands_are_grouped_and_one_is_no_plural() {
        let texts = [0, 1, 999, 1_000, 1_234_567].map(|number| counted(number, "state"));
        let expected = [
            "0 states",
            "1 state",
            "999 states",
            "1,000 states",
            "1,234,567 states",
        ];
        assert_eq!(texts, expected);
    }
}
