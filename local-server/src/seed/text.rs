//! Portuguese texts of sample events, generated from the templates in `words.rs`.

use shared::domain::Attendance;

use super::{
    random::Random,
    words::{
        ACTIVITIES, APP_USERS, AUDIENCES, CLOSING_SENTENCES, City, DISTRICTS, FIRST_NAMES, Format,
        IN_PERSON_NOTES, ONLINE_NOTES, SURNAMES, Theme,
    },
};

/// The number of women's names, which are the first names in [`FIRST_NAMES`].
const WOMEN: usize = 28;

/// Generates the description of an event: one to four paragraphs.
pub(super) fn description(
    random: &mut Random,
    format: &Format,
    context: &TextContext,
    attendance: Attendance,
) -> String {
    let notes: &[&[&str]] = match attendance {
        Attendance::InPerson => &[&IN_PERSON_NOTES],
        Attendance::Online => &[&ONLINE_NOTES],
        Attendance::Hybrid => &[&IN_PERSON_NOTES, &ONLINE_NOTES],
    };
    let paragraphs = 1 + random.weighted_index(&[10, 35, 35, 20]);
    let mut text = String::with_capacity(600);
    context.append(random, format.openings, 1, &mut text);
    context.append(random, context.theme.sentences(), 1, &mut text);
    if paragraphs > 2 {
        text.push_str("\n\n");
        let count = random.between(1, 3);
        context.append(random, &ACTIVITIES, count, &mut text);
    }
    if paragraphs > 3 {
        text.push_str("\n\n");
        let count = random.between(1, 3);
        context.append(random, &AUDIENCES, count, &mut text);
    }
    if paragraphs > 1 {
        text.push_str("\n\n");
    }
    for notes in notes {
        let count = random.between(1, 3);
        context.append(random, notes, count, &mut text);
    }
    if paragraphs > 1 {
        context.append(random, &CLOSING_SENTENCES, 1, &mut text);
    }
    text
}

/// Turns `text` into a part of a URL: lower-case letters without accents, digits, and hyphens between words.
pub(super) fn slug(text: &str) -> String {
    let mut slug = String::with_capacity(text.len());
    for letter in text.to_lowercase().chars() {
        match letter {
            'a'..='z' | '0'..='9' => slug.push(letter),
            'á' | 'â' | 'ã' | 'à' => slug.push('a'),
            'é' | 'ê' => slug.push('e'),
            'í' => slug.push('i'),
            'ó' | 'ô' | 'õ' => slug.push('o'),
            'ú' | 'ü' => slug.push('u'),
            'ç' => slug.push('c'),
            _ if slug.ends_with('-') || slug.is_empty() => {}
            _ => slug.push('-'),
        }
    }
    slug
}

/// The values of one sample event that its title, description and other texts have in common.
pub(super) struct TextContext {
    pub(super) city: &'static City,
    pub(super) theme: Theme,
    pub(super) technology: &'static str,
    pub(super) other: &'static str,
    pub(super) topic: &'static str,
    pub(super) challenge: &'static (&'static str, &'static str),
    pub(super) company: &'static str,
    pub(super) group: String,
    pub(super) number: u64,
    pub(super) year: i32,
    pub(super) hours: u64,
    pub(super) seats: u64,
}

impl TextContext {
    /// Fills in a random template of `templates`.
    pub(super) fn render(&self, random: &mut Random, templates: &[&str]) -> String {
        let mut text = String::new();
        self.append(random, templates, 1, &mut text);
        text
    }

    /// Appends `count` random templates (1 or 2, which then differ) to `text`, filled in and separated by spaces.
    fn append(&self, random: &mut Random, templates: &[&str], count: u64, text: &mut String) {
        let mut index = random.below(templates.len() as u64);
        for _ in 0..count {
            if !text.is_empty() && !text.ends_with('\n') {
                text.push(' ');
            }
            self.append_template(random, templates[index as usize], text);
            index = (index + random.between(1, templates.len() as u64)) % templates.len() as u64;
        }
    }

    fn append_template(&self, random: &mut Random, template: &str, text: &mut String) {
        let mut rest = template;
        while let Some((plain, marked)) = rest.split_once(['{', '[']) {
            text.push_str(plain);
            if rest[plain.len()..].starts_with('[') {
                let (choices, after) = marked.split_once(']').unwrap_or((marked, ""));
                let choices: Vec<&str> = choices.split('|').collect();
                let chosen = random.choose_text(&choices);
                self.append_template(random, chosen, text);
                rest = after;
            } else {
                let (name, after) = marked.split_once('}').unwrap_or((marked, ""));
                self.append_value(random, name, text);
                rest = after;
            }
        }
        text.push_str(rest);
    }

    /// Appends the value of the placeholder `name` to `text`.
    fn append_value(&self, random: &mut Random, name: &str, text: &mut String) {
        match name {
            "tech" => text.push_str(self.technology),
            "other" => text.push_str(self.other),
            "and_other" if random.percent(50) => text.extend([" e ", self.other]),
            "and_other_using" if random.percent(50) => text.extend([" em ", self.other]),
            "and_other" | "and_other_using" => {}
            "area" => text.push_str(self.theme.area()),
            "subject" => text.push_str(self.theme.subject()),
            "topic" => text.push_str(self.topic),
            "Topic" => {
                let mut letters = self.topic.chars();
                text.extend(letters.next().into_iter().flat_map(char::to_uppercase));
                text.push_str(letters.as_str());
            }
            "challenge" => text.push_str(self.challenge.0),
            "challenge_words" => text.push_str(self.challenge.1),
            "audience_apps" => text.push_str(random.choose_text(&APP_USERS)),
            "company" => text.push_str(self.company),
            "group" => text.push_str(&self.group),
            "city" => text.push_str(self.city.name),
            "in_city" => {
                text.push_str(if self.city.name == "Rio de Janeiro" {
                    "no "
                } else {
                    "em "
                });
                text.push_str(self.city.name);
            }
            "state" => text.push_str(self.city.state),
            "district" => text.push_str(random.choose_text(&DISTRICTS)),
            "person" => text.extend([
                random.choose_text(&FIRST_NAMES),
                " ",
                random.choose_text(&SURNAMES),
            ]),
            "woman" => text.extend([
                random.choose_text(&FIRST_NAMES[..WOMEN]),
                " ",
                random.choose_text(&SURNAMES),
            ]),
            "surname" => text.push_str(random.choose_text(&SURNAMES)),
            "letter" => text.push_str(random.choose_text(&["A", "B", "C", "D", "E", "F"])),
            "room" => text.push_str(&random.between(1, 1_000).to_string()),
            "number" => text.push_str(&self.number.to_string()),
            "year" => text.push_str(&self.year.to_string()),
            "hours" => text.push_str(&self.hours.to_string()),
            "seats" => text.push_str(&self.seats.to_string()),
            unknown => text.extend(["{", unknown, "}"]),
        }
    }
}
