//! Which of ten shades a token gets, from 0 for the least expected to 9 for the most.

use super::index::Brief;

/// By what tokens are coloured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Colouring {
    /// By probability: ten steps of a tenth.
    #[default]
    Probability,
    /// By rank: the first is expected, the tenth and later are not.
    Rank,
    /// By entropy over the alternatives: how open the place was, whatever came.
    Entropy,
    /// Not at all.
    Plain,
}

impl Colouring {
    /// All of them, as they are offered.
    pub const ALL: [Self; 4] = [Self::Probability, Self::Rank, Self::Entropy, Self::Plain];

    /// The word for it, kept across visits.
    pub fn name(self) -> &'static str {
        match self {
            Self::Probability => "probability",
            Self::Rank => "rank",
            Self::Entropy => "entropy",
            Self::Plain => "none",
        }
    }

    /// The one of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|each| each.name() == name)
    }

    /// What each of the ten shades stands for, the least expected first; neighbours may share one.
    pub fn legend(self) -> Vec<String> {
        match self {
            Self::Plain => Vec::new(),
            Self::Probability => {
                let step = |tenth| match tenth {
                    0 => "< 10%".to_owned(),
                    9 => "≥ 90%".to_owned(),
                    _ => format!("{}–{}%", tenth * 10, tenth * 10 + 10),
                };
                (0..10).map(step).collect()
            }
            Self::Rank => ["≥ 10", "9", "8", "7", "6", "5", "4", "3", "2", "1"]
                .map(str::to_owned)
                .into(),
            Self::Entropy => {
                let bits = |steps: u8| f64::from(steps) * BITS_A_SHADE;
                let step = |shade| match shade {
                    0 => format!("≥ {:.1} bit", bits(9)),
                    9 => format!("< {:.1} bit", bits(1)),
                    _ => format!("{:.1}–{:.1} bit", bits(9 - shade), bits(10 - shade)),
                };
                (0..10).map(step).collect()
            }
        }
    }
}

/// Half a bit a shade: at 4.5 bits there were more than twenty equal ways to go on.
const BITS_A_SHADE: f64 = 0.5;

/// The shade of a token; `None` where what is asked for is not known.
pub fn shade(brief: &Brief, colouring: Colouring) -> Option<u8> {
    let shade = match colouring {
        Colouring::Plain => return None,
        Colouring::Probability => (brief.probability()? * 10.0).floor(),
        Colouring::Rank => 10.0 - brief.rank.least()? as f64,
        Colouring::Entropy => 9.0 - (brief.entropy()? / BITS_A_SHADE).floor(),
    };
    Some(shade.clamp(0.0, 9.0) as u8)
}

#[cfg(test)]
mod tests {
    use super::super::Rank;
    use super::*;

    fn brief(p: f64, rank: Rank, entropy: Option<f64>) -> Brief {
        Brief::new(Some(p.ln()), rank, entropy)
    }

    #[test]
    fn the_expected_is_9_and_the_unexpected_0() {
        let sure = brief(1.0, Rank::Exact(1), Some(0.0));
        let odd = brief(0.001, Rank::AtLeast(21), Some(6.0));
        for colouring in [Colouring::Probability, Colouring::Rank, Colouring::Entropy] {
            assert_eq!(shade(&sure, colouring), Some(9), "{colouring:?}");
            assert_eq!(shade(&odd, colouring), Some(0), "{colouring:?}");
        }
        assert_eq!(shade(&sure, Colouring::Plain), None);
        let second = brief(0.34, Rank::Exact(2), Some(1.2));
        assert_eq!(shade(&second, Colouring::Probability), Some(3));
        assert_eq!(shade(&second, Colouring::Rank), Some(8));
        assert_eq!(shade(&second, Colouring::Entropy), Some(7));
    }

    #[test]
    fn what_is_not_known_has_no_shade() {
        let bare = Brief::new(Some(-0.5), Rank::Unknown, None);
        assert_eq!(shade(&bare, Colouring::Rank), None);
        assert_eq!(shade(&bare, Colouring::Entropy), None);
        let first = Brief::new(None, Rank::Unknown, None);
        assert_eq!(shade(&first, Colouring::Probability), None);
    }

    #[test]
    fn a_legend_has_a_word_for_each_shade_and_names_are_found_again() {
        for colouring in Colouring::ALL {
            assert_eq!(Colouring::named(colouring.name()), Some(colouring));
            let words = colouring.legend().len();
            assert_eq!(words, if colouring == Colouring::Plain { 0 } else { 10 });
        }
        let of = |by: Colouring| [0, 1, 8, 9].map(|shade| by.legend()[shade].clone());
        assert_eq!(
            of(Colouring::Probability),
            ["< 10%", "10–20%", "80–90%", "≥ 90%"]
        );
        assert_eq!(of(Colouring::Rank), ["≥ 10", "9", "2", "1"]);
        assert_eq!(
            of(Colouring::Entropy),
            ["≥ 4.5 bit", "4.0–4.5 bit", "0.5–1.0 bit", "< 0.5 bit"]
        );
    }
}
