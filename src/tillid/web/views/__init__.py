"""The views: read the form, call one use case, show the result. No rule lives here."""
