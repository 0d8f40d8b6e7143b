"""Consent: what is asked, what was answered, what is effective now. Pure rules over events, custody and one moment."""
