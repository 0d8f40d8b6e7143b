"""The seal's keys: the ring they hang on, keys in files and in hardware, their certificates, and what an installation trusts."""
