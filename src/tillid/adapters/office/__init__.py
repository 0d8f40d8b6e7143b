"""LibreOffice Writer, kept warm in a box without network and without the host's files."""

from .box import Limits, OfficeBox, OfficeError

__all__ = ["Limits", "OfficeBox", "OfficeError"]
