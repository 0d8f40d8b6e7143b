"""One file per verb. A use case takes the house (its ports), an identity and plain data; it commits nothing itself."""
