//! The time of day as a template writes it: Python's `strftime`.

use std::fmt::Write;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const DAYS: [&str; 7] = [
    "Sunday",
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
];
const SHORT: usize = 3;

/// A moment on the user's clock. The server has a clock of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LocalTime {
    /// Such as 2026.
    pub year: u32,
    /// 1 is January.
    pub month: u32,
    /// 1 to 31.
    pub day: u32,
    /// 0 is Sunday.
    pub weekday: u32,
    /// 0 to 23.
    pub hour: u32,
    /// 0 to 59.
    pub minute: u32,
    /// 0 to 60.
    pub second: u32,
}

const DAY: u64 = 24 * 60 * 60;
/// Days of four centuries, after which the calendar repeats.
const ERA: u64 = 146_097;
/// Days from the first of March of the year 0 to the first of January 1970.
const BEFORE_1970: u64 = 719_468;

impl LocalTime {
    /// What a clock in UTC shows so many seconds after the first moment of 1970.
    pub fn utc(seconds: u64) -> Self {
        let (days, time) = (seconds / DAY, seconds % DAY);
        // Years that begin with March end with the day that some of them lack.
        let since = days.saturating_add(BEFORE_1970);
        let (era, day) = (since / ERA, since % ERA);
        let year = (day - day / 1_460 + day / 36_524 - day / (ERA - 1)) / 365;
        let day = day - (365 * year + year / 4 - year / 100);
        // The months from March on are the fifths of 153 days, rounded.
        let month = (5 * day + 2) / 153;
        let january = month >= 10;
        let small = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
        Self {
            year: small(era * 400 + year + u64::from(january)),
            month: small(if january { month - 9 } else { month + 3 }),
            day: small(day - (153 * month + 2) / 5 + 1),
            // The first day of 1970 was a Thursday.
            weekday: small((days + 4) % 7),
            hour: small(time / 3_600),
            minute: small(time / 60 % 60),
            second: small(time % 60),
        }
    }

    /// The moment in Python's format codes, those of a date and time without a zone; a code that it
    /// does not know stays as it is.
    pub fn strftime(self, format: &str) -> String {
        let mut out = String::new();
        let mut rest = format;
        while let Some((before, after)) = rest.split_once('%') {
            out.push_str(before);
            let (plain, after) = match after.strip_prefix('-') {
                Some(after) => (true, after),
                None => (false, after),
            };
            let mut chars = after.chars();
            let code = chars.next();
            rest = chars.as_str();
            match code {
                Some(code) if self.code(&mut out, code, plain) => {}
                _ => {
                    out.push('%');
                    out.extend(plain.then_some('-').into_iter().chain(code));
                }
            }
        }
        out + rest
    }

    /// Writes what a code stands for; false if it is unknown.
    fn code(self, out: &mut String, code: char, plain: bool) -> bool {
        let month = at(&MONTHS, self.month.wrapping_sub(1));
        let weekday = at(&DAYS, self.weekday);
        let hour_of_12 = (self.hour + 11) % 12 + 1;
        let (number, width) = match code {
            'Y' => (self.year, 4),
            'y' => (self.year % 100, 2),
            'm' => (self.month, 2),
            'd' => (self.day, 2),
            'H' => (self.hour, 2),
            'I' => (hour_of_12, 2),
            'M' => (self.minute, 2),
            'S' => (self.second, 2),
            'j' => (self.day_of_year(), 3),
            'w' => (self.weekday, 1),
            _ => {
                match code {
                    'B' => out.push_str(month),
                    'b' | 'h' => out.extend(month.chars().take(SHORT)),
                    'A' => out.push_str(weekday),
                    'a' => out.extend(weekday.chars().take(SHORT)),
                    'p' => out.push_str(if self.hour < 12 { "AM" } else { "PM" }),
                    'F' => out.push_str(&self.strftime("%Y-%m-%d")),
                    'T' | 'X' => out.push_str(&self.strftime("%H:%M:%S")),
                    'D' | 'x' => out.push_str(&self.strftime("%m/%d/%y")),
                    'R' => out.push_str(&self.strftime("%H:%M")),
                    'c' => out.push_str(&self.strftime("%a %b %d %H:%M:%S %Y")),
                    '%' => out.push('%'),
                    _ => return false,
                }
                return true;
            }
        };
        let width = if plain { 0 } else { width };
        // A text takes whatever is written to it.
        let _ = write!(out, "{number:0width$}");
        true
    }

    fn day_of_year(self) -> u32 {
        let before = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
        let leap = self.year.is_multiple_of(4)
            && (!self.year.is_multiple_of(100) || self.year.is_multiple_of(400));
        let month = self.month.clamp(1, 12);
        let passed = before.get(month as usize - 1).copied().unwrap_or(0);
        passed + self.day + u32::from(leap && month > 2)
    }
}

fn at(names: &'static [&'static str], index: u32) -> &'static str {
    names.get(index as usize).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_become_what_a_clock_shows() {
        // From Python's `datetime.fromtimestamp(seconds, UTC)`.
        for (seconds, text) in [
            (0, "Thu 1970-01-01 00:00:00"),
            (68_255_999, "Tue 1972-02-29 23:59:59"),
            (951_782_400, "Tue 2000-02-29 00:00:00"),
            (951_868_800, "Wed 2000-03-01 00:00:00"),
            (1_735_689_599, "Tue 2024-12-31 23:59:59"),
            (1_795_563_427, "Tue 2026-11-24 23:37:07"),
            (4_107_542_400, "Mon 2100-03-01 00:00:00"),
        ] {
            assert_eq!(LocalTime::utc(seconds).strftime("%a %F %T"), text);
        }
        // A clock that runs wrong is no reason to panic.
        LocalTime::utc(u64::MAX);
    }

    #[test]
    fn codes_write_what_python_writes() {
        let time = LocalTime {
            year: 2024,
            month: 7,
            day: 6,
            weekday: 6,
            hour: 0,
            minute: 5,
            second: 9,
        };
        // From Python's `datetime(2024, 7, 6, 0, 5, 9).strftime`.
        for (format, text) in [
            ("%d %b %Y", "06 Jul 2024"),
            ("%A, %B %-d", "Saturday, July 6"),
            ("%I:%M %p", "12:05 AM"),
            ("%H:%M:%S|%T|%F", "00:05:09|00:05:09|2024-07-06"),
            ("%j %y %a %w %%", "188 24 Sat 6 %"),
            ("%c", "Sat Jul 06 00:05:09 2024"),
            ("100%", "100%"),
            ("%Q %-Q é%", "%Q %-Q é%"),
        ] {
            assert_eq!(time.strftime(format), text, "{format}");
        }
    }
}
