//! The security headers of a route's responses: content security policy, CORS, referrer and embedding policies.

use http::{HeaderMap, HeaderName, HeaderValue, header};

use crate::routes::{Audience, Framing, Route};

/// Content security policy (CSP Level 3) of most pages: scripts and styles only from the site itself and none inline,
/// no frames, forms only to the site. Bootstrap's styles contain icons as `data:` URLs.
const CONTENT_SECURITY_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; manifest-src 'self'; \
     form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
);
/// Content security policy of pages that any site may frame: no scripts, no forms.
const FRAMED_SECURITY_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors *",
);
/// Value of `Permissions-Policy`: the browser features that no page uses.
const PERMISSIONS_POLICY: HeaderValue = HeaderValue::from_static(
    "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
);
const PERMISSIONS_POLICY_NAME: HeaderName = HeaderName::from_static("permissions-policy");
const OPENER_POLICY_NAME: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const RESOURCE_POLICY_NAME: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
const ROBOTS_TAG_NAME: HeaderName = HeaderName::from_static("x-robots-tag");

/// Maximum time that browsers may cache the response to a preflight request, in seconds.
const PREFLIGHT_MAX_AGE: HeaderValue = HeaderValue::from_static("86400");

/// Sets the headers that restrict how browsers may use the response. `is_readable_cross_origin` is whether scripts of
/// other sites may read the response.
pub(super) fn set_security_headers(
    headers: &mut HeaderMap,
    route: Option<&Route>,
    is_readable_cross_origin: bool,
    is_https: bool,
) {
    let framing = route.map_or(Framing::Deny, |route| route.framing);
    let resource_policy = if is_readable_cross_origin || framing != Framing::Deny {
        "cross-origin"
    } else {
        "same-origin"
    };
    let content_policy = match framing {
        Framing::Anyone => FRAMED_SECURITY_POLICY,
        Framing::Deny | Framing::Image => CONTENT_SECURITY_POLICY,
    };
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    headers.insert(header::CONTENT_SECURITY_POLICY, content_policy);
    headers.insert(PERMISSIONS_POLICY_NAME, PERMISSIONS_POLICY);
    headers.insert(OPENER_POLICY_NAME, HeaderValue::from_static("same-origin"));
    headers.insert(
        RESOURCE_POLICY_NAME,
        HeaderValue::from_static(resource_policy),
    );
    if is_https {
        headers.insert(
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=31536000"),
        );
    }
    if is_readable_cross_origin {
        allow_cross_origin_reads(headers);
    }
    if route.is_some_and(|route| route.has_token() && route.audience == Audience::OneVisitor) {
        hide_url(headers);
    }
}

fn allow_cross_origin_reads(headers: &mut HeaderMap) {
    headers.insert(
        header::ACCESS_CONTROL_ALLOW_ORIGIN,
        HeaderValue::from_static("*"),
    );
    headers.insert(
        header::ACCESS_CONTROL_EXPOSE_HEADERS,
        HeaderValue::from_static("ETag, Link, X-Request-Id"),
    );
}

/// Sets the headers of a response whose URL contains an edit token: other sites and search engines must not receive the
/// URL, not even from errors and redirects.
fn hide_url(headers: &mut HeaderMap) {
    headers.insert(
        header::REFERRER_POLICY,
        HeaderValue::from_static("no-referrer"),
    );
    headers.insert(ROBOTS_TAG_NAME, HeaderValue::from_static("noindex"));
}

/// Sets the headers of a CORS preflight response (Fetch standard): any site may send GET and HEAD without credentials.
pub(super) fn set_preflight_headers(headers: &mut HeaderMap) {
    headers.insert(
        header::ACCESS_CONTROL_ALLOW_ORIGIN,
        HeaderValue::from_static("*"),
    );
    headers.insert(
        header::ACCESS_CONTROL_ALLOW_METHODS,
        HeaderValue::from_static("GET, HEAD"),
    );
    headers.insert(
        header::ACCESS_CONTROL_ALLOW_HEADERS,
        HeaderValue::from_static("*"),
    );
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, PREFLIGHT_MAX_AGE);
}
