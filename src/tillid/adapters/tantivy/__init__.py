"""Full text on one machine: tantivy in this process behind ``ports.SearchIndex`` (design 7)."""

from tillid.adapters.tantivy.index import SearchLocked, SearchUnavailable, TantivyIndex

__all__ = ["SearchLocked", "SearchUnavailable", "TantivyIndex"]
