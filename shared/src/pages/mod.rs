//! The HTML pages of the site. Each has a file with the struct that its template renders. Texts come from
//! `templates/locales`, HTML from `templates/*.hbs`; nothing here queries the database or builds HTTP responses.

mod admin;
mod agenda;
pub(crate) mod alternate;
pub mod assets;
mod card_text;
mod create;
mod created;
mod date_preview;
mod date_ranges;
mod date_text;
mod delete;
mod detail;
mod docs;
mod edit;
mod embed;
mod error;
mod escape;
mod event_cards;
mod event_form;
pub(crate) mod external_links;
mod filter_links;
mod form_field;
mod i18n;
mod landing_page;
pub(crate) mod link_preview;
mod list;
mod page;
pub(crate) mod relative_time;
pub(crate) mod render;
#[cfg(test)]
pub(crate) mod samples;
mod select_options;
mod subscription;
pub(crate) mod summary;
mod template;
mod template_helpers;
pub(crate) mod view;
mod zone_options;

pub(crate) use self::view::with_lang;
pub use self::{
    admin::AdminPage,
    alternate::Alternate,
    card_text::CardText,
    create::{CreatePage, SpamSuspicion},
    created::CreatedPage,
    delete::DeletePage,
    detail::DetailPage,
    docs::DocsPage,
    edit::EditPage,
    embed::EmbedPage,
    error::ErrorPage,
    filter_links::{FilterLink, FilterLinks},
    i18n::Lang,
    landing_page::{LandingPage, resolve_relative_dates},
    link_preview::{Card, LinkPreview},
    list::{
        FilterControls, HiddenField, ListHead, ListPage, ListedEvents, Listing, Paging,
        PlaceFilter, SearchForm, feed_name,
    },
    page::Page,
    render::RenderError,
    subscription::Subscription,
    view::View,
};
