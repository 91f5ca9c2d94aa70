//! The pages: what each shows, as a struct that names its template. Text comes from `templates/locales`, markup from
//! `templates/*.hbs`; nothing here queries the database.

mod admin;
pub mod assets;
mod card_text;
pub(crate) mod dates;
mod docs;
mod embed;
mod error;
pub(crate) mod event;
pub(crate) mod external_links;
mod form;
pub(crate) mod i18n;
mod list;
mod preview;
mod select_options;
pub(crate) mod subscription;
mod template;
pub(crate) mod view;

pub use self::{
    admin::AdminPage,
    card_text::CardText,
    docs::DocsPage,
    embed::EmbedPage,
    error::ErrorPage,
    event::{CreatedPage, DeletePage, DetailPage},
    form::{CreatePage, EditPage, SpamSuspicion},
    i18n::Lang,
    list::{FilterLink, ListPage, Listing, feed_name},
    preview::{Card, Preview},
    subscription::{Alternate, Subscription},
    view::{ExpiresAt, Page, RenderError, View, day_words},
};
