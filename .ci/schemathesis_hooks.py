"""Requests that Schemathesis does not send."""

import schemathesis


@schemathesis.hook
def filter_query(context, query):
    """Excludes parameters with an empty value, which the server ignores because browsers send them for empty form fields.
    Empty objects and arrays are serialized as empty values."""
    values = (query or {}).values()
    return not any(value is None or value in ("", {}, []) for value in values)
