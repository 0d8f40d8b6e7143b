"""Documents: one working draft, immutable versions, what each reader's copy holds."""
