"""Full text on a server of its own: Elasticsearch or OpenSearch behind ``ports.SearchIndex`` (design 7, ADR 0049)."""

from tillid.adapters.elasticsearch.address import Server, server_at
from tillid.adapters.elasticsearch.index import ElasticIndex

__all__ = ["ElasticIndex", "Server", "server_at"]
