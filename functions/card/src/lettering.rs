//! How text is set on a picture: which characters the fonts have, how wide they are, where a line ends, and the outlines of
//! the letters. The renderer could set text too, at the cost of 0.85 MiB in a function that may have 8.

use std::{fmt::Write, sync::LazyLock};

use skrifa::{
    FontRef, GlyphId, MetadataProvider, Tag,
    instance::{LocationRef, Size},
    outline::{DrawSettings, OutlinePen},
    raw::{
        ReadError, TableProvider,
        tables::gpos::{PairPos, PositionSubtables},
    },
};

/// A face of the pictures' typeface, Figtree (SIL Open Font License 1.1), which has the letters of every language written
/// in Latin script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Face {
    Medium,
    Bold,
}

static FACES: LazyLock<[Letters; 2]> = LazyLock::new(|| {
    let files: [&'static [u8]; 2] = [
        include_bytes!("../../../static/dist/card-medium.ttf"),
        include_bytes!("../../../static/dist/card-bold.ttf"),
    ];
    files.map(|file| {
        let font = FontRef::new(file).expect("the build has put a font there");
        Letters {
            pairs: pairs(&font).unwrap_or_default(),
            font,
        }
    })
});

/// A font, and the tables of which two of its letters stand closer together.
struct Letters {
    font: FontRef<'static>,
    pairs: Vec<PairPos<'static>>,
}

/// The tables of the feature `kern`.
fn pairs(font: &FontRef<'static>) -> Result<Vec<PairPos<'static>>, ReadError> {
    let gpos = font.gpos()?;
    let (features, lookups) = (gpos.feature_list()?, gpos.lookup_list()?);
    let mut found = Vec::new();
    let mut places = Vec::new();
    for record in features.feature_records() {
        if record.feature_tag() == Tag::new(b"kern") {
            let feature = record.feature(features.offset_data())?;
            places.extend(
                feature
                    .lookup_list_indices()
                    .iter()
                    .map(|place| place.get()),
            );
        }
    }
    places.sort_unstable();
    places.dedup();
    for place in places {
        if let PositionSubtables::Pair(tables) = lookups.lookups().get(place.into())?.subtables()? {
            found.extend(tables.iter().flatten());
        }
    }
    Ok(found)
}

impl Letters {
    /// The shape of each character that has one.
    fn shapes<'a>(&'a self, text: &'a str) -> impl Iterator<Item = GlyphId> + 'a {
        let letters = self.font.charmap();
        text.chars().filter_map(move |c| letters.map(c))
    }

    /// How much further apart than their widths say these two stand, in the font's units; mostly less than nothing.
    fn kern(&self, left: GlyphId, right: GlyphId) -> i16 {
        let found = self.pairs.iter().find_map(|table| match table {
            PairPos::Format1(table) => {
                let place = table.coverage().ok()?.get(left)?;
                let pairs = table.pair_sets().get(place.into()).ok()?;
                let mut pairs = pairs.pair_value_records().iter().flatten();
                let pair = pairs.find(|pair| GlyphId::from(pair.second_glyph()) == right)?;
                Some(pair.value_record1().x_advance().unwrap_or_default())
            }
            PairPos::Format2(table) => {
                table.coverage().ok()?.get(left)?;
                let row = table.class_def1().ok()?.get(left);
                let column = table.class_def2().ok()?.get(right);
                let row = table.class1_records().get(row.into()).ok()?;
                let pair = row.class2_records().get(column.into()).ok()?;
                Some(pair.value_record1().x_advance().unwrap_or_default())
            }
        });
        found.unwrap_or_default()
    }

    /// Where each shape stands when the text is set at this size, and where it ends.
    fn places(&self, text: &str, size: f32) -> (Vec<(GlyphId, f32)>, f32) {
        let metrics = self
            .font
            .glyph_metrics(Size::new(size), LocationRef::default());
        let units = self.font.head().map_or(1000, |head| head.units_per_em());
        let (mut x, mut before) = (0.0, None);
        let mut places = Vec::new();
        for shape in self.shapes(text) {
            if let Some(before) = before {
                x += f32::from(self.kern(before, shape)) * size / f32::from(units);
            }
            places.push((shape, x));
            x += metrics.advance_width(shape).unwrap_or_default();
            before = Some(shape);
        }
        (places, x)
    }
}

/// Writes outlines as the path of an SVG, from where the text begins.
struct Pen {
    path: String,
    x: f32,
    baseline: f32,
}

impl Pen {
    fn draw(&mut self, command: char, points: &[(f32, f32)]) {
        self.path.push(command);
        for (x, y) in points {
            // A string takes whatever is written.
            let _ = write!(self.path, "{:.1} {:.1} ", self.x + x, self.baseline - y);
        }
    }
}

impl OutlinePen for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.draw('M', &[(x, y)]);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.draw('L', &[(x, y)]);
    }

    fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
        self.draw('Q', &[(cx, cy), (x, y)]);
    }

    fn curve_to(&mut self, cx0: f32, cy0: f32, cx1: f32, cy1: f32, x: f32, y: f32) {
        self.draw('C', &[(cx0, cy0), (cx1, cy1), (x, y)]);
    }

    fn close(&mut self) {
        self.path.push('Z');
    }
}

/// How often the width of lines is halved to find the narrowest: to some 10 pixels.
const HALVINGS: usize = 7;
/// What stands for what does not fit.
const ELLIPSIS: char = '…';

impl Face {
    fn letters(self) -> &'static Letters {
        match self {
            Self::Medium => &FACES[0],
            Self::Bold => &FACES[1],
        }
    }

    /// The text in one line without what this face cannot show: an emoji, a script of its own, marks without a shape.
    pub(crate) fn shown(self, text: &str) -> String {
        let letters = self.letters().font.charmap();
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

    /// How wide the text is at this size, in pixels.
    pub(crate) fn width(self, text: &str, size: f32) -> f32 {
        self.letters().places(text, size).1
    }

    /// The outlines of the text at this size, as the path of an SVG that begins at this point of its baseline.
    pub(crate) fn path(self, text: &str, size: f32, x: f32, baseline: f32) -> String {
        let letters = self.letters();
        let outlines = letters.font.outline_glyphs();
        let mut pen = Pen {
            path: String::new(),
            x,
            baseline,
        };
        for (shape, place) in letters.places(text, size).0 {
            let settings = DrawSettings::unhinted(Size::new(size), LocationRef::default());
            pen.x = x + place;
            if let Some(outline) = outlines.get(shape) {
                // A shape that cannot be drawn leaves its place empty.
                let _ = outline.draw(settings, &mut pen);
            }
        }
        pen.path
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
