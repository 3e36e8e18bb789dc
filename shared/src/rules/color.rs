//! The business's own colour, moved as little as needed until it can be read: on light paper towards black, on dark
//! paper towards white. Its hue stays.

use crate::wire::frame::Accent;

/// The contrast that text needs (WCAG 2.2, level AA).
const CONTRAST: f64 = 4.5;

/// What a theme is drawn on and what stands on the accent.
struct Theme {
    /// Every surface that the accent stands on.
    surfaces: [Rgb; 2],
    /// What is read on the accent.
    ink: Rgb,
    /// Where the accent is moved.
    towards: u8,
    /// Loquet's own accent, where the business set none.
    usual: &'static str,
}

type Rgb = [u8; 3];

const LIGHT: Theme = Theme {
    surfaces: [[0xff, 0xff, 0xff], [0xfb, 0xfa, 0xf7]],
    ink: [0xff, 0xff, 0xff],
    towards: 0,
    usual: "#1f6f5c",
};

const DARK: Theme = Theme {
    surfaces: [[0x1a, 0x21, 0x1e], [0x12, 0x17, 0x15]],
    ink: [0x12, 0x17, 0x15],
    towards: 255,
    usual: "#5cbf9f",
};

/// The accents for light and for dark paper, from a colour like `#1f6f5c` or `#abc`. What is no colour becomes
/// Loquet's own.
pub fn accents(color: &str) -> (Accent, Accent) {
    (accent(color, &LIGHT), accent(color, &DARK))
}

/// The text is a colour in the form in which it is kept: `#rrggbb`.
pub fn is_color(text: &str) -> bool {
    text.len() == 7 && rgb_parse(text).is_some()
}

fn accent(color: &str, theme: &Theme) -> Accent {
    let wanted = rgb_parse(color).or_else(|| rgb_parse(theme.usual)).unwrap_or(theme.ink);
    // 255 steps end at black or white, which every surface of their theme can bear.
    let fill = (0..=255)
        .map(|step| moved(wanted, theme.towards, step))
        .find(|fill| {
            let all = theme.surfaces.iter().chain([&theme.ink]);
            all.map(|other| contrast(*fill, *other)).all(|contrast| contrast >= CONTRAST)
        })
        .unwrap_or([theme.towards; 3]);
    Accent { fill: rgb_text(fill), ink: rgb_text(theme.ink) }
}

fn rgb_parse(text: &str) -> Option<Rgb> {
    let digits = text.trim().strip_prefix('#')?;
    let value = |letter: u8| u8::try_from(char::from(letter).to_digit(16)?).ok();
    match *digits.as_bytes() {
        [r, g, b] => {
            Some([value(r)?.checked_mul(17)?, value(g)?.checked_mul(17)?, value(b)?.checked_mul(17)?])
        }
        [a, b, c, d, e, f] => {
            let byte = |high: u8, low: u8| value(high)?.checked_mul(16)?.checked_add(value(low)?);
            Some([byte(a, b)?, byte(c, d)?, byte(e, f)?])
        }
        _ => None,
    }
}

fn rgb_text([r, g, b]: Rgb) -> String {
    format!("#{r:02x}{g:02x}{b:02x}")
}

/// A colour `step` of 255 on its way.
fn moved(from: Rgb, towards: u8, step: u32) -> Rgb {
    from.map(|channel| {
        let kept = u32::from(channel).saturating_mul(255_u32.saturating_sub(step));
        let taken = u32::from(towards).saturating_mul(step);
        u8::try_from(kept.saturating_add(taken).div_euclid(255)).unwrap_or(towards)
    })
}

/// The contrast of two colours, 1 to 21 (WCAG 2.2).
fn contrast(one: Rgb, other: Rgb) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

fn luminance(color: Rgb) -> f64 {
    let [r, g, b] = color.map(|channel| {
        let value = f64::from(channel) / 255.0;
        if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_colour_that_can_be_read_stays_as_it_is() {
        let (light, dark) = accents("#1f6f5c");
        assert_eq!((light.fill.as_str(), light.ink.as_str()), ("#1f6f5c", "#ffffff"));
        assert_ne!(dark.fill, "#1f6f5c", "deep green on dark paper can't be read");
        assert_eq!(accents("#5cbf9f").1.fill, "#5cbf9f");
    }

    #[test]
    fn what_is_no_colour_becomes_the_usual_one() {
        for text in ["", "green", "#12", "#12345", "#gggggg", "#1f6f5c;}", "rgb(1,2,3)", "#ééé"] {
            assert_eq!(accents(text), (accents("#1f6f5c").0, accents("#5cbf9f").1), "{text}");
        }
        assert_eq!(accents("#abc"), accents("#aabbcc"));
    }

    #[test]
    fn contrast_is_as_the_standard_computes_it() {
        assert!((contrast([0; 3], [255; 3]) - 21.0).abs() < 1e-9);
        assert!((contrast([0x77; 3], [255; 3]) - 4.478).abs() < 0.001);
    }

    proptest! {
        #[test]
        fn every_colour_can_be_read_on_both_papers(color: [u8; 3]) {
            let (light, dark) = accents(&rgb_text(color));
            for (accent, theme) in [(light, LIGHT), (dark, DARK)] {
                let (fill, ink) = (rgb_parse(&accent.fill).unwrap(), rgb_parse(&accent.ink).unwrap());
                for other in theme.surfaces.into_iter().chain([ink]) {
                    prop_assert!(contrast(fill, other) >= CONTRAST, "{accent:?}");
                }
            }
        }

        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,12}") {
            accents(&text);
        }
    }
}
