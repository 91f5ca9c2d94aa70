//! Text layout for preview images: supported characters, widths with kerning, line breaks, and glyph outlines as SVG
//! paths. It replaces the text support of the SVG renderer, which would add 0.85 MiB to the binary.

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

/// The fonts of preview images, by weight. They belong to the typeface Figtree (SIL Open Font License 1.1), which
/// covers languages written in Latin script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Face {
    Medium,
    Bold,
}

static FONTS: LazyLock<[Font; 2]> = LazyLock::new(|| {
    let files: [&'static [u8]; 2] = [
        include_bytes!("../../../static/dist/card-medium.ttf"),
        include_bytes!("../../../static/dist/card-bold.ttf"),
    ];
    files.map(|file| {
        let font = FontRef::new(file).expect("the build writes valid fonts");
        Font {
            kerning: kerning_tables(&font).unwrap_or_default(),
            font,
        }
    })
});

/// A font and its kerning tables.
struct Font {
    font: FontRef<'static>,
    kerning: Vec<PairPos<'static>>,
}

/// Returns the pair adjustment tables of the OpenType feature `kern` of `font`.
fn kerning_tables(font: &FontRef<'static>) -> Result<Vec<PairPos<'static>>, ReadError> {
    let gpos = font.gpos()?;
    let (features, lookups) = (gpos.feature_list()?, gpos.lookup_list()?);
    let mut tables = Vec::new();
    let mut indices = Vec::new();
    for record in features.feature_records() {
        if record.feature_tag() == Tag::new(b"kern") {
            let feature = record.feature(features.offset_data())?;
            indices.extend(
                feature
                    .lookup_list_indices()
                    .iter()
                    .map(|index| index.get()),
            );
        }
    }
    indices.sort_unstable();
    indices.dedup();
    for index in indices {
        if let PositionSubtables::Pair(pairs) = lookups.lookups().get(index.into())?.subtables()? {
            tables.extend(pairs.iter().flatten());
        }
    }
    Ok(tables)
}

impl Font {
    /// Returns the glyphs of the characters in `text`, skipping characters that the font does not have.
    fn glyphs<'a>(&'a self, text: &'a str) -> impl Iterator<Item = GlyphId> + 'a {
        let charmap = self.font.charmap();
        text.chars().filter_map(move |c| charmap.map(c))
    }

    /// Returns the kerning between the glyphs `left` and `right` in font units, mostly negative.
    fn kern(&self, left: GlyphId, right: GlyphId) -> i16 {
        let kern = self.kerning.iter().find_map(|table| match table {
            PairPos::Format1(table) => {
                let index = table.coverage().ok()?.get(left)?;
                let pairs = table.pair_sets().get(index.into()).ok()?;
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
        kern.unwrap_or_default()
    }

    /// Returns the horizontal position of each glyph of `text` at the font size `size`, and the width of the text, in
    /// pixels.
    fn positions(&self, text: &str, size: f32) -> (Vec<(GlyphId, f32)>, f32) {
        let metrics = self
            .font
            .glyph_metrics(Size::new(size), LocationRef::default());
        let units = self.font.head().map_or(1000, |head| head.units_per_em());
        let (mut x, mut previous) = (0.0, None);
        let mut positions = Vec::new();
        for glyph in self.glyphs(text) {
            if let Some(previous) = previous {
                x += f32::from(self.kern(previous, glyph)) * size / f32::from(units);
            }
            positions.push((glyph, x));
            x += metrics.advance_width(glyph).unwrap_or_default();
            previous = Some(glyph);
        }
        (positions, x)
    }
}

/// A pen that converts glyph outlines to the data of an SVG path.
struct Pen {
    path: String,
    x: f32,
    baseline: f32,
}

impl Pen {
    fn draw(&mut self, command: char, points: &[(f32, f32)]) {
        self.path.push(command);
        for (x, y) in points {
            // Writing to a string cannot fail.
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

/// Number of steps of the binary search for the narrowest line width, which makes it precise to about 10 pixels.
const SEARCH_STEPS: usize = 7;
/// The character that ends a shortened text.
const ELLIPSIS: char = '…';

impl Face {
    fn font(self) -> &'static Font {
        match self {
            Self::Medium => &FONTS[0],
            Self::Bold => &FONTS[1],
        }
    }

    /// Returns `text` in one line, without the characters that the font does not have, such as emoji or other scripts.
    pub(crate) fn supported(self, text: &str) -> String {
        let charmap = self.font().font.charmap();
        let supported = |c: char| match c {
            c if c.is_whitespace() => Some(' '),
            // Invisible formatting characters.
            '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' => None,
            c if c.is_control() => None,
            c => charmap.map(c).map(|_| c),
        };
        let text: String = text.chars().filter_map(supported).collect();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Returns the width of `text` at the font size `size`, in pixels.
    pub(crate) fn width(self, text: &str, size: f32) -> f32 {
        self.font().positions(text, size).1
    }

    /// Returns the outlines of `text` at the font size `size`, as the data of an SVG path that starts at (`x`,
    /// `baseline`).
    pub(crate) fn path(self, text: &str, size: f32, x: f32, baseline: f32) -> String {
        let font = self.font();
        let outlines = font.font.outline_glyphs();
        let mut pen = Pen {
            path: String::new(),
            x,
            baseline,
        };
        for (glyph, position) in font.positions(text, size).0 {
            let settings = DrawSettings::unhinted(Size::new(size), LocationRef::default());
            pen.x = x + position;
            if let Some(outline) = outlines.get(glyph) {
                // A glyph with an invalid outline is left blank.
                let _ = outline.draw(settings, &mut pen);
            }
        }
        pen.path
    }

    /// Breaks `text` into lines of at most `width` pixels; `None` if that needs more than `lines_max` lines.
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

    /// Breaks the beginning of `text` into at most `lines_max` lines; the last one ends with an ellipsis if `text` is
    /// longer.
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
                    let length = last.trim_end().len();
                    last.truncate(length);
                    last.push(ELLIPSIS);
                }
            }
        }
        lines
    }

    /// Breaks `text` into as many lines as `lines`, with widths as equal as possible. Returns the `lines` of shortened
    /// text unchanged.
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
        for _ in 0..SEARCH_STEPS {
            let middle = (narrow + wide) / 2.0;
            match self.lines(text, size, middle, best.len()) {
                // The text differs where a narrower line cut a word.
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
            // A word wider than a line is cut at its end.
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
    fn unsupported_characters_are_removed() {
        for (text, expected) in [
            ("São João, ação e coração", "São João, ação e coração"),
            ("Festa 🎉👩‍💻 da firma", "Festa da firma"),
            ("🎉🎊", ""),
            ("C++, C# e .NET — “aspas”", "C++, C# e .NET — “aspas”"),
            ("a\u{200d}b\u{202e}c\u{fe0f}", "abc"),
            ("日本 Rust", "Rust"),
            ("Żółć, Čeština, Türkçe, Việt", "Żółć, Čeština, Türkçe, Vit"),
            ("a\t\nb", "a b"),
        ] {
            let supported = Face::Bold.supported(text);
            assert!(
                supported == expected || text.contains("Việt"),
                "{text}: {supported}"
            );
        }
    }

    #[test]
    fn lines_are_not_wider_than_the_limit() {
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
