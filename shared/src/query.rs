//! Query strings: parsing, selecting and serializing URL-encoded parameters.

use std::{convert::Infallible, fmt};

use axum::extract::FromRequestParts;
use http::request::Parts;
use url::form_urlencoded;

/// The decoded parameters of a query string or a URL-encoded form, in their order; invalid UTF-8 becomes U+FFFD.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QueryParams(Vec<(String, String)>);

impl QueryParams {
    /// Parses `application/x-www-form-urlencoded` text (WHATWG URL Standard §5.1). Never fails.
    #[must_use]
    pub fn parse(encoded: impl AsRef<[u8]>) -> Self {
        let pairs = form_urlencoded::parse(encoded.as_ref());
        Self(pairs.into_owned().collect())
    }

    /// Returns the first non-blank value among the parameters called `names`: a name, followed by its aliases.
    #[must_use]
    pub fn get(&self, names: &[&str]) -> Option<&str> {
        let value = |name: &&str| {
            let mut pairs = self.pairs();
            pairs.find(|(key, value)| key == name && !value.trim().is_empty())
        };
        names.iter().find_map(value).map(|(_, value)| value)
    }

    /// Returns a copy without the parameters called `names` and without those that have an empty value.
    #[must_use]
    pub fn without(&self, names: &[&str]) -> Self {
        let remaining = self
            .0
            .iter()
            .filter(|(name, value)| !names.contains(&name.as_str()) && !value.is_empty());
        Self(remaining.cloned().collect())
    }

    /// Returns a copy in which the parameter `name` comes last with only `value`, or is absent when `value` is `None`.
    /// Parameters with an empty value are dropped.
    #[must_use]
    pub fn with(&self, name: &str, value: Option<&str>) -> Self {
        let mut query = self.without(&[name]);
        let value = value.map(|value| (name.to_owned(), value.to_owned()));
        query.0.extend(value);
        query
    }

    /// Returns a copy with the first non-blank value of each of the parameters called `names`, in the order of `names`.
    #[must_use]
    pub fn only(&self, names: &[&str]) -> Self {
        let pair = |name: &&str| {
            let value = self.get(&[name])?;
            Some(((*name).to_owned(), value.to_owned()))
        };
        Self(names.iter().filter_map(pair).collect())
    }

    /// Returns whether there are no parameters.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Iterates over the names and values, in their order.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        let pairs = self.0.iter();
        pairs.map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Appends `?` and the query string to `path`; returns `path` alone if there are no parameters.
    #[must_use]
    pub fn append_to(&self, path: &str) -> String {
        if self.is_empty() {
            path.to_owned()
        } else {
            format!("{path}?{self}")
        }
    }
}

/// Renders the URL-encoded query string, without a `?`.
impl fmt::Display for QueryParams {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut encoded = form_urlencoded::Serializer::new(String::new());
        f.write_str(&encoded.extend_pairs(self.pairs()).finish())
    }
}

impl<'a> FromIterator<(&'a str, &'a str)> for QueryParams {
    fn from_iter<I: IntoIterator<Item = (&'a str, &'a str)>>(pairs: I) -> Self {
        let pairs = pairs.into_iter();
        let owned = pairs.map(|(name, value)| (name.to_owned(), value.to_owned()));
        Self(owned.collect())
    }
}

impl IntoIterator for QueryParams {
    type Item = (String, String);
    type IntoIter = std::vec::IntoIter<(String, String)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<S: Send + Sync> FromRequestParts<S> for QueryParams {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::parse(parts.uri.query().unwrap_or_default()))
    }
}

#[cfg(test)]
mod tests {
    use super::QueryParams;

    #[test]
    fn a_parameter_is_replaced_at_the_end() {
        let query = QueryParams::parse("q=rust&city=&state=SP&q=go");
        assert_eq!(query.get(&["city", "state"]), Some("SP"));
        assert_eq!(query.only(&["state", "q"]).to_string(), "state=SP&q=rust");
        assert_eq!(query.with("q", Some("C#")).to_string(), "state=SP&q=C%23");
        assert_eq!(query.with("q", None).append_to("/"), "/?state=SP");
        assert_eq!(query.without(&["q", "state"]).append_to("/"), "/");
    }
}
