//! The picture itself: an SVG of the board's mark and colours with the words set in it, drawn as a PNG.

use std::{error::Error, fmt::Write};

use resvg::{
    tiny_skia::{Pixmap, Transform},
    usvg::{Options, Tree},
};
use shared::{
    domain::Status,
    pages::{Card, CardText},
};

use crate::lettering::Face;

// The board's colours, as `static/src/_tokens.scss` has them.
const GROUND: &str = "#2a1766";
const TEXT: &str = "#ffffff";
const MUTED: &str = "#d5c9ff";
const MARK_LEFT: &str = "#5b3cc4";
const MARK_RIGHT: &str = "#f2a51f";
const POSTPONED: &str = "#fff4d6";
const CANCELLED: &str = "#fbe9eb";
const ON_POSTPONED: &str = "#7a4a00";
const ON_CANCELLED: &str = "#b02a37";

/// The distance from the edges, in pixels.
const MARGIN: f32 = 72.0;
/// The width that words have.
const WIDTH: f32 = Card::WIDTH as f32 - 2.0 * MARGIN;
/// The sizes that a title is tried in, the largest first, and how many lines of each there is room for.
const TITLE_SIZES: [(f32, usize); 4] = [(84.0, 2), (70.0, 3), (58.0, 3), (50.0, 4)];
/// The height of a line, by its size.
const LEADING: f32 = 1.14;
/// Where the title begins and what is below it, from the top.
const TITLE_TOP: f32 = 158.0;
const TITLE_BOTTOM: f32 = 412.0;
/// The leaf of the calendar, or where the facts begin without one.
const FACTS_TOP: f32 = 432.0;
const LEAF: f32 = 132.0;

/// The picture with these words, a PNG of 1200 × 630 pixels.
///
/// # Errors
/// When it cannot be drawn, a fault of ours.
pub(crate) fn png(words: &CardText) -> Result<Vec<u8>, Box<dyn Error + Send + Sync>> {
    let tree = Tree::from_str(&svg(words), &Options::default())?;
    let mut pixmap = Pixmap::new(Card::WIDTH, Card::HEIGHT).ok_or("no picture is that small")?;
    resvg::render(&tree, Transform::identity(), &mut pixmap.as_mut());
    Ok(pixmap.encode_png()?)
}

fn svg(words: &CardText) -> String {
    let mut svg = Svg::new();
    svg.mark();
    svg.text(
        Face::Bold,
        34.0,
        TEXT,
        MARGIN + 86.0,
        100.0,
        &fitted(Face::Bold, &words.board, 34.0, 560.0),
    );
    if let Some((status, words)) = &words.status {
        svg.pill(*status, words);
    }
    svg.title(words);
    svg.facts(words);
    svg.end()
}

/// The text as this face shows it, in one line.
fn fitted(face: Face, text: &str, size: f32, width: f32) -> String {
    let lines = face.first_lines(&face.shown(text), size, width, 1);
    lines.into_iter().next().unwrap_or_default()
}

struct Svg(String);

