//! The pages: what each shows, as a struct that names its template. Text comes from `templates/locales`, markup from
//! `templates/*.hbs`; nothing here queries the database.

mod admin;
pub mod assets;
mod card_text;
mod date_ranges;
pub(crate) mod dates;
mod docs;
mod embed;
mod error;
pub(crate) mod event;
pub(crate) mod external_links;
mod filter_links;
mod form;
pub(crate) mod i18n;
mod landing_page;
mod list;
mod preview;
mod select_options;
pub(crate) mod subscription;
mod template;
pub(crate) mod view;

pub(crate) use self::view::with_lang;
pub use self::{
    admin::AdminPage,
    card_text::CardText,
    docs::DocsPage,
    embed::EmbedPage,
    error::ErrorPage,
    event::{CreatedPage, DeletePage, DetailPage},
    filter_links::FilterLinks,
    form::{CreatePage, EditPage, SpamSuspicion},
    i18n::Lang,
    landing_page::{LandingPage, resolve_relative_dates},
    list::{FilterLink, ListPage, Listing, feed_name},
    preview::{Card, Preview},
    subscription::{Alternate, Subscription},
    view::{ExpiresAt, Page, RenderError, View},
};
