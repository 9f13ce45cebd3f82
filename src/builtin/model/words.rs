//! A text as words that can be compared: in small letters and without their endings.

/// Words that say little about what is asked.
const EMPTY: [&str; 75] = [
    "a", "about", "all", "an", "and", "any", "are", "as", "at", "be", "by", "can", "could", "d",
    "did", "do", "does", "don", "for", "from", "give", "has", "have", "how", "i", "if", "in", "is",
    "it", "its", "ll", "m", "make", "may", "me", "my", "no", "of", "on", "one", "or", "please",
    "re", "s", "say", "should", "so", "some", "t", "tell", "than", "that", "the", "there", "they",
    "this", "to", "us", "ve", "want", "was", "we", "what", "when", "which", "who", "why", "will",
    "with", "would", "write", "you", "your", "yours", "yourself",
];

/// Other spellings and other words for the same thing, by their stems.
const SAME: [(&str, &str); 39] = [
    ("advantag", "pro"),
    ("api", "endpoint"),
    ("brief", "short"),
    ("center", "centr"),
    ("color", "colour"),
    ("compar", "difference"),
    ("comparison", "difference"),
    ("creativity", "creativ"),
    ("differ", "difference"),
    ("differenc", "difference"),
    ("explanation", "explain"),
    ("expound", "explain"),
    ("fav", "favourit"),
    ("favorit", "favourit"),
    ("forbid", "ban"),
    ("grey", "gray"),
    ("hiya", "hi"),
    ("js", "javascript"),
    ("longer", "long"),
    ("math", "sum"),
    ("maths", "sum"),
    ("movi", "film"),
    ("novel", "book"),
    ("pic", "picture"),
    ("prevent", "avoid"),
    ("py", "python"),
    ("quick", "fast"),
    ("randomness", "random"),
    ("repetition", "repeat"),
    ("repetitiv", "repeat"),
    ("rhyme", "poem"),
    ("shorten", "short"),
    ("shorter", "short"),
    ("summariz", "summaris"),
    ("summary", "summaris"),
    ("tale", "story"),
    ("ty", "thank"),
    ("u", "you"),
    ("vers", "poem"),
];

/// Numbers in words, from one.
pub const NUMBERS: [&str; 20] = [
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
];

/// Whether a word is a number, in digits or letters.
pub fn is_number(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_digit())
        || NUMBERS
            .iter()
            .skip(1)
            .any(|one| one.starts_with(word) && stem(one) == word)
}

/// Whether a word, or its stem, says little.
pub fn is_empty(word: &str) -> bool {
    EMPTY.binary_search(&word).is_ok()
}

/// The words of a text in small letters; the marks of sums are words of their own.
pub fn plain(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        if c.is_alphanumeric() || c == '_' {
            word.extend(c.to_lowercase());
        } else {
            if !word.is_empty() {
                words.push(std::mem::take(&mut word));
            }
            let next = text.get(at + c.len_utf8()..).unwrap_or_default();
            let digit = |c: char| c.is_ascii_digit();
            let minus = c == '-' && digit(before) && next.trim_start().starts_with(digit);
            if minus || matches!(c, '+' | '*' | '/' | '×' | '÷' | '=') {
                words.push(c.to_string());
            }
        }
        if !c.is_whitespace() {
            before = c;
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// A text in small letters with a space around every word, so that phrases can be found in it.
pub fn spaced(text: &str) -> String {
    format!(" {} ", plain(text).join(" "))
}

/// The words of a text without their endings, those that say little included.
pub fn stems(text: &str) -> impl Iterator<Item = String> {
    plain(text).into_iter().map(|word| {
        let stem = stem(&word);
        let same = SAME.binary_search_by(|(word, _)| (*word).cmp(stem.as_str()));
        same.ok()
            .and_then(|at| SAME.get(at))
            .map_or(stem, |(_, same)| (*same).to_owned())
    })
}

/// The words that say something, without their endings.
pub fn telling(text: &str) -> impl Iterator<Item = String> {
    stems(text).filter(|word| !is_empty(word))
}

/// A word without its ending. The names of parameters, which differ by one letter, stay as they are.
fn stem(word: &str) -> String {
    if is_empty(word) || word.contains('_') || !word.is_ascii() {
        return word.to_owned();
    }
    let cut = |ending: &str, least: usize| {
        let stem = word.strip_suffix(ending)?;
        (stem.len() >= least).then_some(stem)
    };
    if let Some(stem) = cut("ies", 2) {
        return format!("{stem}y");
    }
    let stem = cut("ing", 3)
        .or_else(|| cut("ed", 3))
        .map(|stem| {
            let mut last = stem.bytes().rev();
            let doubled = last.next().is_some_and(|a| last.next() == Some(a));
            match stem.get(..stem.len() - 1) {
                Some(single) if doubled && !stem.ends_with(['l', 's', 'e', 'o']) => single,
                _ => stem,
            }
        })
        .or_else(|| {
            cut("es", 2).filter(|stem| stem.ends_with(['s', 'x', 'z']) || stem.ends_with("ch"))
        })
        .or_else(|| cut("s", 3).filter(|stem| !stem.ends_with('s')))
        .unwrap_or(word);
    let bare = stem.strip_suffix('e').filter(|bare| bare.len() > 2);
    bare.unwrap_or(stem).to_owned()
}

/// Whether one word becomes the other by one slip: a letter too many, too few, another, or two that
/// changed places.
pub fn is_slip(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let same = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    let (a, b) = (
        a.get(same..).unwrap_or_default(),
        b.get(same..).unwrap_or_default(),
    );
    match (a, b) {
        ([first, second, left @ ..], [other, another, right @ ..])
            if left == right && first == another && second == other =>
        {
            true
        }
        ([_, left @ ..], [_, right @ ..]) if left == right => true,
        ([_, left @ ..], right) if left == right => true,
        (left, [_, right @ ..]) => left == right,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_in_order() {
        assert!(EMPTY.is_sorted());
        assert!(SAME.is_sorted());
    }

    #[test]
    fn words_lose_their_endings() {
        assert_eq!(
            telling("What is the cat's favorite of STORIES, writing boxes; repeated stopping less")
                .collect::<Vec<_>>(),
            [
                "cat", "favourit", "story", "writ", "box", "repeat", "stop", "less"
            ]
        );
        assert_eq!(stems("top_logprobs").collect::<Vec<_>>(), ["top_logprobs"]);
        assert_eq!(
            plain("What's 2+2 - gpt-4, 9 - 3?"),
            ["what", "s", "2", "+", "2", "gpt", "4", "9", "-", "3"]
        );
    }

    #[test]
    fn a_slip_is_one_letter() {
        for word in ["tempratur", "temperatture", "temperatuer", "temparature"] {
            let wanted = if word == "tempratur" {
                "temperatur"
            } else {
                "temperature"
            };
            assert!(is_slip(word, wanted), "{word}");
        }
        assert!(!is_slip("story", "storms"));
        assert!(!is_slip("abc", "cba"));
    }
}
