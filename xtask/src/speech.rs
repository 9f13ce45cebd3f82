//! How xtask speaks: one line for each step, times and byte counts that read well.

use std::time::Duration;

/// Announces a step: what it does and, where it takes minutes, why.
pub fn step(text: &str) {
    println!("==> {text}");
}

/// A time in words, to the second: `1 min 5 s`.
pub fn spent(time: Duration) -> String {
    match (time.as_secs() / 60, time.as_secs() % 60) {
        (0, seconds) => format!("{seconds} s"),
        (minutes, seconds) => format!("{minutes} min {seconds} s"),
    }
}

/// A count with a comma after each three digits: `281,220`.
pub fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_counts_read_well() {
        assert_eq!(spent(Duration::from_millis(4_900)), "4 s");
        assert_eq!(spent(Duration::from_secs(125)), "2 min 5 s");
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(281_220), "281,220");
        assert_eq!(grouped(1_000_000), "1,000,000");
    }
}
