//! Renders a preview image: an SVG with the site's logo, colours and text, rasterized as PNG.

use std::{error::Error, fmt::Write};

use resvg::{
    tiny_skia::{Pixmap, Transform},
    usvg::{Options, Tree},
};
use shared::{
    domain::Status,
    pages::{Card, CardText},
};

use crate::text_layout::Face;

// The site's colours, as `static/src/_tokens.scss` has them.
const BACKGROUND: &str = "#2a1766";
const TEXT: &str = "#ffffff";
const MUTED: &str = "#d5c9ff";
const LOGO_LEFT: &str = "#5b3cc4";
const LOGO_RIGHT: &str = "#f2a51f";
const POSTPONED_BACKGROUND: &str = "#fff4d6";
const CANCELLED_BACKGROUND: &str = "#fbe9eb";
const POSTPONED_TEXT: &str = "#7a4a00";
const CANCELLED_TEXT: &str = "#b02a37";

/// The distance of the text from the edges of the image, in pixels.
const MARGIN: f32 = 72.0;
/// The maximum width of the text, in pixels.
const WIDTH: f32 = Card::WIDTH as f32 - 2.0 * MARGIN;
/// The font sizes of the title in pixels, largest first, each with its maximum number of lines.
const TITLE_SIZES: [(f32, usize); 4] = [(84.0, 2), (70.0, 3), (58.0, 3), (50.0, 4)];
/// The line height, as a multiple of the font size.
const LINE_HEIGHT: f32 = 1.14;
/// The top of the space for the title, in pixels from the top of the image; [`TITLE_BOTTOM`] is its bottom.
const TITLE_TOP: f32 = 158.0;
const TITLE_BOTTOM: f32 = 412.0;
/// The top of the calendar page with the date and of the lines beside it, in pixels from the top of the image.
const FACTS_TOP: f32 = 432.0;
/// The width and height of the calendar page with the date, in pixels.
const DATE_SIZE: f32 = 132.0;

/// Renders `card` as a PNG of 1200 × 630 pixels.
///
/// # Errors
/// When the generated SVG is invalid or the PNG cannot be encoded; either is a defect of the renderer.
pub(crate) fn png(card: &CardText) -> Result<Vec<u8>, Box<dyn Error + Send + Sync>> {
    let tree = Tree::from_str(&svg(card), &Options::default())?;
    let mut pixmap =
        Pixmap::new(Card::WIDTH, Card::HEIGHT).ok_or("the size of the image is zero")?;
    resvg::render(&tree, Transform::identity(), &mut pixmap.as_mut());
    Ok(pixmap.encode_png()?)
}

fn svg(card: &CardText) -> String {
    let mut svg = Svg::new();
    svg.logo();
    svg.text(
        Face::Bold,
        34.0,
        TEXT,
        MARGIN + 86.0,
        100.0,
        &fit_to_width(Face::Bold, &card.app_title, 34.0, 560.0),
    );
    if let Some((status, label)) = &card.status {
        svg.status_label(*status, label);
    }
    svg.title(card);
    svg.facts(card);
    svg.end()
}

/// Returns `text` in one line without unsupported characters, shortened with an ellipsis to at most `width` pixels.
fn fit_to_width(face: Face, text: &str, size: f32, width: f32) -> String {
    let lines = face.first_lines(&face.supported(text), size, width, 1);
    lines.into_iter().next().unwrap_or_default()
}

/// Breaks `title` into lines in the largest font size that fits without cutting a word, else in the smallest size,
/// shortened; returns the size and the lines.
fn title_lines(face: Face, title: &str) -> (f32, Vec<String>) {
    for (size, lines_max) in TITLE_SIZES {
        let widths = title.split(' ').map(|word| face.width(word, size));
        let whole_words = widths.fold(0.0, f32::max) <= WIDTH;
        if let Some(lines) = face.lines(title, size, WIDTH, lines_max)
            && (whole_words || lines.is_empty())
        {
            return (size, lines);
        }
    }
    let (size, lines_max) = TITLE_SIZES[TITLE_SIZES.len() - 1];
    (size, face.first_lines(title, size, WIDTH, lines_max))
}

struct Svg(String);

