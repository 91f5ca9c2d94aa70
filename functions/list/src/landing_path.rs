//! The extractor that finds the landing page of a request's path.

use std::collections::HashMap;

use axum::extract::FromRequestParts;
use http::request::Parts;
use shared::{
    http::{Error, Path},
    pages::LandingPage,
    routes::{links, paths},
};

/// The landing page of a request's path in any spelling. If it is for a city, its city name is the slug in the path.
pub(crate) struct LandingPath {
    pub(crate) page: LandingPage,
    /// Whether the path has its canonical spelling (lower case, without accents); other spellings are redirected to it.
    pub(crate) is_canonical: bool,
}

/// Extracts the landing page of the request's path, or rejects a path without one with [`Error::NotFound`].
impl<S: Send + Sync> FromRequestParts<S> for LandingPath {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let Path(params) =
            Path::<HashMap<String, String>>::from_request_parts(parts, state).await?;
        let param = |name| params.get(name).map(String::as_str);
        let path = match (param("uf"), param("city"), param("name")) {
            (Some(uf), Some(city), _) => Self::city(uf, city),
            (Some(uf), None, _) => Self::state(uf),
            (None, _, Some(name)) => Self::technology(name),
            (None, _, None) => Self::without_parameters(parts.uri.path()),
        };
        path.ok_or(Error::NotFound)
    }
}

impl LandingPath {
    fn without_parameters(path: &str) -> Option<Self> {
        let page = match path {
            paths::TODAY => LandingPage::Today,
            paths::WEEKEND => LandingPage::Weekend,
            paths::ONLINE => LandingPage::Online,
            _ => return None,
        };
        Some(Self {
            page,
            is_canonical: true,
        })
    }

    fn state(uf: &str) -> Option<Self> {
        let (code, _) = links::brazilian_state(uf)?;
        Some(Self {
            page: LandingPage::State {
                code: code.to_owned(),
            },
            is_canonical: uf == code.to_lowercase(),
        })
    }

    fn city(uf: &str, name: &str) -> Option<Self> {
        let (code, _) = links::brazilian_state(uf)?;
        let slug = links::city_slug(name)?;
        Some(Self {
            is_canonical: uf == code.to_lowercase() && name == slug,
            page: LandingPage::City {
                code: code.to_owned(),
                name: slug,
            },
        })
    }

    fn technology(name: &str) -> Option<Self> {
        let key = links::technology_key(name)?;
        Some(Self {
            is_canonical: name == key,
            page: LandingPage::Technology { name: key },
        })
    }
}
