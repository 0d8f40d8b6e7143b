"""The allocator of the processes that make and check documents: a tenth less time for LibreOffice, a seventh for the validator.

Debian's libjemalloc2, with no more memory than the C library's, for it keeps no addresses. Where it is not installed the loader
says so on a stream that nobody reads, and goes on with the C library's.
"""

ALLOCATOR = {"LD_PRELOAD": "libjemalloc.so.2", "MALLOC_CONF": "narenas:1,retain:false"}