impl Svg {
    fn new() -> Self {
        let (width, height) = (Card::WIDTH, Card::HEIGHT);
        let mut svg = Self(format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\">"
        ));
        svg.add(format_args!(
            "<rect width=\"{width}\" height=\"{height}\" fill=\"{GROUND}\"/>"
        ));
        svg
    }

    fn add(&mut self, element: std::fmt::Arguments<'_>) {
        // A string takes whatever is written.
        let _ = self.0.write_fmt(element);
    }

    fn end(mut self) -> String {
        self.0.push_str("</svg>");
        self.0
    }

    /// The mark as on every page, small beside the name and large behind all else.
    fn mark(&mut self) {
        self.add(format_args!(
            "<circle cx=\"1070\" cy=\"690\" r=\"230\" fill=\"{MARK_LEFT}\" opacity=\"0.5\"/>\
             <circle cx=\"1320\" cy=\"690\" r=\"230\" fill=\"{MARK_RIGHT}\"/>"
        ));
        // `templates/logo.hbs`, with the ground's colour where the two meet.
        self.add(format_args!(
            "<g transform=\"translate({MARGIN} 59) scale(1.75)\"><circle cx=\"14\" cy=\"16\" r=\"13\" fill=\"#8f75ff\"/>\
             <circle cx=\"26\" cy=\"16\" r=\"13\" fill=\"{MARK_RIGHT}\"/>\
             <path d=\"M20 4.47a13 13 0 0 1 0 23.06a13 13 0 0 1 0-23.06z\" fill=\"#ffffff\"/></g>"
        ));
    }

    fn text(&mut self, face: Face, size: f32, fill: &str, x: f32, y: f32, text: &str) {
        let path = face.path(text, size, x, y);
        self.add(format_args!("<path d=\"{path}\" fill=\"{fill}\"/>"));
    }

    /// That the event is not as announced, where nobody overlooks it.
    fn pill(&mut self, status: Status, words: &str) {
        let (ground, text) = match status {
            Status::Cancelled => (CANCELLED, ON_CANCELLED),
            Status::Postponed | Status::Scheduled => (POSTPONED, ON_POSTPONED),
        };
        let size = 34.0;
        let words = fitted(Face::Bold, &words.to_uppercase(), size, 380.0);
        let width = Face::Bold.width(&words, size) + 56.0;
        let x = MARGIN + WIDTH - width;
        self.add(format_args!(
            "<rect x=\"{x}\" y=\"56\" width=\"{width}\" height=\"62\" rx=\"31\" fill=\"{ground}\"/>"
        ));
        self.text(Face::Bold, size, text, x + 28.0, 99.0, &words);
    }

    /// The title as large as it fits, in the middle of its room.
    fn title(&mut self, words: &CardText) {
        let face = Face::Bold;
        let shown = match face.shown(&words.title) {
            // Nothing of it has a shape: an emoji alone, another script.
            nothing if nothing.is_empty() => face.shown(&words.board),
            title => title,
        };
        let fits =
            |(size, lines): &(f32, usize)| Some((*size, face.lines(&shown, *size, WIDTH, *lines)?));
        // One long word is better small than cut.
        let whole = |(size, lines): &(f32, Vec<String>)| {
            let words: Vec<&str> = shown.split(' ').collect();
            let widest = words.iter().map(|word| face.width(word, *size));
            widest.fold(0.0, f32::max) <= WIDTH || lines.is_empty()
        };
        let (smallest, lines_max) = TITLE_SIZES[TITLE_SIZES.len() - 1];
        let (size, lines) = TITLE_SIZES
            .iter()
            .filter_map(fits)
            .find(whole)
            .unwrap_or_else(|| {
                (
                    smallest,
                    face.first_lines(&shown, smallest, WIDTH, lines_max),
                )
            });
        let lines = face.balanced(&shown, size, WIDTH, lines);
        let leading = size * LEADING;
        let height = leading * lines.len() as f32;
        let top = TITLE_TOP + (TITLE_BOTTOM - TITLE_TOP - height) / 2.0;
        let mut baseline = top + size * 0.92;
        for line in &lines {
            self.text(face, size, TEXT, MARGIN, baseline, line);
            baseline += leading;
        }
    }

    /// The day as a leaf of a calendar, and beside it what to know.
    fn facts(&mut self, words: &CardText) {
        let mut x = MARGIN;
        if let Some(leaf) = &words.leaf {
            self.leaf(leaf);
            x += LEAF + 32.0;
        }
        let mut baseline = FACTS_TOP + 38.0;
        for (place, fact) in words.facts.iter().enumerate() {
            let (face, size, fill) = match place {
                0 => (Face::Bold, 36.0, TEXT),
                _ => (Face::Medium, 32.0, MUTED),
            };
            let fact = fitted(face, fact, size, MARGIN + WIDTH - x);
            self.text(face, size, fill, x, baseline, &fact);
            baseline += 46.0;
        }
    }

    fn leaf(&mut self, [month, day, weekday]: &[String; 3]) {
        let (x, y) = (MARGIN, FACTS_TOP);
        self.add(format_args!(
            "<rect x=\"{x}\" y=\"{y}\" width=\"{LEAF}\" height=\"{LEAF}\" rx=\"20\" fill=\"#ffffff\"/>\
             <path d=\"M{x} {band}v-20a20 20 0 0 1 20-20h92a20 20 0 0 1 20 20v20z\" fill=\"{MARK_RIGHT}\"/>",
            band = y + 40.0,
        ));
        let mut centred = |face: Face, size: f32, fill: &str, baseline: f32, text: &str| {
            let text = fitted(face, text, size, LEAF);
            let left = x + (LEAF - face.width(&text, size)) / 2.0;
            self.text(face, size, fill, left, y + baseline, &text);
        };
        centred(Face::Bold, 26.0, GROUND, 30.0, &month.to_uppercase());
        centred(Face::Bold, 58.0, GROUND, 92.0, day);
        centred(Face::Medium, 24.0, MARK_LEFT, 121.0, weekday);
    }
}
