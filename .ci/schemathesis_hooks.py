"""What Schemathesis need not ask."""

import schemathesis


@schemathesis.hook
def filter_query(context, query):
    """Leaves out parameters without a value: the board takes `skip=` of an empty form for none, as browsers mean it, and
    what is no value cannot be a wrong one. Objects and arrays come out as such."""
    values = (query or {}).values()
    return not any(value is None or value in ("", {}, []) for value in values)
