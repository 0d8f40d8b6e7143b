"""Form definitions as data: loading, static checks, field types, conditions and answers. Stands on the kernel alone."""