impl Svg {
    fn new() -> Self {
        let (width, height) = (Card::WIDTH, Card::HEIGHT);
        let mut svg = Self(format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\">"
        ));
        svg.add(format_args!(
            "<rect width=\"{width}\" height=\"{height}\" fill=\"{BACKGROUND}\"/>"
        ));
        svg
    }

    fn add(&mut self, element: std::fmt::Arguments<'_>) {
        // Writing to a string cannot fail.
        let _ = self.0.write_fmt(element);
    }

    fn end(mut self) -> String {
        self.0.push_str("</svg>");
        self.0
    }

    /// Draws the site's logo: small beside the site's name, and large in the background.
    fn logo(&mut self) {
        self.add(format_args!(
            "<circle cx=\"1070\" cy=\"690\" r=\"230\" fill=\"{LOGO_LEFT}\" opacity=\"0.5\"/>\
             <circle cx=\"1320\" cy=\"690\" r=\"230\" fill=\"{LOGO_RIGHT}\"/>"
        ));
        // The paths of `templates/logo.hbs`.
        self.add(format_args!(
            "<g transform=\"translate({MARGIN} 59) scale(1.75)\"><circle cx=\"14\" cy=\"16\" r=\"13\" fill=\"#8f75ff\"/>\
             <circle cx=\"26\" cy=\"16\" r=\"13\" fill=\"{LOGO_RIGHT}\"/>\
             <path d=\"M20 4.47a13 13 0 0 1 0 23.06a13 13 0 0 1 0-23.06z\" fill=\"#ffffff\"/></g>"
        ));
    }

    fn text(&mut self, face: Face, size: f32, fill: &str, x: f32, y: f32, text: &str) {
        let path = face.path(text, size, x, y);
        self.add(format_args!("<path d=\"{path}\" fill=\"{fill}\"/>"));
    }

    /// Draws `label`, the status of a postponed or cancelled event, at the top right.
    fn status_label(&mut self, status: Status, label: &str) {
        let (background, text) = match status {
            Status::Cancelled => (CANCELLED_BACKGROUND, CANCELLED_TEXT),
            Status::Postponed | Status::Scheduled => (POSTPONED_BACKGROUND, POSTPONED_TEXT),
        };
        let size = 34.0;
        let label = fit_to_width(Face::Bold, &label.to_uppercase(), size, 380.0);
        let width = Face::Bold.width(&label, size) + 56.0;
        let x = MARGIN + WIDTH - width;
        self.add(format_args!(
            "<rect x=\"{x}\" y=\"56\" width=\"{width}\" height=\"62\" rx=\"31\" fill=\"{background}\"/>"
        ));
        self.text(Face::Bold, size, text, x + 28.0, 99.0, &label);
    }

    /// Draws the title in the largest font size that fits, vertically centred.
    fn title(&mut self, card: &CardText) {
        let face = Face::Bold;
        let title = match face.supported(&card.title) {
            // The font has none of its characters, such as emoji or another script.
            empty if empty.is_empty() => face.supported(&card.app_title),
            title => title,
        };
        let (size, lines) = title_lines(face, &title);
        let lines = face.balanced(&title, size, WIDTH, lines);
        let line_height = size * LINE_HEIGHT;
        let height = line_height * lines.len() as f32;
        let top = TITLE_TOP + (TITLE_BOTTOM - TITLE_TOP - height) / 2.0;
        let mut baseline = top + size * 0.92;
        for line in &lines {
            self.text(face, size, TEXT, MARGIN, baseline, line);
            baseline += line_height;
        }
    }

    /// Draws the date as a calendar page, and beside it lines of text such as time and place.
    fn facts(&mut self, card: &CardText) {
        let mut x = MARGIN;
        if let Some(date) = &card.calendar_sheet {
            self.date(date);
            x += DATE_SIZE + 32.0;
        }
        let mut baseline = FACTS_TOP + 38.0;
        for (index, fact) in card.facts.iter().enumerate() {
            let (face, size, fill) = match index {
                0 => (Face::Bold, 36.0, TEXT),
                _ => (Face::Medium, 32.0, MUTED),
            };
            let fact = fit_to_width(face, fact, size, MARGIN + WIDTH - x);
            self.text(face, size, fill, x, baseline, &fact);
            baseline += 46.0;
        }
    }

    fn date(&mut self, [month, day, weekday]: &[String; 3]) {
        let (x, y) = (MARGIN, FACTS_TOP);
        self.add(format_args!(
            "<rect x=\"{x}\" y=\"{y}\" width=\"{DATE_SIZE}\" height=\"{DATE_SIZE}\" rx=\"20\" fill=\"#ffffff\"/>\
             <path d=\"M{x} {band}v-20a20 20 0 0 1 20-20h92a20 20 0 0 1 20 20v20z\" fill=\"{LOGO_RIGHT}\"/>",
            band = y + 40.0,
        ));
        let mut centred = |face: Face, size: f32, fill: &str, baseline: f32, text: &str| {
            let text = fit_to_width(face, text, size, DATE_SIZE);
            let left = x + (DATE_SIZE - face.width(&text, size)) / 2.0;
            self.text(face, size, fill, left, y + baseline, &text);
        };
        centred(Face::Bold, 26.0, BACKGROUND, 30.0, &month.to_uppercase());
        centred(Face::Bold, 58.0, BACKGROUND, 92.0, day);
        centred(Face::Medium, 24.0, LOGO_LEFT, 121.0, weekday);
    }
}
