"""One module per profile version, each with ``upgrade(setup_tool)``. A step may run again without harm."""
