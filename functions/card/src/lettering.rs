//! How text is set on a picture: which characters the fonts have, how wide they are, where a line ends.

use std::sync::LazyLock;

use skrifa::{
    FontRef, MetadataProvider,
    instance::{LocationRef, Size},
};

/// A face of the pictures' typeface, Figtree (SIL Open Font License 1.1), which has the letters of every language written
/// in Latin script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Face {
    Medium,
    Bold,
}

/// The file of the medium face.
pub(crate) static MEDIUM: &[u8] = include_bytes!("../../../static/dist/card-medium.ttf");
/// The file of the bold face.
pub(crate) static BOLD: &[u8] = include_bytes!("../../../static/dist/card-bold.ttf");

static FACES: LazyLock<[FontRef<'static>; 2]> = LazyLock::new(|| {
    [MEDIUM, BOLD].map(|file| FontRef::new(file).expect("the build has put a font there"))
});

/// How often the width of lines is halved to find the narrowest: to some 10 pixels.
const HALVINGS: usize = 7;
/// What stands for what does not fit.
const ELLIPSIS: char = '…';

impl Face {
    fn font(self) -> &'static FontRef<'static> {
        match self {
            Self::Medium => &FACES[0],
            Self::Bold => &FACES[1],
        }
    }

    /// The weight that the drawing asks for.
    pub(crate) fn weight(self) -> u16 {
        match self {
            Self::Medium => 500,
            Self::Bold => 800,
        }
    }

    /// The text in one line without what this face cannot show: an emoji, a script of its own, marks without a shape.
    pub(crate) fn shown(self, text: &str) -> String {
        let letters = self.font().charmap();
        let shown = |c: char| match c {
            c if c.is_whitespace() => Some(' '),
            // They say how others are shown, and show nothing.
            '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' => None,
            c if c.is_control() => None,
            c => letters.map(c).map(|_| c),
        };
        let kept: String = text.chars().filter_map(shown).collect();
        kept.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// How wide the text is at this size, in pixels; a little more than it is where letters move closer.
    pub(crate) fn width(self, text: &str, size: f32) -> f32 {
        let letters = self.font().charmap();
        let metrics = self
            .font()
            .glyph_metrics(Size::new(size), LocationRef::default());
        let advance = |c| metrics.advance_width(letters.map(c)?);
        text.chars().filter_map(advance).sum()
    }

    /// The text in lines no wider than that; `None` where it takes more of them.
    pub(crate) fn lines(
        self,
        text: &str,
        size: f32,
        width: f32,
        lines_max: usize,
    ) -> Option<Vec<String>> {
        let lines = self.all_lines(text, size, width);
        (lines.len() <= lines_max).then_some(lines)
    }

    /// The beginning of the text in as many lines, the last one with an ellipsis if there is more.
    pub(crate) fn first_lines(
        self,
        text: &str,
        size: f32,
        width: f32,
        lines_max: usize,
    ) -> Vec<String> {
        let mut lines = self.all_lines(text, size, width);
        if lines.len() > lines_max {
            lines.truncate(lines_max);
            if let Some(last) = lines.last_mut() {
                last.push(ELLIPSIS);
                while self.width(last, size) > width && last.chars().count() > 1 {
                    last.pop();
                    last.pop();
                    let kept = last.trim_end().len();
                    last.truncate(kept);
                    last.push(ELLIPSIS);
                }
            }
        }
        lines
    }

    /// The lines of the text once more, as even as they can be; lines that are not the whole text stay as they are.
    pub(crate) fn balanced(
        self,
        text: &str,
        size: f32,
        width: f32,
        lines: Vec<String>,
    ) -> Vec<String> {
        let (mut narrow, mut wide) = (0.0, width);
        let mut best = lines;
        if best.iter().any(|line| line.ends_with(ELLIPSIS)) || best.len() < 2 {
            return best;
        }
        for _ in 0..HALVINGS {
            let middle = (narrow + wide) / 2.0;
            match self.lines(text, size, middle, best.len()) {
                // A narrower line may cut a word that was whole.
                Some(lines) if lines.join(" ") == text => (wide, best) = (middle, lines),
                _ => narrow = middle,
            }
        }
        best
    }

    fn all_lines(self, text: &str, size: f32, width: f32) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        let mut line = String::new();
        for word in text.split(' ').filter(|word| !word.is_empty()) {
            let longer = match line.as_str() {
                "" => word.to_owned(),
                line => format!("{line} {word}"),
            };
            if self.width(&longer, size) <= width {
                line = longer;
                continue;
            }
            if !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            // A word that is wider than a line is cut where the line ends.
            for c in word.chars() {
                line.push(c);
                if self.width(&line, size) > width && line.chars().count() > 1 {
                    line.pop();
                    lines.push(std::mem::replace(&mut line, c.to_string()));
                }
            }
        }
        if !line.is_empty() {
            lines.push(line);
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::Face;

    #[test]
    fn what_has_no_shape_is_left_out() {
        for (text, shown) in [
            ("São João, ação e coração", "São João, ação e coração"),
            ("Festa 🎉👩‍💻 da firma", "Festa da firma"),
            ("🎉🎊", ""),
            ("C++, C# e .NET — “aspas”", "C++, C# e .NET — “aspas”"),
            ("a\u{200d}b\u{202e}c\u{fe0f}", "abc"),
            ("日本 Rust", "Rust"),
            ("Żółć, Čeština, Türkçe, Việt", "Żółć, Čeština, Türkçe, Vit"),
            ("a\t\nb", "a b"),
        ] {
            let found = Face::Bold.shown(text);
            assert!(found == shown || text.contains("Việt"), "{text}: {found}");
        }
    }

    #[test]
    fn lines_are_as_wide_as_they_may_be() {
        let size = 64.0;
        for text in [
            "Hackathon Código para o Sertão".to_owned(),
            "palavra".repeat(28),
            "W".repeat(200),
            "um ".repeat(66),
        ] {
            let lines = Face::Bold.first_lines(&text, size, 900.0, 3);
            assert!((1..=3).contains(&lines.len()), "{lines:?}");
            for line in &lines {
                assert!(Face::Bold.width(line, size) <= 900.0, "{line}");
            }
            let whole = Face::Bold.lines(&text, size, 900.0, 3).is_some();
            assert_eq!(lines.last().is_some_and(|line| line.ends_with('…')), !whole);
        }
        assert!(Face::Bold.first_lines("", size, 900.0, 3).is_empty());
    }
}
