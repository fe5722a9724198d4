"""Problems that other people brought, each with its right value and where that comes from."""
